//! Hot reload.

use std::path::PathBuf;
use std::process::Command;

use crate::place::Places;
use crate::report::Report;
use crate::{Result, cargo, require, shell, site};

const CARGO_LEPTOS: &str = "0.3.11";

/// Runs `cargo leptos watch` with its tools on the PATH and the server without a database:
/// everything is kept in memory and gone after a restart.
pub(crate) fn dev(places: &Places, report: &Report, args: &[String]) -> Result<()> {
    require::c_compiler()?;
    require::wasm_target(places, report)?;
    let modules = require::node_modules(places, report, &places.root)?;
    let leptos = require::tool(
        places,
        report,
        "cargo-leptos",
        CARGO_LEPTOS,
        // A missing tool is an error then, not a download.
        &["--features", "no_downloads"],
    )?;
    let bindgen = wasm_bindgen(places, report)?;
    let mut path = vec![modules.join(".bin"), bindgen, places.tools().join("bin")];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let path = std::env::join_paths(path).map_err(|e| e.to_string())?;
    let mut watch = Command::new(leptos);
    cargo::clean(&mut watch);
    watch
        .current_dir(&places.root)
        .args(["leptos", "watch"])
        .args(args)
        .env("PATH", path)
        .env("CARGO_TARGET_DIR", places.cache.join("dev"))
        .env("LEPTOS_TAILWIND_VERSION", "v4.3.5");
    shell::run(&mut watch)
}

/// Our own build of wasm-bindgen under the name that cargo-leptos looks for.
fn wasm_bindgen(places: &Places, report: &Report) -> Result<PathBuf> {
    let bundler = site::bundler(places, report)?;
    let folder = places.cache.join("bindgen");
    require::make_folder(&folder)?;
    let program = folder.join("wasm-bindgen");
    std::fs::copy(&bundler, &program)
        .map_err(|e| format!("cannot write {}: {e}", program.display()))?;
    Ok(folder)
}
