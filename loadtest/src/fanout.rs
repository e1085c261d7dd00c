//! Row c: one writes and everybody in the group reads. The server and the relay by turns.

mod flight;

use std::sync::{Arc, PoisonError};

use hdrhistogram::Histogram;
use protocol::{ConversationId, Intent, SendId, Seq, ServerFrame, Timestamp};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::crowd::{self, Person};
use crate::failure::{During, Failure, Outcome};
use crate::options::Options;
use crate::process::cpu_seconds;
use crate::relay;
use crate::report::{Figure, Goal};
use crate::subject::{Scratch, Subject};
use crate::traffic::{histogram, ignore, micros};
use crate::wire::{Route, Socket};

use flight::{Load, Watch, read, send, write};

/// Members of the groups, all of them connected.
const MEMBERS: [usize; 3] = [2, 50, 500];

/// What one load showed.
struct Shown {
    /// From the intended send to the first and to the last member, in microseconds.
    first: Histogram<u32>,
    last: Histogram<u32>,
    /// Events that came to members, a second.
    deliveries: f64,
    /// Processor time of the subject for 1,000 of them, in milliseconds.
    cpu: f64,
}

/// Both loads on a group of so many.
struct Run {
    members: usize,
    steady: Shown,
    full: Shown,
}

pub(crate) async fn measure(options: &Options) -> Outcome<Vec<Figure>> {
    let scratch = Scratch::new(&options.data, "fanout")?;
    let server = Subject::server(options, scratch.path()).await?;
    let relay = Subject::relay(options, scratch.path()).await?;
    let most = MEMBERS.into_iter().max().unwrap_or_default();
    let people = crowd::sign_up(server.address, "fan", most).await?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for (number, members) in (0_u32..).zip(MEMBERS) {
        let some = people.get(..members).unwrap_or(&people);
        let group = group(&server, some).await?;
        for run in 1..=options.runs {
            eprintln!("fanout: {members} members, run {run} of {}", options.runs);
            let routes = some.iter().map(|person| person.route(server.address));
            ours.push(loads(options, &server, group, routes.collect()).await?);
            let room = number * options.runs + run;
            let routes = (0..members).map(|side| Route {
                address: relay.address,
                path: relay::path(room, side),
                token: None,
            });
            bare.push(loads(options, &relay, group, routes.collect()).await?);
        }
    }
    server.stop().await?;
    relay.stop().await?;
    Ok(MEMBERS
        .into_iter()
        .flat_map(|members| figures(members, &ours, &bare))
        .collect())
}

/// A group of people, the first of whom owns it.
async fn group(server: &Subject, people: &[Person]) -> Outcome<ConversationId> {
    let Some((owner, others)) = people.split_first() else {
        return Err(Failure::new("a group of nobody"));
    };
    let group = crowd::create_group(server.address, owner).await?;
    let mut socket =
        Socket::open_and_resume(&owner.route(server.address), Vec::new(), drop).await?;
    for (n, some) in (0..).zip(others.chunks(protocol::limits::ADD_MEMBERS)) {
        let users = some.iter().map(Person::id).collect();
        let id = SendId::from_parts(Timestamp::from_millis(2), n);
        let add = send(group, id, Intent::Add { users }, Seq::ZERO);
        socket.send(&add).await?;
        loop {
            match socket.next().await? {
                ServerFrame::Ack { send_id, .. } if send_id == id => break,
                frame => ignore(&frame)?,
            }
        }
    }
    socket.close().await;
    Ok(group)
}

async fn loads(
    options: &Options,
    subject: &Subject,
    group: ConversationId,
    routes: Vec<Route>,
) -> Outcome<Run> {
    let members = routes.len();
    let steady = load(options, subject, group, &routes, Load::Open).await?;
    let full = load(options, subject, group, &routes, Load::Closed).await?;
    eprintln!(
        "fanout: {members} members: {:.0} deliveries/s",
        full.deliveries
    );
    Ok(Run {
        members,
        steady,
        full,
    })
}

