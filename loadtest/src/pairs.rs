//! Row b: one to one, durable. The same driver loads the server and the relay by turns.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use protocol::ConversationId;
use tokio::process::Command;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::crowd;
use crate::failure::{During, Failure, Outcome};
use crate::options::Options;
use crate::process::{cpu_seconds, pss_kib, signal};
use crate::relay;
use crate::report::{Figure, Goal};
use crate::subject::{Scratch, Subject};
use crate::traffic::{Load, Pair, Plan, Tally};
use crate::wire::{Route, Socket};

/// ejabberd's p99 with 100 pairs and 8 under way on two cores, from the table of peers.
const PEER_P99_MS: f64 = 719.0;

/// The shapes of load, in the order they are run.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    OnePair,
    OneEach,
    Full,
    /// Open loop: so many messages a second over all pairs.
    Rate(f64),
}

/// What one load showed.
struct Shown {
    rate: f64,
    tally: Tally,
    subject_cpu: f64,
    driver_cpu: f64,
}

impl Shown {
    fn cpu_per_thousand(&self, seconds: f64) -> f64 {
        seconds * 1_000_000.0 / (self.tally.completed as f64)
    }
}

/// All shapes on one subject.
struct Run {
    one_pair: Shown,
    one_each: Shown,
    full: Shown,
    half: Shown,
}

pub(crate) async fn measure(options: &Options) -> Outcome<(Vec<Figure>, Vec<String>)> {
    let scratch = Scratch::new(&options.data, "pairs")?;
    let server = Subject::server(options, scratch.path()).await?;
    let relay = Subject::relay(options, scratch.path()).await?;
    let mut on_server = connect_server(options, &server).await?;
    let mut on_relay = connect_relay(options, &relay).await?;

    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for run in 1..=options.runs {
        eprintln!("pairs: run {run} of {}: the server", options.runs);
        let shown;
        (on_server, shown) = shapes(options, &server, on_server, None).await?;
        // The relay's latency is taken at the server's half rate, not at its own.
        let offered = shown.full.rate / 2.0;
        ours.push(shown);
        eprintln!("pairs: run {run} of {}: the relay", options.runs);
        let shown;
        (on_relay, shown) = shapes(options, &relay, on_relay, Some(offered)).await?;
        bare.push(shown);
    }
    let mut notes = Vec::new();
    if options.strace {
        let note;
        (on_server, note) = count_syncs(options, &server, scratch.path(), on_server).await?;
        notes.push(note);
    }
    notes.push(format!(
        "row b: server's PSS after all runs {:.1} MiB",
        pss_kib(server.pid())? / 1024.0
    ));
    for pair in on_server.into_iter().chain(on_relay) {
        pair.close().await;
    }
    server.stop().await?;
    relay.stop().await?;
    Ok((figures(options, &ours, &bare), notes))
}

async fn connect_server(options: &Options, server: &Subject) -> Outcome<Vec<Pair>> {
    let count = usize::try_from(options.pairs)?;
    let started = Instant::now();
    let people = crowd::sign_up(server.address, "pair", 2 * count).await?;
    let places = (0..count).map(|n| (2 * n, 2 * n + 1)).collect();
    let conversations = crowd::open_directs(server.address, &people, places).await?;
    eprintln!("pairs: {count} pairs ready in {:.1?}", started.elapsed());
    let mut pairs = Vec::with_capacity(count);
    for (two, (n, conversation)) in people.chunks(2).zip((0..).zip(conversations)) {
        if let [author, reader] = two {
            let routes = [author.route(server.address), reader.route(server.address)];
            pairs.push(connect(n, conversation, routes).await?);
        }
    }
    Ok(pairs)
}

async fn connect_relay(options: &Options, relay: &Subject) -> Outcome<Vec<Pair>> {
    let mut pairs = Vec::new();
    for n in 0..options.pairs {
        let mut bytes = [0; 16];
        if let Some(tail) = bytes.last_chunk_mut() {
            *tail = n.to_be_bytes();
        }
        let routes = [0, 1].map(|side| Route {
            address: relay.address,
            path: relay::path(n, side),
            token: None,
        });
        pairs.push(connect(n, ConversationId::from_bytes(bytes), routes).await?);
    }
    Ok(pairs)
}

