//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::failure::{Failure, Outcome};

/// What `--help` prints.
pub(crate) const HELP: &str = "\
loadtest [ROW..] [OPTION..]

Rows (all if none is named):
  idle      a: memory and processor time of idle connections
  pairs     b: one to one, durable
  fanout    c: one writes, a group of 2, 50 and 500 reads
  history   d: pages of a long conversation

Options:
  --server PATH        the server's program (default: baatcheet beside this one)
  --data DIR           where data directories are made (default: the temporary directory)
  --json PATH          also write the report as JSON
  --connections N      idle: sockets (10000)
  --hold SECONDS       idle: how long they are held (60)
  --pairs N            pairs: how many (100)
  --under-way N        pairs: messages under way per pair (8)
  --warm-up SECONDS    pairs, fanout: not measured (5)
  --measure SECONDS    pairs, fanout: measured (20)
  --runs N             pairs, fanout: runs, server and relay by turns (3)
  --messages N         history: length of the conversation (1000000)
  --reads N            history: pages per depth and number of readers (4000)
  --pin                server and relay on core 0, driver on core 1
  --strace             pairs: count fsync calls of the server in a run of its own
  --workers N          threads of the driver (1)
";

/// What to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    Idle,
    Pairs,
    Fanout,
    History,
}

/// How to measure.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) rows: Vec<Row>,
    pub(crate) server: Option<PathBuf>,
    pub(crate) data: PathBuf,
    pub(crate) json: Option<PathBuf>,
    pub(crate) connections: u32,
    pub(crate) hold: Duration,
    pub(crate) pairs: u32,
    pub(crate) under_way: usize,
    pub(crate) warm_up: Duration,
    pub(crate) measure: Duration,
    pub(crate) runs: u32,
    pub(crate) messages: u64,
    pub(crate) reads: u64,
    pub(crate) pin: bool,
    pub(crate) strace: bool,
    pub(crate) workers: usize,
}

/// What was asked for.
#[derive(Debug)]
pub(crate) enum Command {
    Help,
    /// The relay's own process.
    Relay(SocketAddr),
    Measure(Box<Options>),
}

impl Options {
    fn new() -> Self {
        Self {
            rows: Vec::new(),
            server: None,
            data: std::env::temp_dir(),
            json: None,
            connections: 10_000,
            hold: Duration::from_secs(60),
            pairs: 100,
            under_way: 8,
            warm_up: Duration::from_secs(5),
            measure: Duration::from_secs(20),
            runs: 3,
            messages: 1_000_000,
            reads: 4_000,
            pin: false,
            strace: false,
            workers: 1,
        }
    }

    /// Whether a row is to be measured.
    pub(crate) fn wants(&self, row: Row) -> bool {
        self.rows.is_empty() || self.rows.contains(&row)
    }
}

impl Command {
    pub(crate) fn parse(args: impl IntoIterator<Item = String>) -> Outcome<Self> {
        let mut options = Options::new();
        let mut args = args.into_iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "relay" => {
                    let address = args.next().unwrap_or_else(|| "127.0.0.1:0".to_owned());
                    return Ok(Self::Relay(address.parse()?));
                }
                "--help" | "-h" => return Ok(Self::Help),
                "idle" => options.rows.push(Row::Idle),
                "pairs" => options.rows.push(Row::Pairs),
                "fanout" => options.rows.push(Row::Fanout),
                "history" => options.rows.push(Row::History),
                "--pin" => options.pin = true,
                "--strace" => options.strace = true,
                name => {
                    let value = args
                        .next()
                        .ok_or_else(|| Failure::new(format!("{name}: unknown or without value")))?;
                    options.set(name, &value)?;
                }
            }
        }
        Ok(Self::Measure(Box::new(options)))
    }
}

impl Options {
    fn set(&mut self, name: &str, value: &str) -> Outcome<()> {
        match name {
            "--server" => self.server = Some(value.into()),
            "--data" => self.data = value.into(),
            "--json" => self.json = Some(value.into()),
            "--connections" => self.connections = number(name, value)?,
            "--hold" => self.hold = seconds(name, value)?,
            "--pairs" => self.pairs = number(name, value)?,
            "--under-way" => self.under_way = number(name, value)?,
            "--warm-up" => self.warm_up = seconds(name, value)?,
            "--measure" => self.measure = seconds(name, value)?,
            "--runs" => self.runs = number(name, value)?,
            "--messages" => self.messages = number(name, value)?,
            "--reads" => self.reads = number(name, value)?,
            "--workers" => self.workers = number(name, value)?,
            _ => return Err(Failure::new(format!("{name}: unknown option"))),
        }
        Ok(())
    }
}

/// A number above zero.
fn number<N: core::str::FromStr + PartialOrd + Default>(name: &str, value: &str) -> Outcome<N> {
    value
        .parse()
        .ok()
        .filter(|number| *number > N::default())
        .ok_or_else(|| Failure::new(format!("{name}: {value} is not a number above 0")))
}

fn seconds(name: &str, value: &str) -> Outcome<Duration> {
    number(name, value).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::{Command, Row};

    fn parse(line: &str) -> Result<Command, String> {
        Command::parse(line.split_whitespace().map(str::to_owned)).map_err(|e| e.to_string())
    }

    #[test]
    fn rows_and_options_are_read() {
        let Ok(Command::Measure(options)) = parse("idle --connections 50 pairs fanout --pin")
        else {
            panic!("refused");
        };
        assert!(options.wants(Row::Idle) && options.wants(Row::Pairs));
        assert!(options.wants(Row::Fanout) && !options.wants(Row::History));
        assert_eq!(options.connections, 50);
        assert!(options.pin);
    }

    #[test]
    fn mistakes_are_named() {
        for line in ["--pairs", "--pairs x", "--pairs 0", "--unknown 1", "rows"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
