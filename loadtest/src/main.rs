//! Load over the real socket with the real protocol, and the limit it is compared with.
//!
//! One process per role: the server, the bare relay (this program again) and the driver. A
//! driver task holds the two sockets of a pair; latency counts from the moment a message was
//! meant to be sent, so a slow server cannot slow its own measurement. What is measured and
//! what the figures were is written in docs/performance.md.

#![expect(
    clippy::disallowed_methods,
    reason = "it measures time, holds load for a time, and waits for other processes"
)]

mod crowd;
mod failure;
mod fanout;
mod history;
mod http;
mod idle;
mod machine;
mod options;
mod pairs;
mod process;
mod relay;
mod report;
mod subject;
mod traffic;
mod wire;

use std::io::Write;
use std::process::ExitCode;

use failure::{During, Outcome};
use machine::Machine;
use options::{Command, Options, Row};
use report::Report;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("loadtest: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    match Command::parse(std::env::args().skip(1))? {
        Command::Help => Ok(std::io::stdout().write_all(options::HELP.as_bytes())?),
        Command::Relay(address) => runtime(2)?.block_on(async {
            let listener = tokio::net::TcpListener::bind(address).await?;
            relay::serve(listener).await
        }),
        Command::Measure(options) => {
            if options.pin {
                pin()?;
            }
            let report = runtime(options.workers)?.block_on(measure(&options))?;
            report.print(&mut std::io::stdout().lock())?;
            if let Some(path) = &options.json {
                let json = serde_json::to_vec_pretty(&report)?;
                std::fs::write(path, json).during("writing the report")?;
            }
            Ok(())
        }
    }
}

fn runtime(workers: usize) -> Outcome<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build()?)
}

/// Keeps this process to the second processor; the subjects go to the first.
fn pin() -> Outcome<()> {
    let status = std::process::Command::new("taskset")
        .args(["-a", "-p", "-c", "1", &std::process::id().to_string()])
        .stdout(std::process::Stdio::null())
        .status()
        .during("taskset")?;
    if status.success() {
        Ok(())
    } else {
        Err(failure::Failure::new("taskset failed"))
    }
}

async fn measure(options: &Options) -> Outcome<Report> {
    let program = subject::server_program(options)?;
    let mut report = Report {
        machine: Machine::read(),
        command: std::env::args().skip(1).collect::<Vec<_>>().join(" "),
        server: program.display().to_string(),
        figures: Vec::new(),
        not_run: Vec::new(),
        notes: Vec::new(),
    };
    if options.wants(Row::Idle) {
        report.figures.extend(idle::measure(options).await?);
    } else {
        report.not_run.push("row a: idle connections".to_owned());
    }
    if options.wants(Row::Pairs) {
        let (figures, notes) = pairs::measure(options).await?;
        report.figures.extend(figures);
        report.notes.extend(notes);
    } else {
        report.not_run.push("row b: one to one".to_owned());
    }
    if options.wants(Row::Fanout) {
        report.figures.extend(fanout::measure(options).await?);
    } else {
        report.not_run.push("row c: fan-out".to_owned());
    }
    if options.wants(Row::History) {
        let (figures, notes) = history::measure(options).await?;
        report.figures.extend(figures);
        report.notes.extend(notes);
    } else {
        report.not_run.push("row d: history".to_owned());
    }
    Ok(report)
}
