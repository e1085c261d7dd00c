//! `cargo xtask <command>`: every habit of this repository in one place.
//!
//! It uses nothing but the standard library, so that it is ready in seconds on a fresh
//! machine. Each command sets up what it needs, says what it does, and prints how long each
//! step took. Everything that is built goes to one cache folder outside the checkout (see
//! [`place::Places`]), so that a second checkout does not build the database again.

#![expect(
    clippy::disallowed_methods,
    reason = "a build tool reads its environment, measures its steps and waits"
)]

mod boundary;
mod browser;
mod budget;
mod cargo;
mod clippy;
mod dev;
mod lint;
mod place;
mod report;
mod require;
mod run;
mod shell;
mod site;
mod stamp;
mod test;

use std::process::ExitCode;

/// What went wrong, as one sentence for the person at the terminal.
pub(crate) type Result<T> = std::result::Result<T, String>;

const HELP: &str = "\
cargo xtask <command>

  run [args]     build for release and start the server on the embedded database;
                 `run seed-demo` fills an empty one with a demonstration and ends
  test [part]    all tests; a part is one of: rules, server, browser
  dev            rebuild and reload on every change (cargo-leptos, data in memory only)
  lint           format, clippy, boundaries, licences and advisories, unused dependencies
  bench [args]   the load generator against a release server
  build          what `run` builds, without starting it
  size           sizes of what the browser loads, against docs/bundle-budget.toml
  screenshots    pictures of every screen at three widths in both themes
  help           this text

What is built goes to $BAATCHEET_CACHE, or $XDG_CACHE_HOME/baatcheet, or ~/.cache/baatcheet.";

fn main() -> ExitCode {
    if let Some(ended) = clippy::compile() {
        return ended;
    }
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_else(|| "help".to_owned());
    let rest: Vec<String> = args.collect();
    match dispatch(&command, &rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, rest: &[String]) -> Result<()> {
    if matches!(command, "help" | "--help" | "-h") {
        eprintln!("{HELP}");
        return Ok(());
    }
    let places = place::Places::find()?;
    // Held to the end; `dev` gives it back earlier.
    let turn = places.take_turn()?;
    let report = report::Report::new();
    let result = match command {
        "run" => run::run(&places, &report, rest),
        "build" => run::build(&places, &report).map(|_built| ()),
        "bench" => run::bench(&places, &report, rest),
        "test" => test::test(&places, &report, rest),
        "screenshots" => test::screenshots(&places, &report),
        "dev" => dev::dev(&places, &report, rest, turn),
        "lint" => lint::lint(&places, &report),
        "size" => site::build(&places, &report).and_then(|site| budget::check(&places, &site)),
        other => Err(format!("there is no command `{other}`\n\n{HELP}")),
    };
    report.print();
    result
}
