//! Clippy on top of the dependencies that the builds need anyway.
//!
//! `cargo clippy` is `cargo check` with clippy as the compiler of our own crates, and a check
//! cannot use what a build made of the dependencies: the database would be compiled a second
//! time, for its metadata alone. So cargo builds here, and this program stands in for the
//! compiler of our own crates ([`compile`]): it calls clippy, and for metadata only, as a check
//! does. The views alone would take five minutes of machine code that nobody runs.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::cargo::{WASM_PROFILE, WASM_TARGET, cargo};
use crate::place::Places;
use crate::{Result, shell};

/// Set for [`compile`]: where clippy's compiler is.
const DRIVER: &str = "BAATCHEET_CLIPPY_DRIVER";

/// What makes the site of it.
pub(crate) fn bundler(places: &Places) -> Result<()> {
    let mut build = cargo(places, &places.front());
    build.args(["build", "--locked", "--release", "-p", "bundler"]);
    build.arg("--all-targets");
    with_clippy(places, &mut build)?;
    shell::run(&mut build)
}

/// What runs in the browser. As a plain library it is neither linked nor split.
pub(crate) fn browser(places: &Places) -> Result<()> {
    let mut build = cargo(places, &places.front());
    build.args(["rustc", "--locked", "-p", "frontend", "--lib"]);
    build.args(["--crate-type", "rlib", "--features", "chunks"]);
    build.args(["--target", WASM_TARGET, "--profile", WASM_PROFILE]);
    with_clippy(places, &mut build)?;
    shell::run(&mut build)
}

/// The server, the rules, this program, and all their tests.
pub(crate) fn native(places: &Places) -> Result<()> {
    let mut build = crate::cargo::native(places, "test");
    build.arg("--no-run");
    with_clippy(places, &mut build)?;
    shell::run(&mut build)
}

/// Our own crates are compiled by clippy, which knows no warnings.
fn with_clippy(places: &Places, build: &mut Command) -> Result<()> {
    let mut rustup = Command::new("rustup");
    rustup
        .current_dir(&places.root)
        .args(["which", "clippy-driver"]);
    let driver =
        shell::ask(&mut rustup).ok_or("clippy is missing; run: rustup component add clippy")?;
    let myself = std::env::current_exe().map_err(|e| format!("where am I? {e}"))?;
    build
        .env("RUSTC_WORKSPACE_WRAPPER", myself)
        .env(DRIVER, driver)
        .env(
            "CLIPPY_ARGS",
            "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__",
        );
    Ok(())
}

/// If cargo calls this program as a compiler: does its work, and tells how it ended.
pub(crate) fn compile() -> Option<ExitCode> {
    let driver = std::env::var_os(DRIVER)?;
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let without_code = metadata_only(&arguments, &|file| Path::new(file).exists());
    let status = Command::new(&driver).args(&without_code).status();
    Some(match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{} cannot be started: {error}", driver.display());
            ExitCode::FAILURE
        }
    })
}

/// The arguments for a compiler that makes no machine code, and needs none of others.
fn metadata_only(arguments: &[OsString], exists: &dyn Fn(&str) -> bool) -> Vec<OsString> {
    let changed = |argument: &OsString| -> OsString {
        let Some(text) = argument.to_str() else {
            return argument.clone();
        };
        if text.starts_with("--emit=") {
            return "--emit=dep-info,metadata".into();
        }
        match text.strip_suffix(".rlib") {
            Some(library) => {
                let metadata = format!("{library}.rmeta");
                let file = metadata
                    .split_once('=')
                    .map_or(&*metadata, |(_, file)| file);
                if exists(file) {
                    metadata.into()
                } else {
                    argument.clone()
                }
            }
            None => argument.clone(),
        }
    };
    arguments.iter().map(changed).collect()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::metadata_only;

    #[test]
    fn nothing_but_metadata_is_made_and_needed() {
        let given = [
            "rustc",
            "--crate-name=app",
            "--emit=dep-info,link",
            "--extern",
            "chat=/deps/libchat-1.rlib",
            "--extern",
            "old=/deps/libold-2.rlib",
        ]
        .map(OsString::from);
        let exists = |file: &str| file == "/deps/libchat-1.rmeta";
        let expected = [
            "rustc",
            "--crate-name=app",
            "--emit=dep-info,metadata",
            "--extern",
            "chat=/deps/libchat-1.rmeta",
            "--extern",
            "old=/deps/libold-2.rlib",
        ]
        .map(OsString::from);
        assert_eq!(metadata_only(&given, &exists), expected);
    }
}
