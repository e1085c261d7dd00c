//! The folder that the server serves.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Result;
use crate::bindgen::LOADER;
use crate::pack::{described, write};

/// What a site is made of.
pub(crate) struct Parts<'a> {
    /// Name of the application, the first part of each file name.
    pub(crate) name: &'a str,
    /// The style sheet.
    pub(crate) css: &'a Path,
    /// What `bindgen` made, after wasm-opt.
    pub(crate) glue: &'a Path,
    /// Files that are served as they are.
    pub(crate) public: &'a Path,
    /// Where the site goes.
    pub(crate) out: &'a Path,
}

/// Makes the site beside its place and then puts it there, so that a running server never
/// sees half of it.
///
/// The names under `pkg/` carry a hash of the content, and `hash.txt` has the hashes in the
/// form that Leptos reads.
pub(crate) fn assemble(parts: &Parts<'_>) -> Result<()> {
    let fresh = beside(parts.out, "new");
    remove(&fresh)?;
    let pkg = fresh.join("pkg");
    let place = |folder: &Path, name: &str, bytes: &[u8]| {
        let file = folder.join(name);
        let before = file.strip_prefix(&fresh).ok().map(|p| parts.out.join(p));
        write(&file, bytes, before.as_deref())
    };

    for (path, bytes) in files(parts.public)? {
        place(&fresh, &path, &bytes)?;
    }
    let snippets = parts.glue.join("snippets");
    for (path, bytes) in files(&snippets)? {
        // Their folder is named after the version of the crate they come from.
        place(&pkg.join("snippets"), &path, &bytes)?;
    }

    let css = read(parts.css)?;
    let css_hash = hash(&css);
    place(&pkg, &format!("{}.{css_hash}.css", parts.name), &css)?;
    let Code { files, core, glue } = link(parts.glue, parts.name)?;
    for (name, bytes) in files {
        place(&pkg, &name, &bytes)?;
    }
    let hashes = format!("js: {glue}\nwasm: {core}\ncss: {css_hash}\n");
    fs::write(fresh.join("hash.txt"), hashes).map_err(|e| described(&fresh, &e))?;

    let old = beside(parts.out, "old");
    remove(&old)?;
    if parts.out.exists() {
        fs::rename(parts.out, &old).map_err(|e| described(parts.out, &e))?;
    }
    fs::rename(&fresh, parts.out).map_err(|e| described(&fresh, &e))?;
    remove(&old)
}

/// What the browser runs, under the names that it is served by.
struct Code {
    /// Names and contents.
    files: Vec<(String, Vec<u8>)>,
    /// The hash in the name of the core.
    core: String,
    /// The hash in the name of the JavaScript that loads it.
    glue: String,
}

/// Gives each file a name with a hash, and each reference the name that it refers to.
fn link(folder: &Path, name: &str) -> Result<Code> {
    let text = |file: &str| {
        String::from_utf8(read(&folder.join(file))?).map_err(|_| format!("{file} is no text"))
    };
    let mut glue = text(&format!("{name}.js"))?;
    let mut loader = text(LOADER)?;
    let mut files = Vec::new();
    let mut core = String::new();
    for (file, bytes) in wasm_files(folder)? {
        let hash = hash(&bytes);
        let served = format!("{file}.{hash}.wasm");
        if file == name {
            glue = glue.replace(&format!("{name}_bg.wasm"), &served);
            core = hash;
        } else {
            loader = replaced(
                &loader,
                &format!("\"./{file}.wasm\""),
                &format!("\"./{served}\""),
            )?;
        }
        files.push((served, bytes));
    }
    // The two import each other, so neither can have a hash of itself alone.
    let both = hash([glue.as_bytes(), loader.as_bytes()].concat().as_slice());
    let loader_name = format!("{name}-chunks.{both}.js");
    let glue_name = format!("{name}.{both}.js");
    // The core asks for the loader by the name it was linked with, which stays.
    let glue = replaced(
        &glue,
        &format!("from \"./{LOADER}\""),
        &format!("from \"./{loader_name}\""),
    )?;
    let loader = replaced(&loader, &format!("./{name}.js"), &format!("./{glue_name}"))?;
    files.push((glue_name, glue.into_bytes()));
    files.push((loader_name, loader.into_bytes()));
    Ok(Code {
        files,
        core,
        glue: both,
    })
}

