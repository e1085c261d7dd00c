//! Two or three clients and a server under thousands of broken networks: messages, edits,
//! deletions, reactions, pins, polls, threads, groups, comings and goings from all sides,
//! conversations that people arrange for themselves, and what they delete for themselves alone,
//! are to be reminded of and say of themselves,
//! cut and silent sockets, slow readers, lost acks, tabs closed before they have stored what
//! was written, servers that crash, databases that fail. Afterwards the network heals, and
//! every client shows what the server has: each message once, in the order its author wrote it.
//!
//! Nothing here waits for real time and everything is drawn from a seed, so a failure is run
//! again, and told step by step, with `BAATCHEET_SEED=<seed>`. `BAATCHEET_SCHEDULES=<number>`
//! runs more or fewer of them.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed unwrap fails the test"
)]

mod altering;
mod arranging;
mod checker;
mod compare;
mod device;
mod disk;
mod dismissing;
mod faulty_store;
mod foldering;
mod link;
mod polling;
mod reminding;
mod requesting;
mod saving;
mod schedule;
mod self_check;
mod standing;
mod tally;
mod threading;
mod world;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use tally::Tally;
use world::World;

/// Schedules that run unless the environment says otherwise.
const SCHEDULES: u64 = 3_000;
/// From so many on, everything that a schedule is there for must have happened.
const ENOUGH: u64 = 1_000;

#[expect(
    clippy::disallowed_methods,
    reason = "a failure is run again with the seed that it printed"
)]
fn from_environment(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap())
}

/// Says how to run a schedule again that panics.
struct Witness(u64);

impl Drop for Witness {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("run it again with BAATCHEET_SEED={}", self.0);
        }
    }
}

fn run(seed: u64, told: bool) -> Tally {
    let _witness = Witness(seed);
    let mut world = World::new(seed, told);
    if let Err(complaint) = world.run() {
        panic!("{complaint}");
    }
    world.tally
}

#[test]
fn clients_and_server_converge_whatever_the_network_does() {
    if let Some(seed) = from_environment("BAATCHEET_SEED") {
        run(seed, true);
        return;
    }
    let schedules = from_environment("BAATCHEET_SCHEDULES").unwrap_or(SCHEDULES);
    let next = AtomicU64::new(0);
    let sum = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= schedules {
                        break;
                    }
                    let tally = run(seed, false);
                    sum.lock().unwrap().add(&tally);
                }
            });
        }
    });
    let sum = sum.into_inner().unwrap();
    println_tally(schedules, &sum);
    if schedules >= ENOUGH {
        everything_happened(&sum);
    }
}

fn println_tally(schedules: u64, sum: &Tally) {
    eprintln!("{schedules} schedules: {sum:?}");
}

#[track_caller]
fn everything_happened(sum: &Tally) {
    let happened = [
        sum.messages,
        sum.cuts,
        sum.crashes,
        sum.drains,
        sum.client_restarts,
        sum.messages_lost_with_a_tab,
        sum.store_failures,
        sum.failed_commits_that_were_stored,
        sum.duplicates_recognised,
        sum.resyncs,
        sum.groups,
        sum.changes,
        sum.managed,
        sum.refused,
        sum.arranged,
        sum.folders,
        sum.saved,
        sum.windows,
        sum.votes,
        sum.dismissed,
        sum.shown_again,
        sum.cleared,
        sum.answers,
        sum.threads,
        sum.reminders,
        sum.statuses,
        sum.slowed,
        sum.accepted,
    ];
    assert!(happened.iter().all(|count| *count > 0), "{sum:?}");
}
