//! Everything that can be said about the code without running it.

use std::process::Command;

use crate::cargo::{cargo, packages};
use crate::place::Places;
use crate::report::Report;
use crate::{Result, boundary, clippy, require, shell};

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
    step("clippy (browser)", &|| clippy::browser(places));
    step("clippy (bundler)", &|| clippy::bundler(places));
    step("clippy (all others)", &|| clippy::native(places));
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