async fn connect(n: u32, conversation: ConversationId, routes: [Route; 2]) -> Outcome<Pair> {
    let [author, reader] = routes;
    Ok(Pair::new(
        n,
        conversation,
        Socket::open_and_resume(&author, Vec::new(), drop).await?,
        Socket::open_and_resume(&reader, Vec::new(), drop).await?,
    ))
}

async fn shapes(
    options: &Options,
    subject: &Subject,
    pairs: Vec<Pair>,
    offered: Option<f64>,
) -> Outcome<(Vec<Pair>, Run)> {
    let (pairs, one_pair) = load(options, subject, pairs, Shape::OnePair).await?;
    let (pairs, one_each) = load(options, subject, pairs, Shape::OneEach).await?;
    let (pairs, full) = load(options, subject, pairs, Shape::Full).await?;
    let rate = offered.unwrap_or(full.rate / 2.0);
    let (pairs, half) = load(options, subject, pairs, Shape::Rate(rate)).await?;
    let run = Run {
        one_pair,
        one_each,
        full,
        half,
    };
    Ok((pairs, run))
}

/// Puts one shape of load on a subject.
async fn load(
    options: &Options,
    subject: &Subject,
    mut pairs: Vec<Pair>,
    shape: Shape,
) -> Outcome<(Vec<Pair>, Shown)> {
    let resting = match shape {
        Shape::OnePair => pairs.split_off(1),
        _ => Vec::new(),
    };
    let count = u32::try_from(pairs.len())?;
    let start = Instant::now() + Duration::from_millis(100);
    let measure_from = start + options.warm_up;
    let until = measure_from + options.measure;
    let mut tasks = JoinSet::new();
    for (n, pair) in (0_u32..).zip(pairs) {
        let (load, start) = match shape {
            Shape::OnePair | Shape::OneEach => (Load::Closed { under_way: 1 }, start),
            Shape::Full => {
                let under_way = options.under_way;
                (Load::Closed { under_way }, start)
            }
            Shape::Rate(rate) => {
                let every = Duration::from_secs_f64(f64::from(count) / rate);
                // Spread over the interval, or all pairs would send in the same moment.
                (Load::Open { every }, start + every * n / count)
            }
        };
        let plan = Plan {
            load,
            start,
            measure_from,
            until,
        };
        tasks.spawn(pair.drive(plan));
    }
    sleep_until(measure_from).await;
    let before = cpu(subject)?;
    sleep_until(until).await;
    let after = cpu(subject)?;
    let mut tally = Tally::new()?;
    let mut pairs = Vec::with_capacity(tasks.len() + resting.len());
    while let Some(driven) = tasks.join_next().await {
        let (pair, saw) = driven?.during(&format!("{shape:?}"))?;
        tally.add(&saw)?;
        pairs.push(pair);
    }
    pairs.extend(resting);
    let shown = Shown {
        rate: tally.completed as f64 / options.measure.as_secs_f64(),
        tally,
        subject_cpu: after.0 - before.0,
        driver_cpu: after.1 - before.1,
    };
    eprintln!("pairs: {shape:?}: {:.0}/s", shown.rate);
    Ok((pairs, shown))
}

fn cpu(subject: &Subject) -> Outcome<(f64, f64)> {
    Ok((
        cpu_seconds(subject.pid())?,
        cpu_seconds(std::process::id())?,
    ))
}

/// Counts the server's fsync calls under full load, in a run of its own because it slows.
async fn count_syncs(
    options: &Options,
    server: &Subject,
    data: &Path,
    pairs: Vec<Pair>,
) -> Outcome<(Vec<Pair>, String)> {
    let log = data.join("strace.txt");
    let mut strace = Command::new("strace")
        .args(["-f", "-c", "-e", "trace=fdatasync,fsync", "-o"])
        .arg(&log)
        .args(["-p", &server.pid().to_string()])
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .during("strace")?;
    // Until it is attached to every thread.
    sleep(Duration::from_secs(1)).await;
    let (pairs, shown) = load(options, server, pairs, Shape::Full).await?;
    let pid = strace
        .id()
        .ok_or_else(|| Failure::new("strace ended at once"))?;
    signal(pid, "INT").await?;
    strace.wait().await?;
    let table = std::fs::read_to_string(&log).during("reading strace's table")?;
    let calls: f64 = table.lines().filter_map(calls).sum();
    let seconds = (options.warm_up + options.measure).as_secs_f64();
    let note = format!(
        "row b under strace: {:.0} messages/s, {:.0} fsync and fdatasync calls/s, {:.1} messages per call",
        shown.rate,
        calls / seconds,
        shown.rate * seconds / calls.max(1.0),
    );
    Ok((pairs, note))
}