async fn load(
    options: &Options,
    subject: &Subject,
    group: ConversationId,
    routes: &[Route],
    load: Load,
) -> Outcome<Shown> {
    let mut sockets = Vec::with_capacity(routes.len());
    let mut known = Seq::ZERO;
    for route in routes {
        let learn = |frame| {
            if let ServerFrame::Conversation { summary } = frame
                && summary.id == group
            {
                known = summary.last_seq;
            }
        };
        sockets.push(Socket::open_and_resume(route, Vec::new(), learn).await?);
    }
    let author = sockets.swap_remove(0);
    let watch = Arc::new(Watch::of(sockets.len()));
    let moment = Timestamp::from_millis(u64::try_from(
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)?
            .as_millis(),
    )?);
    let mut readers = JoinSet::new();
    for socket in sockets {
        readers.spawn(read(socket, moment, Arc::clone(&watch)));
    }
    let start = Instant::now() + options.warm_up;
    let until = start + options.measure;
    let author = tokio::spawn(write(
        author,
        (group, known),
        moment,
        load,
        until,
        Arc::clone(&watch),
    ));
    sleep_until(start).await;
    let before = cpu_seconds(subject.pid())?;
    sleep_until(until).await;
    let cpu = cpu_seconds(subject.pid())? - before;
    let written = tokio::select! {
        written = author => written??,
        Some(failed) = readers.join_next() => {
            failed?.during("a member")?;
            return Err(Failure::new("a member went away"));
        }
    };
    written.close().await;
    readers.shutdown().await;
    shown(&watch, (start, until), cpu)
}

/// What was meant to be sent in the measured time.
fn shown(watch: &Watch, (start, until): (Instant, Instant), cpu: f64) -> Outcome<Shown> {
    let messages = watch
        .messages
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let (mut first, mut last) = (histogram()?, histogram()?);
    let measured = messages
        .iter()
        .filter(|message| (start..until).contains(&message.intended));
    let mut count = 0_usize;
    for message in measured {
        count += 1;
        first.record(micros(message.first - message.intended))?;
        last.record(micros(message.last - message.intended))?;
    }
    let deliveries = (count * watch.readers) as f64;
    Ok(Shown {
        first,
        last,
        deliveries: deliveries / (until - start).as_secs_f64(),
        cpu: cpu * 1_000_000.0 / deliveries.max(1.0),
    })
}

fn figures(members: usize, ours: &[Run], bare: &[Run]) -> Vec<Figure> {
    let figure = |what: String, unit, of: &dyn Fn(&Run) -> f64| {
        let of_size = |runs: &[Run]| -> Vec<f64> {
            let runs = runs.iter().filter(|run| run.members == members);
            runs.map(of).collect()
        };
        Figure::new('c', what, unit)
            .measured(of_size(ours))
            .limit(of_size(bare))
    };
    let ms = |histogram: &Histogram<u32>, percentile| {
        histogram.value_at_percentile(percentile) as f64 / 1_000.0
    };
    let last = figure("  to the last member, p99".to_owned(), "ms", &|run| {
        ms(&run.steady.last, 99.0)
    });
    let rate = figure("  deliveries, 8 under way".to_owned(), "1/s", &|run| {
        run.full.deliveries
    });
    let (last, rate) = match members {
        500 => (
            last.goal(Goal::AtMost(60.0)),
            rate.goal(Goal::TimesLimitAtLeast(0.6)),
        ),
        _ => (last, rate),
    };
    vec![
        figure(
            format!("{members} members, to the first, p50"),
            "ms",
            &|run| ms(&run.steady.first, 50.0),
        ),
        figure("  to the last member, p50".to_owned(), "ms", &|run| {
            ms(&run.steady.last, 50.0)
        }),
        last,
        rate,
        figure("  processor, server, per 1,000".to_owned(), "ms", &|run| {
            run.full.cpu
        }),
    ]
}
