//! Everything that can be said about the code without running it.

use std::process::Command;

use crate::cargo::{BUILDERS, RULES, WASM_PROFILE, WASM_TARGET, cargo, native, packages};
use crate::place::Places;
use crate::report::Report;
use crate::{Result, boundary, require, shell};

/// The newest versions when this was written; both build with the pinned toolchain.
const CARGO_DENY: &str = "0.20.2";
const CARGO_MACHETE: &str = "0.9.2";

/// Runs all lints, goes on after a failure, and names what failed.
pub(crate) fn lint(places: &Places, report: &Report) -> Result<()> {
    require::c_compiler()?;
    require::wasm_target(places, report)?;
    let mut failed = Vec::new();
    let mut step = |name: &str, work: &dyn Fn() -> Result<()>| {
        if let Err(error) = report.step(name, work) {
            eprintln!("{error}");
            failed.push(name.to_owned());
        }
    };
    step("format", &|| format(places));
    step("tidy", &|| {
        shell::run(&mut packages(places, "test", ["tidy"]))
    });
    step("boundaries", &|| boundary::check(places).map(|_count| ()));
    step("clippy (rules and tools)", &|| clippy_rules(places));
    step("clippy (browser)", &|| clippy_browser(places));
    step("clippy (server and its tests)", &|| clippy_native(places));
    step("contrast of the themes", &|| contrast(places));
    step("unused dependencies", &|| machete(places, report));
    step("licences, bans and sources", &|| {
        deny(places, report, &["licenses", "bans", "sources"])
    });
    step("advisories", &|| advisories(places, report));
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("lint failed: {}", failed.join(", ")))
    }
}

fn format(places: &Places) -> Result<()> {
    let mut fmt = cargo(places, &places.target());
    fmt.args(["fmt", "--all", "--check"]);
    shell::run(&mut fmt)
}

fn clippy_rules(places: &Places) -> Result<()> {
    let names = RULES.into_iter().chain(BUILDERS);
    let mut clippy = packages(places, "clippy", names);
    clippy.args(["--all-targets", "--", "-D", "warnings"]);
    shell::run(&mut clippy)
}

/// Rides on what the site is built of, as [`clippy_native`] does on the server's: otherwise all
/// that the browser loads would be compiled twice, and all that runs while compiling as well. As
/// a plain library it is neither linked nor split.
fn clippy_browser(places: &Places) -> Result<()> {
    let mut build = cargo(places, &places.front());
    build.args(["rustc", "--locked", "-p", "frontend", "--lib"]);
    build.args(["--crate-type", "rlib", "--features", "chunks"]);
    build.args(["--target", WASM_TARGET, "--profile", WASM_PROFILE]);
    for part in ["", ".package.app"] {
        let setting = format!("profile.{WASM_PROFILE}{part}.opt-level=0");
        build.args(["--config", &setting]);
    }
    with_clippy(places, &mut build)?;
    shell::run(&mut build)
}

/// `cargo clippy` is `cargo check` with clippy as the compiler of our own crates, and a check
/// cannot use what a build made of the dependencies: the database would be compiled a second
/// time, for its metadata alone. So clippy rides on the build that `test` needs anyway. Our
/// crates get no optimisation then, which leaves those of others as they are.
fn clippy_native(places: &Places) -> Result<()> {
    let mut build = native(places, "test");
    build
        .arg("--no-run")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    with_clippy(places, &mut build)?;
    shell::run(&mut build)
}

/// Our own crates are compiled by clippy, which knows no warnings.
fn with_clippy(places: &Places, build: &mut Command) -> Result<()> {
    build
        .env("RUSTC_WORKSPACE_WRAPPER", clippy_driver(places)?)
        .env(
            "CLIPPY_ARGS",
            "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__",
        );
    Ok(())
}

fn clippy_driver(places: &Places) -> Result<String> {
    let mut rustup = Command::new("rustup");
    rustup
        .current_dir(&places.root)
        .args(["which", "clippy-driver"]);
    shell::ask(&mut rustup)
        .ok_or_else(|| "clippy is missing; run: rustup component add clippy".to_owned())
}

fn contrast(places: &Places) -> Result<()> {
    require::node()?;
    let mut node = Command::new("node");
    node.current_dir(&places.root).arg("style/contrast.mjs");
    shell::run(&mut node)
}

fn machete(places: &Places, report: &Report) -> Result<()> {
    let program = require::tool(places, report, "cargo-machete", CARGO_MACHETE, &[])?;
    let mut machete = Command::new(program);
    machete.current_dir(&places.root);
    shell::run(&mut machete)
}

fn deny(places: &Places, report: &Report, what: &[&str]) -> Result<()> {
    let program = require::tool(places, report, "cargo-deny", CARGO_DENY, &[])?;
    let mut deny = Command::new(program);
    deny.current_dir(&places.root)
        .args(["--log-level", "warn", "check", "--hide-inclusion-graph"])
        .args(what);
    shell::run(&mut deny)
}

/// The advisories live in a git repository. Without a way to it there is nothing to compare
/// with, which is said and does not count as a failure of the code.
fn advisories(places: &Places, report: &Report) -> Result<()> {
    const DATABASE: &str = "https://github.com/RustSec/advisory-db";
    let mut git = Command::new("git");
    git.args(["ls-remote", "--quiet", DATABASE, "HEAD"])
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_HTTP_LOW_SPEED_LIMIT", "1")
        .env("GIT_HTTP_LOW_SPEED_TIME", "10");
    if shell::ask(&mut git).is_none() {
        report.say(&format!(
            "{DATABASE} cannot be reached: advisories NOT checked"
        ));
        return Ok(());
    }
    deny(places, report, &["advisories"])
}