/// A name that is nowhere would be found out by the first reader who needs the file.
fn replaced(text: &str, from: &str, to: &str) -> Result<String> {
    if text.contains(from) {
        Ok(text.replace(from, to))
    } else {
        Err(format!("nothing refers to {from}"))
    }
}

/// The WebAssembly in a folder, with the names without their ending.
fn wasm_files(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).map_err(|e| described(folder, &e))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.extension().is_some_and(|end| end == "wasm")
            && let Some(stem) = path.file_stem()
        {
            found.push((stem.to_string_lossy().into_owned(), read(&path)?));
        }
    }
    found.sort();
    Ok(found)
}

/// Sixteen hexadecimal digits: 64 bits are plenty to tell the versions of one file apart.
fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn beside(folder: &Path, suffix: &str) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|e| described(folder, &e))?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|e| described(path, &e))
}

/// All files under a folder with their paths relative to it; none if it is not there.
fn files(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if path.is_dir() {
                folders.push(path);
            } else if !hidden && let Ok(inside) = path.strip_prefix(folder) {
                found.push((inside.to_string_lossy().into_owned(), read(&path)?));
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str, loader: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        remove(&folder).unwrap();
        fs::create_dir_all(&folder).unwrap();
        let glue = "import * as chunks from \"./__wasm_split.js\"; load('app_bg.wasm'); \
             imports = { \"./__wasm_split.js\": chunks }";
        fs::write(folder.join("app.js"), glue).unwrap();
        fs::write(folder.join(LOADER), loader).unwrap();
        fs::write(folder.join("app.wasm"), "core").unwrap();
        fs::write(folder.join("split_a.wasm"), "chunk").unwrap();
        folder
    }

    const LOADS: &str = "import { initSync } from \"./app.js\"; fetch(\"./split_a.wasm\")";

    #[test]
    fn every_reference_leads_to_a_file() {
        let folder = folder("links", LOADS);
        let Code { files, core, glue } = link(&folder, "app").unwrap();
        let content = |name: &str| {
            let found = files.iter().find(|(known, _)| known == name);
            String::from_utf8(found.unwrap().1.clone()).unwrap()
        };
        let chunk = hash(b"chunk");
        assert_eq!(content(&format!("app.{core}.wasm")), "core");
        assert_eq!(content(&format!("split_a.{chunk}.wasm")), "chunk");
        let js = content(&format!("app.{glue}.js"));
        assert!(js.contains(&format!("\"./app-chunks.{glue}.js\"")), "{js}");
        assert!(js.contains(&format!("'app.{core}.wasm'")), "{js}");
        assert!(js.contains("{ \"./__wasm_split.js\": chunks }"), "{js}");
        let loader = content(&format!("app-chunks.{glue}.js"));
        assert!(loader.contains(&format!("\"./app.{glue}.js\"")), "{loader}");
        assert!(
            loader.contains(&format!("\"./split_a.{chunk}.wasm\"")),
            "{loader}"
        );
        remove(&folder).unwrap();
    }

    #[test]
    fn both_names_change_with_any_of_the_files() {
        let folder = folder("renames", LOADS);
        let before = link(&folder, "app").unwrap().glue;
        fs::write(folder.join("split_a.wasm"), "another").unwrap();
        assert_ne!(link(&folder, "app").unwrap().glue, before);
        remove(&folder).unwrap();
    }

    #[test]
    fn a_chunk_that_nothing_loads_is_an_error() {
        let folder = folder("lost", "import { initSync } from \"./app.js\"");
        let Err(error) = link(&folder, "app") else {
            panic!("not noticed");
        };
        assert!(error.contains("split_a.wasm"), "{error}");
        remove(&folder).unwrap();
    }
}
