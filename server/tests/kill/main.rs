//! Kills the server under load, again and again, and checks after every restart that nothing
//! acked is lost, nothing is there twice, and everybody sees the same order.
//!
//! Rounds: `BAATCHEET_ROUNDS` (50). Seed: `BAATCHEET_SEED` (drawn and printed). In every round
//! the server starts on the data it left, all clients come back, send again what was not
//! acked, and read everything; then they write until the server is killed, at a random moment
//! or at a named point of the commit. At the end the same test runs on a store that acks
//! before it commits: there the checker must find losses, or it could not find any.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what is not as expected fails the test"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "a drill with real processes: it kills at a moment and is steered from outside"
)]

mod checker;
mod client;
mod faulty_store;
mod life;
mod self_check;

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::timeout;

use checker::{History, Invariant, Violation, Witness, check, violation};
use client::{Client, Gone, Line};
use faulty_store::Fault;
use life::{Cast, Life};

/// Kills in all, unless the environment says otherwise.
const ROUNDS: u32 = 50;
/// Kills on one data directory.
const ROUNDS_PER_DIRECTORY: u32 = 10;
/// Clients: everybody once, and some with a second device.
const CLIENTS: usize = 200;
/// The latest random moment of a kill.
const LATEST_KILL: Duration = Duration::from_millis(2_000);
/// A settling that takes longer than this never ends.
const SETTLE: Duration = Duration::from_secs(60);
/// A process that was killed is gone within this.
const PART: Duration = Duration::from_secs(10);
/// How long a commit is held back by the store that acks before it.
const HELD_BACK_MS: u64 = 300;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    // As the server's program makes it: the database needs deep stacks.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(10 << 20)
        .build()
        .expect("a runtime");
    match args
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        [_, "--serve", data, fault] => {
            let fault = fault.parse().expect("a fault");
            runtime.block_on(life::serve(Path::new(data), fault));
            ExitCode::SUCCESS
        }
        // What test runners ask to know the tests by name.
        [_, rest @ ..] if rest.contains(&"--list") => {
            eprintln!("kill: test");
            ExitCode::SUCCESS
        }
        _ => runtime.block_on(test()),
    }
}

