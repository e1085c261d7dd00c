//! What the command line asks for.

use std::iter::Peekable;
use std::path::PathBuf;

use protocol::ReportId;

use super::{Config, ConfigError, keys};

/// The command that fills an empty server with the demonstration.
pub const SEED_DEMO: &str = "seed-demo";
/// The command that reads what people have reported.
const REPORTS: &str = "reports";
/// What strikes one of them off.
const DONE: &str = "done";
/// What the command line asks for.
#[derive(Debug)]
pub enum Command {
    /// Run the server like this.
    Serve(Box<Config>),
    /// Fill the empty server with the demonstration.
    SeedDemo(Box<Config>),
    /// Read what people have reported, or strike some of it off.
    Reports(Box<Config>, ReportsTask),
    /// Print a text and end.
    Print(String),
}

/// What is done with reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportsTask {
    /// All are told.
    List,
    /// One is dealt with.
    Done(ReportId),
}

/// What is asked for, before it is configured.
pub(super) enum Asked {
    Serve,
    SeedDemo,
    Reports(ReportsTask),
}

/// A command line.
pub(super) enum Line {
    Print(String),
    /// With the file that is named.
    Run(Asked, Option<PathBuf>),
}

/// Reads the arguments.
pub(super) fn read(args: impl Iterator<Item = String>) -> Result<Line, ConfigError> {
    let mut args = args.peekable();
    let asked = if args.next_if(|arg| arg == SEED_DEMO).is_some() {
        Asked::SeedDemo
    } else if args.next_if(|arg| arg == REPORTS).is_some() {
        Asked::Reports(reports_task(&mut args)?)
    } else {
        Asked::Serve
    };
    let mut file = None;
    while let Some(arg) = args.next() {
        match (arg.as_str(), args.next()) {
            ("--config", Some(path)) => file = Some(PathBuf::from(path)),
            ("--version", _) => return Ok(Line::Print(version())),
            ("--help", _) => return Ok(Line::Print(keys::help())),
            _ => return Err(ConfigError::Argument(arg)),
        }
    }
    Ok(Line::Run(asked, file))
}

/// What follows `reports`.
fn reports_task(
    args: &mut Peekable<impl Iterator<Item = String>>,
) -> Result<ReportsTask, ConfigError> {
    if args.next_if(|arg| arg == DONE).is_none() {
        return Ok(ReportsTask::List);
    }
    let id = args.next().unwrap_or_default();
    let parsed = id.parse().map(ReportsTask::Done);
    parsed.map_err(|_| ConfigError::Argument(format!("{REPORTS} {DONE} {id}")))
}

fn version() -> String {
    format!("baatcheet {}", env!("CARGO_PKG_VERSION"))
}