/// The calls in a line of strace's table: `% time, seconds, usecs/call, calls, [errors,] name`.
fn calls(line: &str) -> Option<f64> {
    let cells: Vec<&str> = line.split_whitespace().collect();
    match cells.as_slice() {
        [_, _, _, calls, .., "fsync" | "fdatasync"] => calls.parse().ok(),
        _ => None,
    }
}

fn figures(options: &Options, ours: &[Run], bare: &[Run]) -> Vec<Figure> {
    let figure = |what: String, unit, of: fn(&Run) -> f64| {
        Figure::new('b', what, unit)
            .measured(ours.iter().map(of))
            .limit(bare.iter().map(of))
    };
    let (n, deep) = (options.pairs, options.under_way);
    vec![
        figure("1 pair, 1 under way".to_owned(), "1/s", |r| r.one_pair.rate),
        figure("  to the other side, p50".to_owned(), "ms", |r| {
            delivery(&r.one_pair, 50.0)
        }),
        figure("  to the other side, p99".to_owned(), "ms", |r| {
            delivery(&r.one_pair, 99.0)
        }),
        figure(format!("{n} pairs, 1 under way each"), "1/s", |r| {
            r.one_each.rate
        }),
        figure("  to the other side, p50".to_owned(), "ms", |r| {
            delivery(&r.one_each, 50.0)
        }),
        figure("  to the other side, p99".to_owned(), "ms", |r| {
            delivery(&r.one_each, 99.0)
        }),
        figure(format!("{n} pairs, {deep} under way each"), "1/s", |r| {
            r.full.rate
        })
        .goal(Goal::AtLeast(20_000.0)),
        figure("  to the other side, p50".to_owned(), "ms", |r| {
            delivery(&r.full, 50.0)
        }),
        figure("  to the other side, p99".to_owned(), "ms", |r| {
            delivery(&r.full, 99.0)
        }),
        figure("  processor, server, per 1,000".to_owned(), "ms", |r| {
            r.full.cpu_per_thousand(r.full.subject_cpu)
        }),
        figure("  processor, driver, per 1,000".to_owned(), "ms", |r| {
            r.full.cpu_per_thousand(r.full.driver_cpu)
        }),
        figure(format!("open loop at half of it, {n} pairs"), "1/s", |r| {
            r.half.rate
        }),
        figure("  ack, p50".to_owned(), "ms", |r| ack(&r.half, 50.0)),
        figure("  ack, p99".to_owned(), "ms", |r| ack(&r.half, 99.0)).goal(Goal::AtMost(25.0)),
        figure("  ack, p99.9".to_owned(), "ms", |r| ack(&r.half, 99.9)),
        figure("  to the other side, p50".to_owned(), "ms", |r| {
            delivery(&r.half, 50.0)
        }),
        figure("  to the other side, p99".to_owned(), "ms", |r| {
            delivery(&r.half, 99.0)
        })
        .goal(Goal::AtMost(25.0))
        .goal(Goal::AtMost(PEER_P99_MS / 5.0)),
        figure("  to the other side, p99.9".to_owned(), "ms", |r| {
            delivery(&r.half, 99.9)
        }),
        figure("  processor, server, per 1,000".to_owned(), "ms", |r| {
            r.half.cpu_per_thousand(r.half.subject_cpu)
        }),
    ]
}

fn ack(shown: &Shown, percentile: f64) -> f64 {
    shown.tally.ack.value_at_percentile(percentile) as f64 / 1_000.0
}

fn delivery(shown: &Shown, percentile: f64) -> f64 {
    shown.tally.delivery.value_at_percentile(percentile) as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::calls;

    #[test]
    fn a_line_of_the_table_of_strace_has_its_calls() {
        assert_eq!(
            calls(" 93.10    0.512345        1204       425        12 fdatasync"),
            Some(425.0)
        );
        assert_eq!(
            calls("  6.90    0.000123          12        10           fsync"),
            Some(10.0)
        );
        assert_eq!(
            calls("------ ----------- ----------- --------- --------- ----------------"),
            None
        );
        assert_eq!(
            calls("100.00    0.512468                   435        12 total"),
            None
        );
    }
}