async fn test() -> ExitCode {
    self_check::run();
    let seed = number("BAATCHEET_SEED").unwrap_or_else(|| rand::rng().random());
    let rounds = number("BAATCHEET_ROUNDS").map_or(ROUNDS, |n| u32::try_from(n).unwrap_or(ROUNDS));
    eprintln!("kill test: {rounds} rounds, BAATCHEET_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let started = Instant::now();

    let mut left = rounds;
    let mut total = Tally::default();
    while left > 0 {
        let now = left.min(ROUNDS_PER_DIRECTORY);
        left -= now;
        let faults = (0..now).map(|n| plan(n, &mut random)).collect();
        total.add(story(faults, random.random()).await);
    }
    eprintln!(
        "kill test: {} kills, {} messages acked, {} sent again and acked, slowest start {:.1?}, \
         slowest return of all {:.1?}, {:.0?} in all",
        total.kills,
        total.acked,
        total.retried,
        total.slowest_start,
        total.slowest_return,
        started.elapsed(),
    );
    for violation in &total.violations {
        eprintln!("VIOLATION {violation}");
    }

    let control = vec![Kill::At(
        Fault::AckBeforeCommit(HELD_BACK_MS),
        Duration::from_millis(1_000),
    )];
    let control = story(control, random.random()).await.violations;
    let found: HashSet<Invariant> = control.iter().map(|found| found.invariant).collect();
    let control_failed = found.contains(&Invariant::Durable);
    eprintln!(
        "null control (acks before it commits): {} violations, {}",
        control.len(),
        if control_failed {
            "as it must be"
        } else {
            "but no loss was found"
        },
    );
    if total.violations.is_empty() && control_failed && total.acked > 0 {
        ExitCode::SUCCESS
    } else {
        eprintln!("kill test FAILED, BAATCHEET_SEED={seed}");
        ExitCode::FAILURE
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// When a life ends.
#[derive(Debug, Clone, Copy)]
enum Kill {
    /// By the test, so long after the clients have begun to write.
    At(Fault, Duration),
    /// By the store, at its named point.
    ByStore(Fault),
}

/// Half of the kills are at random moments, a quarter at each named point.
fn plan(round: u32, random: &mut StdRng) -> Kill {
    // Commits gather what arrives meanwhile, so a second has some hundreds of them at most.
    let n = random.random_range(1..150);
    match round % 4 {
        1 => Kill::ByStore(Fault::BeforeCommit(n)),
        3 => Kill::ByStore(Fault::AfterCommit(n)),
        _ => Kill::At(
            Fault::None,
            random.random_range(Duration::ZERO..LATEST_KILL),
        ),
    }
}

#[derive(Default)]
struct Tally {
    kills: u32,
    acked: usize,
    retried: usize,
    slowest_start: Duration,
    slowest_return: Duration,
    violations: Vec<Violation>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.kills += other.kills;
        self.acked += other.acked;
        self.retried += other.retried;
        self.slowest_start = self.slowest_start.max(other.slowest_start);
        self.slowest_return = self.slowest_return.max(other.slowest_return);
        self.violations.extend(other.violations);
    }
}

/// All lives of the server on one data directory, and one more in the end to check the last.
async fn story(kills: Vec<Kill>, seed: u64) -> Tally {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path();
    let mut random = StdRng::seed_from_u64(seed);
    let mut tally = Tally::default();
    let mut clients = Vec::new();
    for kill in kills.into_iter().map(Some).chain([None]) {
        let fault = match kill {
            Some(Kill::At(fault, _) | Kill::ByStore(fault)) => fault,
            None => Fault::None,
        };
        let started = Instant::now();
        let Some(mut life) = Life::begin(data, fault).await else {
            tally.kills += 1;
            continue;
        };
        tally.slowest_start = tally.slowest_start.max(started.elapsed());
        if clients.is_empty() {
            clients = make_clients(data, random.random());
        }
        let waiting: usize = clients.iter().map(Client::waiting).sum();
        let started = Instant::now();
        let settled = settle(&life, clients, &mut tally).await;
        clients = settled.clients;
        if settled.lines.is_empty() {
            // Killed while the clients were coming back; if not, it had no reason to part.
            if timeout(PART, life.ended()).await.is_err() {
                let text = "the server closed connections and lived".to_owned();
                tally.violations.push(violation(Invariant::Retries, text));
                life.kill().await;
            }
            tally.kills += 1;
            continue;
        }
        tally.retried += waiting;
        tally.slowest_return = tally.slowest_return.max(started.elapsed());
        let Some(kill) = kill else {
            life.kill().await;
            continue;
        };
        clients = talk(life, clients, settled.lines, kill).await;
        tally.kills += 1;
    }
    tally.acked = clients.iter().map(Client::acked).sum();
    for client in &mut clients {
        tally.violations.extend(client.violations());
    }
    if !tally.violations.is_empty() {
        show_log(data);
    }
    tally
}

fn make_clients(data: &Path, seed: u64) -> Vec<Client> {
    let cast = Cast::read(data);
    (0..CLIENTS)
        .zip(0_u32..)
        .filter_map(|(n, number)| {
            let person = n % cast.accounts.len();
            let account = cast.accounts.get(person)?;
            let conversations = cast
                .conversations
                .iter()
                .filter(|(_, one, other)| *one == person || *other == person)
                .map(|(id, ..)| *id);
            let token = account.token.clone();
            Some(Client::new(
                number,
                account.user,
                token,
                conversations,
                seed,
            ))
        })
        .collect()
}

/// Everybody came back, or the server went while they did: then there are no lines.
struct Settled {
    clients: Vec<Client>,
    lines: BTreeMap<u32, Line>,
}

/// Brings all clients back and checks what they find.
async fn settle(life: &Life, clients: Vec<Client>, tally: &mut Tally) -> Settled {
    let address = life.address;
    let all = Arc::new(Barrier::new(clients.len()));
    let mut tasks = JoinSet::new();
    for mut client in clients {
        let all = Arc::clone(&all);
        tasks.spawn(async move {
            let settled = timeout(SETTLE, client.settle(address, &all)).await;
            (client, settled)
        });
    }
    let mut clients = Vec::new();
    let mut lines = BTreeMap::new();
    let mut histories: Vec<History> = Vec::new();
    let mut gone = false;
    for (client, settled) in tasks.join_all().await {
        match settled {
            Ok(Ok((line, read))) => {
                lines.insert(client.number(), line);
                histories.extend(read);
            }
            Ok(Err(Gone)) => gone = true,
            Err(_) => {
                gone = true;
                let text = format!("client {} did not settle", client.number());
                tally.violations.push(violation(Invariant::Retries, text));
            }
        }
        clients.push(client);
    }
    clients.sort_unstable_by_key(Client::number);
    if gone {
        lines.clear();
    } else {
        let witnesses: Vec<Witness> = clients.iter().map(Client::witness).collect();
        tally.violations.extend(check(&witnesses, &histories));
    }
    Settled { clients, lines }
}

/// Lets everybody write until the server is killed.
async fn talk(
    mut life: Life,
    clients: Vec<Client>,
    mut lines: BTreeMap<u32, Line>,
    kill: Kill,
) -> Vec<Client> {
    let mut tasks = JoinSet::new();
    for mut client in clients {
        let line = lines.remove(&client.number());
        tasks.spawn(async move {
            if let Some(line) = line {
                client.talk(line).await;
            }
            client
        });
    }
    match kill {
        Kill::At(_, after) => {
            // The moment is the fault: nothing tells when it has come.
            tokio::time::sleep(after).await;
            life.kill().await;
        }
        Kill::ByStore(_) => {
            if timeout(SETTLE, life.ended()).await.is_err() {
                life.kill().await;
            }
        }
    }
    let mut clients = tasks.join_all().await;
    clients.sort_unstable_by_key(Client::number);
    clients
}

/// What the server had to say about it.
fn show_log(data: &Path) {
    let log = std::fs::read_to_string(data.join("server.log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    for line in lines.iter().skip(lines.len().saturating_sub(20)) {
        eprintln!("server: {line}");
    }
}
