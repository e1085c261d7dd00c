//! Row a: what a connection costs that does nothing.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::crowd::{self, Person};
use crate::failure::{Failure, Outcome};
use crate::machine::tcp_buffers_kib;
use crate::options::Options;
use crate::process::{cpu_seconds, pss_kib};
use crate::relay;
use crate::report::{Figure, Goal};
use crate::subject::{Scratch, Subject};
use crate::wire::{Route, Socket};

/// Upgrades under way at the same time.
const AT_ONCE: usize = 32;
/// Until the frames of connecting (presence, above all) have passed.
const SETTLE: Duration = Duration::from_secs(10);

/// What holding connections cost.
struct Cost {
    baseline_kib: f64,
    pss_kib_each: f64,
    kernel_kib_each: f64,
    cpu_percent: f64,
    connects_per_second: f64,
}

pub(crate) async fn measure(options: &Options) -> Outcome<Vec<Figure>> {
    let scratch = Scratch::new(&options.data, "idle")?;
    let server = Subject::server(options, scratch.path()).await?;
    let people = populate(options, &server).await?;
    // A fresh process: what signing up left behind in memory is not what a connection costs.
    server.stop().await?;
    let server = Subject::server(options, scratch.path()).await?;
    let routes = people.iter().map(|person| person.route(server.address));
    eprintln!("idle: connecting {} to the server", people.len());
    let ours = hold(&server, routes.collect(), options.hold).await?;
    server.stop().await?;

    let relay = Subject::relay(options, scratch.path()).await?;
    let routes = (0..options.connections).map(|n| Route {
        address: relay.address,
        path: relay::path(n, 0),
        token: None,
    });
    eprintln!("idle: connecting {} to the relay", options.connections);
    let bare = hold(&relay, routes.collect(), options.hold).await?;
    relay.stop().await?;

    let n = options.connections;
    let figure = |what: String, unit, of: fn(&Cost) -> f64| {
        Figure::new('a', what, unit)
            .measured([of(&ours)])
            .limit([of(&bare)])
    };
    Ok(vec![
        figure(format!("PSS per connection at {n}"), "KiB", |c| {
            c.pss_kib_each
        })
        .goal(Goal::AtMost(10.0))
        .goal(Goal::TimesLimitAtMost(1.4)),
        figure(format!("processor at {n} idle"), "%", |c| c.cpu_percent).goal(Goal::AtMost(2.0)),
        figure(
            "kernel buffers per connection, both ends".to_owned(),
            "KiB",
            |c| c.kernel_kib_each,
        ),
        figure("PSS without a client".to_owned(), "MiB", |c| {
            c.baseline_kib / 1024.0
        })
        .goal(Goal::AtMost(60.0)),
        figure("connecting, 32 at a time".to_owned(), "1/s", |c| {
            c.connects_per_second
        }),
    ])
}

/// Signs people up and puts each into five conversations with five others: on a ring, the two
/// before, the two after and the one opposite.
async fn populate(options: &Options, server: &Subject) -> Outcome<Arc<[Person]>> {
    let count = usize::try_from(options.connections)?;
    let started = Instant::now();
    let people = crowd::sign_up(server.address, "idle", count).await?;
    eprintln!("idle: {count} signed up in {:.1?}", started.elapsed());
    let pairs = ring(count);
    let started = Instant::now();
    let opened = crowd::open_directs(server.address, &people, pairs).await?;
    eprintln!(
        "idle: {} conversations in {:.1?}",
        opened.len(),
        started.elapsed()
    );
    Ok(people)
}

fn ring(count: usize) -> Vec<(usize, usize)> {
    let half = count / 2;
    let near = (0..count).flat_map(|n| [(n, (n + 1) % count), (n, (n + 2) % count)]);
    let opposite = (0..half).map(|n| (n, n + half));
    near.chain(opposite).collect()
}

async fn hold(subject: &Subject, routes: Vec<Route>, time: Duration) -> Outcome<Cost> {
    sleep(Duration::from_secs(2)).await;
    let count = routes.len() as f64;
    let baseline_kib = pss_kib(subject.pid())?;
    let kernel_before = tcp_buffers_kib()?;
    let started = Instant::now();
    let mut sockets = connect(routes).await?;
    let connects_per_second = count / started.elapsed().as_secs_f64();
    sleep(SETTLE).await;
    let cpu_before = cpu_seconds(subject.pid())?;
    let held = Instant::now();
    tokio::select! {
        () = sleep(time) => {}
        Some(ended) = sockets.join_next() => {
            ended??;
            return Err(Failure::new("an idle connection ended"));
        }
    }
    let cpu_percent =
        (cpu_seconds(subject.pid())? - cpu_before) / held.elapsed().as_secs_f64() * 100.0;
    let cost = Cost {
        baseline_kib,
        pss_kib_each: (pss_kib(subject.pid())? - baseline_kib) / count,
        kernel_kib_each: (tcp_buffers_kib()? - kernel_before) / count,
        cpu_percent,
        connects_per_second,
    };
    sockets.shutdown().await;
    Ok(cost)
}

/// Opens all sockets and keeps a task reading each: it answers pings and drops the rest.
async fn connect(routes: Vec<Route>) -> Outcome<JoinSet<Outcome<()>>> {
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut opening = JoinSet::new();
    for route in routes {
        let permits = Arc::clone(&permits);
        opening.spawn(async move {
            let _permit = permits.acquire_owned().await?;
            Socket::open_and_resume(&route, Vec::new(), drop).await
        });
    }
    let mut reading = JoinSet::new();
    while let Some(socket) = opening.join_next().await {
        let mut socket = socket??;
        reading.spawn(async move {
            loop {
                socket.next().await?;
            }
        });
    }
    Ok(reading)
}

#[cfg(test)]
mod tests {
    use super::ring;

    #[test]
    fn everybody_is_in_five_conversations() {
        let pairs = ring(20);
        for n in 0..20 {
            let mine = pairs.iter().filter(|(a, b)| *a == n || *b == n).count();
            assert_eq!(mine, 5, "person {n}");
        }
    }
}
