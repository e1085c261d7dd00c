//! Row d: pages of a very long conversation, read over the socket by place.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hdrhistogram::Histogram;
use protocol::limits::PAGE_DEFAULT;
use protocol::{
    ClientFrame, ConversationId, Intent, ResumePoint, SendId, Seq, ServerFrame, Timestamp,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::crowd::{self, Person};
use crate::failure::{Failure, Outcome};
use crate::http::Http;
use crate::options::Options;
use crate::process::{cpu_seconds, pss_kib};
use crate::relay;
use crate::report::{Figure, Goal};
use crate::subject::{Scratch, Subject};
use crate::traffic::{histogram, text};
use crate::wire::{Route, Socket};

/// Sends of one connection on their way while the conversation is filled.
const UNDER_WAY: usize = 60;
/// Pages are read at this many places after the depth, so that it is not one page again and
/// again.
const SPREAD: u64 = 10_000;

/// Where the random places begin: what warms must not be the very pages that are measured, or a
/// cache that holds those few answers for one that holds the conversation.
const WARMING: u64 = 0;
const MEASURED: u64 = 1 << 32;

/// How often it is looked whether the index has followed.
const LOOK: Duration = Duration::from_secs(1);

/// Where in the conversation pages are read.
#[derive(Debug, Clone, Copy)]
enum Depth {
    /// About so many messages before the newest.
    At(u64),
    /// Anywhere: more than the cache holds.
    Anywhere,
}

/// What reading showed.
struct Reads {
    latency: Histogram<u32>,
    per_second: f64,
}

impl Reads {
    fn ms(&self, percentile: f64) -> f64 {
        self.latency.value_at_percentile(percentile) as f64 / 1_000.0
    }
}

pub(crate) async fn measure(options: &Options) -> Outcome<(Vec<Figure>, Vec<String>)> {
    let scratch = Scratch::new(&options.data, "history")?;
    let server = Subject::server(options, scratch.path()).await?;
    let relay = Subject::relay(options, scratch.path()).await?;
    let people = crowd::sign_up(server.address, "reader", 2).await?;
    let opened = crowd::open_directs(server.address, &people, vec![(0, 1)]).await?;
    let conversation = *opened
        .first()
        .ok_or_else(|| Failure::new("no conversation"))?;
    let mut notes = vec![fill(options, &server, &people, conversation).await?];
    notes.push(index_idle(&server).await?);

    let mut figures = Vec::new();
    for readers in [1, 32] {
        let bare = {
            let routes = (0..readers).map(|n| Route {
                address: relay.address,
                path: relay::path(n, 0),
                token: None,
            });
            let places = (Depth::Anywhere, MEASURED);
            read(options, routes.collect(), conversation, places).await?
        };
        let mut by_depth = Vec::new();
        for depth in depths(options.messages) {
            let routes: Vec<Route> = (0..readers)
                .zip(people.iter().cycle())
                .map(|(_, person)| person.route(server.address))
                .collect();
            // The first time warms what there is to warm.
            read(options, routes.clone(), conversation, (depth, WARMING)).await?;
            let reads = read(options, routes, conversation, (depth, MEASURED)).await?;
            eprintln!(
                "history: {readers} readers, {depth:?}: p99 {:.2} ms",
                reads.ms(99.0)
            );
            by_depth.push((depth, reads));
        }
        figures.extend(rows(readers, &by_depth, &bare));
    }
    notes.push(format!(
        "row d: server's PSS after all reads {:.1} MiB, processor {:.1} s in all",
        pss_kib(server.pid())? / 1024.0,
        cpu_seconds(server.pid())?,
    ));
    server.stop().await?;
    relay.stop().await?;
    Ok((figures, notes))
}

/// Waits for the index, which is made behind the messages and takes a core meanwhile.
async fn index_idle(server: &Subject) -> Outcome<String> {
    let begin = Instant::now();
    let mut http = Http::connect(server.address).await?;
    while !http
        .get("/metrics", None)
        .await?
        .ok()?
        .body
        .contains("baatcheet_index_waiting 0\n")
    {
        sleep(LOOK).await;
    }
    let took = begin.elapsed().as_secs_f64();
    Ok(format!("row d: the index has followed after {took:.1} s"))
}

fn depths(messages: u64) -> Vec<Depth> {
    let mut depths: Vec<Depth> = [0, 1_000, 100_000, 999_000]
        .into_iter()
        .filter(|depth| depth + PAGE_DEFAULT <= messages)
        .map(Depth::At)
        .collect();
    depths.push(Depth::Anywhere);
    depths
}

fn rows(readers: u32, by_depth: &[(Depth, Reads)], bare: &Reads) -> Vec<Figure> {
    let mut figures = Vec::new();
    let whose = if readers == 1 { "reader" } else { "readers" };
    for (depth, reads) in by_depth {
        let place = match depth {
            Depth::At(depth) => format!("at depth {depth}"),
            Depth::Anywhere => "anywhere".to_owned(),
        };
        let name = |what: &str| format!("{readers} {whose} {place}, {what}");
        let figure = |what: &str, unit, of: &dyn Fn(&Reads) -> f64| {
            Figure::new('d', name(what), unit)
                .measured([of(reads)])
                .limit([of(bare)])
        };
        figures.push(figure("p50", "ms", &|r| r.ms(50.0)));
        figures.push(figure("p99", "ms", &|r| r.ms(99.0)).goal(Goal::AtMost(5.0)));
        figures.push(figure("pages", "1/s", &|r| r.per_second));
    }
    let at = |wanted: u64| {
        by_depth.iter().find_map(|(depth, reads)| match depth {
            Depth::At(depth) if *depth == wanted => Some(reads),
            _ => None,
        })
    };
    if let (Some(top), Some(bottom)) = (at(0), at(999_000)) {
        for percentile in [50.0, 99.0] {
            let name = format!("{readers} {whose}: p{percentile} at 999000 over depth 0");
            figures.push(
                Figure::new('d', name, "times")
                    .measured([bottom.ms(percentile) / top.ms(percentile)])
                    .goal(Goal::AtMost(1.2)),
            );
        }
    }
    figures
}

/// Reads pages, each reader one after the other, at random places that begin with the seed.
async fn read(
    options: &Options,
    routes: Vec<Route>,
    conversation: ConversationId,
    (depth, first_seed): (Depth, u64),
) -> Outcome<Reads> {
    let readers = routes.len() as u64;
    let each = options.reads.div_ceil(readers);
    let newest = options.messages;
    let mut sockets = Vec::new();
    for route in &routes {
        sockets.push(Socket::open_and_resume(route, Vec::new(), drop).await?);
    }
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for (seed, mut socket) in (first_seed..).zip(sockets) {
        tasks.spawn(async move {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            let mut latency = histogram()?;
            for request in 0..u32::try_from(each)? {
                let (from, to) = place(depth, newest, &mut random);
                let asked = Instant::now();
                fetch(&mut socket, request, conversation, from, to).await?;
                let micros = u64::try_from(asked.elapsed().as_micros())?;
                latency.record(micros.clamp(1, 60_000_000))?;
            }
            Outcome::Ok((socket, latency))
        });
    }
    let mut latency = histogram()?;
    let mut sockets = Vec::new();
    while let Some(done) = tasks.join_next().await {
        let (socket, saw) = done??;
        latency.add(&saw)?;
        sockets.push(socket);
    }
    let per_second = (each * readers) as f64 / started.elapsed().as_secs_f64();
    for socket in sockets {
        socket.close().await;
    }
    Ok(Reads {
        latency,
        per_second,
    })
}

/// First and last place of a page.
fn place(depth: Depth, newest: u64, random: &mut ChaCha8Rng) -> (Seq, Seq) {
    let oldest_end = newest.min(PAGE_DEFAULT);
    let (least, most) = match depth {
        Depth::At(depth) => {
            let last = newest.saturating_sub(depth).max(oldest_end);
            (last.saturating_sub(SPREAD).max(oldest_end), last)
        }
        Depth::Anywhere => (oldest_end, newest),
    };
    let to = random.random_range(least..=most);
    (Seq(to.saturating_sub(PAGE_DEFAULT) + 1), Seq(to))
}

async fn fetch(
    socket: &mut Socket,
    request: u32,
    conversation: ConversationId,
    from: Seq,
    to: Seq,
) -> Outcome<()> {
    socket
        .send(&ClientFrame::Fetch {
            request,
            conversation,
            from,
            to,
        })
        .await?;
    loop {
        match socket.next().await? {
            ServerFrame::Page {
                request: answered,
                page,
            } if answered == request => {
                let whole = page.messages.len() as u64 == to.since(from.prev());
                let ends = page.messages.first().map(|m| m.seq) == Some(from)
                    && page.messages.last().map(|m| m.seq) == Some(to);
                return if whole && ends {
                    Ok(())
                } else {
                    Err(Failure::new(format!("not the page from {from} to {to}")))
                };
            }
            ServerFrame::Refused { code, .. } | ServerFrame::Error { code } => {
                return Err(Failure::new(format!("the server refused: {code:?}")));
            }
            _ => {}
        }
    }
}

/// Fills the conversation through the socket, both members sending.
async fn fill(
    options: &Options,
    server: &Subject,
    people: &Arc<[Person]>,
    conversation: ConversationId,
) -> Outcome<String> {
    let started = Instant::now();
    let left = Arc::new(AtomicU64::new(options.messages));
    let mut tasks = JoinSet::new();
    for (n, person) in (0_u64..).zip(people.iter()) {
        let route = person.route(server.address);
        let socket = Socket::open_and_resume(&route, Vec::new(), drop).await?;
        let left = Arc::clone(&left);
        tasks.spawn(async move {
            let mut filler = Filler {
                socket,
                conversation,
                text: text(),
                newest: Seq::ZERO,
                sent: 0,
                number: n,
                unacked: VecDeque::new(),
                left,
            };
            filler.run().await?;
            filler.socket.close().await;
            Outcome::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    let seconds = started.elapsed().as_secs_f64();
    let note = format!(
        "row d: filled {} messages in {seconds:.1} s, {:.0}/s into one conversation, by two connections",
        options.messages,
        options.messages as f64 / seconds,
    );
    eprintln!("{note}");
    Ok(note)
}

/// One member writing as fast as acks come.
struct Filler {
    socket: Socket,
    conversation: ConversationId,
    text: String,
    newest: Seq,
    sent: u64,
    number: u64,
    unacked: VecDeque<(SendId, Seq)>,
    left: Arc<AtomicU64>,
}

impl Filler {
    async fn run(&mut self) -> Outcome<()> {
        loop {
            while self.unacked.len() < UNDER_WAY && self.take() {
                let random = (u128::from(self.number) << 64) | u128::from(self.sent);
                let id = SendId::from_parts(Timestamp::from_millis(2), random);
                self.sent += 1;
                self.unacked.push_back((id, self.newest));
                self.queue(id, self.newest, false)?;
            }
            if self.unacked.is_empty() {
                return Ok(());
            }
            core::future::poll_fn(|cx| self.socket.poll_flush(cx)).await?;
            match self.socket.next().await? {
                ServerFrame::Ack { send_id, seq, .. } => {
                    self.newest = self.newest.max(seq);
                    self.unacked.retain(|(id, _)| *id != send_id);
                }
                ServerFrame::Event { message } => self.newest = self.newest.max(message.seq),
                ServerFrame::Resync => self.resync()?,
                ServerFrame::Reject { code, .. } => {
                    return Err(Failure::new(format!("the server refused: {code:?}")));
                }
                _ => {}
            }
        }
    }

    /// Takes one of the messages that are left to write.
    fn take(&self) -> bool {
        self.left
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            })
            .is_ok()
    }

    fn resync(&mut self) -> Outcome<()> {
        let point = ResumePoint {
            conversation: self.conversation,
            seq: self.newest,
        };
        self.socket.queue(&ClientFrame::Hello {
            resume: vec![point],
        })?;
        for (id, after) in self.unacked.clone() {
            self.queue(id, after, true)?;
        }
        Ok(())
    }

    fn queue(&mut self, send_id: SendId, after: Seq, retry: bool) -> Outcome<()> {
        self.socket.queue(&ClientFrame::Send {
            send_id,
            conversation: self.conversation,
            intent: Intent::Text {
                text: self.text.clone(),
                reply_to: None,
            },
            after,
            retry,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Depth, place};
    use protocol::Seq;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn pages_lie_where_they_should() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        for _ in 0..1_000 {
            let (from, to) = place(Depth::At(100_000), 1_000_000, &mut random);
            assert_eq!(to.since(from), 49);
            assert!(to.0 <= 900_000 && to.0 >= 890_000);
            let (from, to) = place(Depth::At(999_000), 1_000_000, &mut random);
            assert!(from >= Seq(1) && to.0 <= 1_000);
        }
    }
}
