//! What must be on the machine, and how to get it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{WASM_TARGET, clean};
use crate::place::Places;
use crate::report::Report;
use crate::{Result, shell};

/// What every build needs: a C compiler, for the cryptography below the database.
pub(crate) fn c_compiler() -> Result<()> {
    if shell::ask(Command::new("cc").arg("--version")).is_some() {
        return Ok(());
    }
    Err("no C compiler found; install one: sudo apt-get install build-essential".to_owned())
}

/// Node 20 or newer with npm, for Tailwind, binaryen and the browser tests.
pub(crate) fn node() -> Result<()> {
    const HOW: &str = "install Node 20 or newer with npm: https://nodejs.org/en/download";
    let version = shell::ask(Command::new("node").arg("--version"))
        .ok_or_else(|| format!("node was not found; {HOW}"))?;
    let major: u32 = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    if major < 20 {
        return Err(format!("node is {version}; {HOW}"));
    }
    shell::ask(Command::new("npm").arg("--version"))
        .map(|_| ())
        .ok_or_else(|| format!("npm was not found; {HOW}"))
}

/// The standard library for the browser; rustup fetches it where it is missing.
pub(crate) fn wasm_target(places: &Places, report: &Report) -> Result<()> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(&places.root).args(["--print", "sysroot"]);
    let sysroot = shell::ask(&mut rustc)
        .ok_or("rustc was not found; install it with rustup: https://rustup.rs")?;
    let library = Path::new(&sysroot).join("lib/rustlib").join(WASM_TARGET);
    if library.is_dir() {
        return Ok(());
    }
    report.step(&format!("rustup target add {WASM_TARGET}"), || {
        let mut rustup = Command::new("rustup");
        rustup
            .current_dir(&places.root)
            .args(["target", "add", WASM_TARGET]);
        shell::run(&mut rustup).map_err(|e| format!("{e}; run `rustup target add {WASM_TARGET}`"))
    })
}

/// Installs the packages of `folder`'s lock file into the cache and links them as
/// `folder/node_modules`, where node and Tailwind look for them.
pub(crate) fn node_modules(places: &Places, report: &Report, folder: &Path) -> Result<PathBuf> {
    node()?;
    let lock = folder.join("package-lock.json");
    let inputs = crate::stamp::Inputs::of("npm ci")
        .add(&lock)?
        .add(&folder.join("package.json"))?;
    let home = places.cache.join("node").join(inputs.digest());
    let modules = home.join("node_modules");
    if !home.join("complete").is_file() {
        report.step(&format!("npm ci ({})", short(places, folder)), || {
            make_folder(&home)?;
            for file in ["package.json", "package-lock.json"] {
                std::fs::copy(folder.join(file), home.join(file))
                    .map_err(|e| format!("cannot copy {file}: {e}"))?;
            }
            let mut npm = Command::new("npm");
            npm.current_dir(&home)
                .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
                .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
            shell::run_quietly(&mut npm, &places.log("npm"))?;
            std::fs::write(home.join("complete"), "").map_err(|e| e.to_string())
        })?;
    }
    link(&modules, &folder.join("node_modules"))?;
    Ok(modules)
}

fn link(target: &Path, link: &Path) -> Result<()> {
    if std::fs::read_link(link).is_ok_and(|now| now == target) {
        return Ok(());
    }
    let described = |e: std::io::Error| format!("cannot link {}: {e}", link.display());
    if link.is_symlink() {
        std::fs::remove_file(link).map_err(described)?;
    } else if link.exists() {
        return Err(format!(
            "{} is in the way: remove it, its content comes from the cache",
            link.display()
        ));
    }
    std::os::unix::fs::symlink(target, link).map_err(described)
}

/// A tool from crates.io in exactly this version, built once into the cache.
///
/// Optimised just enough: the tools run for seconds, building them takes minutes.
pub(crate) fn tool(
    places: &Places,
    report: &Report,
    name: &str,
    version: &str,
    options: &[&str],
) -> Result<PathBuf> {
    let program = places.tools().join("bin").join(name);
    let marker = places.tools().join(format!("{name}.version"));
    let installed = std::fs::read_to_string(&marker).is_ok_and(|text| text == version);
    if installed && program.is_file() {
        return Ok(program);
    }
    report.step(&format!("cargo install {name} {version}"), || {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&places.root);
        clean(&mut cargo);
        cargo
            .args(["install", "--locked", "--force", name, "--version", version])
            .arg("--root")
            .arg(places.tools())
            .args(options)
            .env_remove("CARGO_TARGET_DIR")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        shell::run_quietly(&mut cargo, &places.log(name))?;
        std::fs::write(&marker, version).map_err(|e| e.to_string())
    })?;
    Ok(program)
}

/// Makes a folder and those above it.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| format!("cannot make {}: {e}", folder.display()))
}

fn short(places: &Places, path: &Path) -> String {
    match path.strip_prefix(&places.root) {
        Ok(inside) if !inside.as_os_str().is_empty() => inside.display().to_string(),
        _ => "site".to_owned(),
    }
}
