//! The site: CSS by Tailwind, the browser's WASM, hashed and compressed assets.
//!
//! The steps and settings are those of `[[workspace.metadata.leptos]]`, which `cargo xtask
//! dev` hands to cargo-leptos. That tool takes over twenty minutes to install, so a release
//! is made here; see docs/decisions/0005-css-pipeline.md for the CSS.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{WASM_PROFILE, WASM_TARGET, cargo};
use crate::place::{Places, list};
use crate::report::Report;
use crate::stamp::{Inputs, unless_fresh};
use crate::{Result, require, shell};

/// `output-name` of the metadata.
pub(crate) const NAME: &str = "baatcheet";

/// `wasm-opt-features` of the metadata.
const WASM_OPT: [&str; 7] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// What the linker leaves in the file for it to be split: which instruction names which function,
/// and a segment for each static, so that what only a chunk uses goes along with it.
const SPLITTABLE: [&str; 2] = [
    "-Clink-arg=--emit-relocs",
    "-Clink-arg=--no-merge-data-segments",
];

/// A finished site.
pub(crate) struct Site {
    /// What the server serves.
    pub(crate) folder: PathBuf,
}

/// Builds what changed and returns the site.
pub(crate) fn build(places: &Places, report: &Report) -> Result<Site> {
    require::c_compiler()?;
    require::wasm_target(places, report)?;
    let modules = require::node_modules(places, report, &places.root)?;
    require::make_folder(&places.parts())?;
    let css = css(places, report, &modules)?;
    let wasm = wasm(places, report)?;
    let bundler = bundler(places, report)?;
    let glue = bindgen(places, report, &bundler, &modules, &wasm)?;
    assemble(places, report, &bundler, &css, &glue)
}

fn css(places: &Places, report: &Report, modules: &Path) -> Result<PathBuf> {
    let input = places.root.join("style/tailwind.css");
    let output = places.parts().join("tailwind.css");
    let inputs = Inputs::of("tailwind --minify")
        .add(&places.root.join("style"))?
        .add(&places.root.join("app/src"))?
        .add(&places.root.join("package-lock.json"))?;
    unless_fresh(&output, inputs, || {
        report.step("css (Tailwind)", || {
            let mut tailwind = Command::new(modules.join(".bin/tailwindcss"));
            tailwind
                .current_dir(&places.root)
                .arg("--input")
                .arg(&input)
                .arg("--output")
                .arg(&output)
                .arg("--minify");
            shell::run_quietly(&mut tailwind, &places.log("tailwind"))
        })
    })?;
    Ok(output)
}

fn wasm(places: &Places, report: &Report) -> Result<PathBuf> {
    report.step("wasm (cargo)", || {
        let mut build = cargo(places, &places.front());
        build.args(["rustc", "--locked", "-p", "frontend", "--lib"]);
        build.args(["--features", "chunks"]);
        build.args(["--target", WASM_TARGET, "--profile", WASM_PROFILE, "--"]);
        build.args(SPLITTABLE);
        shell::run_quietly(&mut build, &places.log("wasm"))
    })?;
    Ok(places
        .front()
        .join(WASM_TARGET)
        .join(WASM_PROFILE)
        .join("frontend.wasm"))
}

/// Builds wasm-bindgen and the packer. They share nothing with the server but the folder.
pub(crate) fn bundler(places: &Places, report: &Report) -> Result<PathBuf> {
    report.step("bundler (cargo)", || {
        let mut build = cargo(places, &places.front());
        build.args(["build", "--locked", "--release", "-p", "bundler"]);
        shell::run_quietly(&mut build, &places.log("bundler"))
    })?;
    Ok(places.front().join("release/bundler"))
}

fn bindgen(
    places: &Places,
    report: &Report,
    bundler: &Path,
    modules: &Path,
    wasm: &Path,
) -> Result<PathBuf> {
    let output = places.parts().join("glue");
    let inputs = Inputs::of(&format!("chunks {}", WASM_OPT.join(" ")))
        .add(wasm)?
        .add(&places.root.join("xtask/bundler"))?
        .add(&places.root.join("package-lock.json"))?;
    unless_fresh(&output, inputs, || {
        if output.exists() {
            std::fs::remove_dir_all(&output).map_err(|e| e.to_string())?;
        }
        report.step("wasm (bindgen)", || {
            let mut bindgen = Command::new(bundler);
            bindgen.arg("bindgen").arg(wasm).arg(&output).arg(NAME);
            shell::run_quietly(&mut bindgen, &places.log("bindgen"))
        })?;
        report.step("wasm (wasm-opt)", || {
            let is_wasm = |file: &PathBuf| file.extension().is_some_and(|end| end == "wasm");
            let optimise = |file: PathBuf| {
                let mut optimise = Command::new(modules.join(".bin/wasm-opt"));
                optimise.args(WASM_OPT).arg(&file).arg("-o").arg(&file);
                let name = file.file_stem().unwrap_or_default().to_string_lossy();
                shell::run_quietly(&mut optimise, &places.log(&format!("wasm-opt-{name}")))
            };
            let size = |file: &PathBuf| std::fs::metadata(file).map_or(0, |it| it.len());
            let mut files: Vec<_> = list(&output).into_iter().filter(is_wasm).collect();
            files.sort_by_key(size);
            // The core takes as long as all the others.
            let core = files.pop();
            std::thread::scope(|scope| {
                let others = scope.spawn(|| files.into_iter().try_for_each(optimise));
                let core = core.map_or(Ok(()), optimise);
                let others = others.join();
                core.and(others.unwrap_or_else(|_| Err("wasm-opt: a thread ended".to_owned())))
            })
        })
    })?;
    Ok(output)
}

fn assemble(
    places: &Places,
    report: &Report,
    bundler: &Path,
    css: &Path,
    glue: &Path,
) -> Result<Site> {
    let folder = places.site();
    let public = places.root.join("public");
    let inputs = Inputs::of("assemble")
        .add(css)?
        .add(glue)?
        .add(&public)?
        .add(&places.root.join("xtask/bundler"))?;
    unless_fresh(&folder, inputs, || {
        report.step("site (hash and compress)", || {
            let mut pack = Command::new(bundler);
            pack.args(["assemble", NAME])
                .args([css, glue, &public, &folder]);
            shell::run_quietly(&mut pack, &places.log("assemble"))
        })
    })?;
    Ok(Site { folder })
}
