//! The folder that the server serves.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Result;
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

    let name = parts.name;
    let wasm = read(&parts.glue.join(format!("{name}.wasm")))?;
    let wasm_hash = hash(&wasm);
    let js = String::from_utf8(read(&parts.glue.join(format!("{name}.js")))?)
        .map_err(|_| "the glue is not text".to_owned())?
        .replace(
            &format!("{name}_bg.wasm"),
            &format!("{name}.{wasm_hash}.wasm"),
        );
    let css = read(parts.css)?;
    let (js_hash, css_hash) = (hash(js.as_bytes()), hash(&css));
    place(&pkg, &format!("{name}.{wasm_hash}.wasm"), &wasm)?;
    place(&pkg, &format!("{name}.{js_hash}.js"), js.as_bytes())?;
    place(&pkg, &format!("{name}.{css_hash}.css"), &css)?;
    let hashes = format!("js: {js_hash}\nwasm: {wasm_hash}\ncss: {css_hash}\n");
    fs::write(fresh.join("hash.txt"), hashes).map_err(|e| described(&fresh, &e))?;

    let old = beside(parts.out, "old");
    remove(&old)?;
    if parts.out.exists() {
        fs::rename(parts.out, &old).map_err(|e| described(parts.out, &e))?;
    }
    fs::rename(&fresh, parts.out).map_err(|e| described(&fresh, &e))?;
    remove(&old)
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
