//! How often what may be tried.
//!
//! | What | Per | At once | Then one in |
//! |---|---|---|---|
//! | sign-in attempts | address | 60 | 1 s |
//! | sign-in attempts | site | 480 | 0.125 s |
//! | failed sign-ins | login and site | 10 | 60 s |
//! | failed sign-ins | login | 30 | 30 s |
//! | sign-ups | address | 30 | 30 s |
//! | sign-ups | site | 240 | 3.75 s |
//! | searches for people | account | 30 | 0.5 s |
//! | searches for messages | account | 30 | 0.5 s |
//! | conversations opened | account | 60 | 5 s |
//! | links made | account | 30 | 60 s |
//! | links that lead nowhere | account | 20 | 30 s |
//! | links that lead nowhere | address | 60 | 10 s |
//! | changes of the name | account | 5 | 12 min |
//! | exports of everything | account | 4 | 15 min |
//! | messages sent | account | 200 | 0.1 s |
//! | conversations arranged | account | 200 | 0.5 s |
//!
//! Failures count against what the login means, whether or not there is such an account, so
//! the limit says nothing about who has one. Whoever is asked for their password while signed in,
//! to choose another, guesses at the same limits as at sign-in by username. One site cannot use up what a login has: its owner
//! gets in from elsewhere. A few sites together can, see docs/threat-model.md; whoever is signed
//! in stays signed in. An address of IPv6 is its /64, the least that one customer gets, and its
//! site the /48, the most; an address of IPv4 is its own site.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use protocol::{Timestamp, UserId};

use super::login::Login;
use crate::ChatError;
use crate::rate_limit::{Limiter, Rate};

const fn rate(burst: u32, every_ms: u64) -> Rate {
    Rate { burst, every_ms }
}

const SIGN_INS_PER_ADDRESS: Rate = rate(60, 1_000);
const SIGN_INS_PER_SITE: Rate = rate(480, 125);
const FAILURES_PER_LOGIN_AND_SITE: Rate = rate(10, 60_000);
const FAILURES_PER_LOGIN: Rate = rate(30, 30_000);
const SIGN_UPS_PER_ADDRESS: Rate = rate(30, 30_000);
const SIGN_UPS_PER_SITE: Rate = rate(240, 3_750);
const SEARCHES_PER_USER: Rate = rate(30, 500);
const MESSAGE_SEARCHES_PER_USER: Rate = rate(30, 500);
const OPENED_PER_USER: Rate = rate(60, 5_000);
const LINKS_PER_USER: Rate = rate(30, 60_000);
const DEAD_LINKS_PER_USER: Rate = rate(20, 30_000);
const DEAD_LINKS_PER_ADDRESS: Rate = rate(60, 10_000);
// Each is told in many conversations.
const RENAMES_PER_USER: Rate = rate(5, 12 * 60_000);
// Each reads everything that an account can read.
const EXPORTS_PER_USER: Rate = rate(4, 15 * 60_000);
// Each is read by a person.
const REPORTS_PER_USER: Rate = rate(10, 60_000);
// Nobody writes like this for long; an outbox that comes back after a day may.
const SENT_PER_USER: Rate = rate(200, 100);

// As many as somebody tidies up at once; each waits for the disk.
const ARRANGED_PER_USER: Rate = rate(200, 500);

/// Milliseconds between two sweeps of the tables.
const SWEEP_MS: u64 = 60_000;

/// Keys that each table remembers; about 2 MB when full.
const KEYS: usize = 50_000;

/// All limits of accounts.
pub(crate) struct Limits {
    enabled: bool,
    /// Keyed by a secret of this process, so that nobody can choose logins that collide.
    logins: RandomState,
    tables: Mutex<Tables>,
    refused: AtomicU64,
}

struct Tables {
    sign_ins: Limiter<IpAddr>,
    site_sign_ins: Limiter<IpAddr>,
    failures_there: Limiter<(u64, IpAddr)>,
    failures: Limiter<u64>,
    sign_ups: Limiter<IpAddr>,
    site_sign_ups: Limiter<IpAddr>,
    searches: Limiter<UserId>,
    message_searches: Limiter<UserId>,
    opened: Limiter<UserId>,
    links: Limiter<UserId>,
    dead_links: Limiter<UserId>,
    address_dead_links: Limiter<IpAddr>,
    renames: Limiter<UserId>,
    exports: Limiter<UserId>,
    sent: Limiter<UserId>,
    arranged: Limiter<UserId>,
    reports: Limiter<UserId>,
    swept_at: Timestamp,
}

/// A sign-in under way. It counts as failed until [`Limits::forgive`].
#[derive(Debug)]
pub(crate) struct Attempt {
    login: u64,
    site: IpAddr,
}

impl Limits {
    pub(crate) fn new(enabled: bool) -> Self {
        Self {
            enabled,
            logins: RandomState::new(),
            tables: Mutex::new(Tables {
                sign_ins: Limiter::new(SIGN_INS_PER_ADDRESS, KEYS),
                site_sign_ins: Limiter::new(SIGN_INS_PER_SITE, KEYS),
                failures_there: Limiter::new(FAILURES_PER_LOGIN_AND_SITE, KEYS),
                failures: Limiter::new(FAILURES_PER_LOGIN, KEYS),
                sign_ups: Limiter::new(SIGN_UPS_PER_ADDRESS, KEYS),
                site_sign_ups: Limiter::new(SIGN_UPS_PER_SITE, KEYS),
                searches: Limiter::new(SEARCHES_PER_USER, KEYS),
                message_searches: Limiter::new(MESSAGE_SEARCHES_PER_USER, KEYS),
                opened: Limiter::new(OPENED_PER_USER, KEYS),
                links: Limiter::new(LINKS_PER_USER, KEYS),
                dead_links: Limiter::new(DEAD_LINKS_PER_USER, KEYS),
                address_dead_links: Limiter::new(DEAD_LINKS_PER_ADDRESS, KEYS),
                renames: Limiter::new(RENAMES_PER_USER, KEYS),
                exports: Limiter::new(EXPORTS_PER_USER, KEYS),
                sent: Limiter::new(SENT_PER_USER, KEYS),
                arranged: Limiter::new(ARRANGED_PER_USER, KEYS),
                reports: Limiter::new(REPORTS_PER_USER, KEYS),
                swept_at: Timestamp::default(),
            }),
            refused: AtomicU64::new(0),
        }
    }

    /// Counts a sign-in as failed before it is known, so that many at once cannot all pass
    /// before the first failure is counted.
    pub(crate) fn sign_in(
        &self,
        address: IpAddr,
        login: &Login,
        now: Timestamp,
    ) -> Result<Attempt, ChatError> {
        let attempt = Attempt {
            login: self.logins.hash_one(login),
            site: site(address),
        };
        self.check(|tables| {
            tables.sign_ins.take(customer(address), now)?;
            tables.site_sign_ins.take(attempt.site, now)?;
            let there = (attempt.login, attempt.site);
            tables.failures_there.take(there, now)?;
            tables
                .failures
                .take(attempt.login, now)
                .inspect_err(|_| tables.failures_there.give_back(there))
        })?;
        Ok(attempt)
    }

    /// The attempt was no wrong guess.
    pub(crate) fn forgive(&self, attempt: &Attempt) {
        if self.enabled {
            let mut tables = self.tables.lock();
            tables.failures.give_back(attempt.login);
            tables
                .failures_there
                .give_back((attempt.login, attempt.site));
        }
    }

    pub(crate) fn sign_up(&self, address: IpAddr, now: Timestamp) -> Result<(), ChatError> {
        self.check(|tables| {
            tables.sign_ups.take(customer(address), now)?;
            tables.site_sign_ups.take(site(address), now)
        })
    }

    pub(crate) fn search(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.check(|tables| tables.searches.take(user, now))
    }

    pub(crate) fn search_messages(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.check(|tables| tables.message_searches.take(user, now))
    }

    pub(crate) fn open(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.check(|tables| tables.opened.take(user, now))
    }

    pub(crate) fn link(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.check(|tables| tables.links.take(user, now))
    }

    /// Counts a link as one that leads nowhere before it is known, see [`Self::leads`].
    pub(crate) fn follow_link(
        &self,
        user: UserId,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let address = customer(address);
        self.check(|tables| {
            tables.dead_links.take(user, now)?;
            tables
                .address_dead_links
                .take(address, now)
                .inspect_err(|_| tables.dead_links.give_back(user))
        })
    }

    /// The link was no guess.
    pub(crate) fn leads(&self, user: UserId, address: IpAddr) {
        if self.enabled {
            let mut tables = self.tables.lock();
            tables.dead_links.give_back(user);
            tables.address_dead_links.give_back(customer(address));
        }
    }

    pub(crate) fn rename(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.check(|tables| tables.renames.take(user, now))
    }

    pub(crate) fn export(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.check(|tables| tables.exports.take(user, now))
    }

    pub(crate) fn send(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.check(|tables| tables.sent.take(user, now))
    }

    pub(crate) fn arrange(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.check(|tables| tables.arranged.take(user, now))
    }

    pub(crate) fn report(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.check(|tables| tables.reports.take(user, now))
    }

    /// Forgets whoever has been quiet; goes through the tables once a minute at most.
    pub(crate) fn forget_idle(&self, now: Timestamp) {
        let mut tables = self.tables.lock();
        if now.millis_since(tables.swept_at) < SWEEP_MS {
            return;
        }
        tables.swept_at = now;
        tables.sign_ins.forget_idle(now);
        tables.site_sign_ins.forget_idle(now);
        tables.failures_there.forget_idle(now);
        tables.failures.forget_idle(now);
        tables.sign_ups.forget_idle(now);
        tables.site_sign_ups.forget_idle(now);
        tables.searches.forget_idle(now);
        tables.message_searches.forget_idle(now);
        tables.opened.forget_idle(now);
        tables.links.forget_idle(now);
        tables.dead_links.forget_idle(now);
        tables.address_dead_links.forget_idle(now);
        tables.renames.forget_idle(now);
        tables.exports.forget_idle(now);
        tables.sent.forget_idle(now);
        tables.arranged.forget_idle(now);
        tables.reports.forget_idle(now);
    }

    /// How many were refused, those by a full queue of password hashes included.
    pub(crate) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    pub(crate) fn count_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    fn check(&self, take: impl FnOnce(&mut Tables) -> Result<(), u64>) -> Result<(), ChatError> {
        if !self.enabled {
            return Ok(());
        }
        let taken = take(&mut self.tables.lock());
        taken.map_err(|retry_after_ms| {
            self.count_refused();
            ChatError::RateLimited { retry_after_ms }
        })
    }
}

/// What one customer of a provider has at least: an address of IPv4, a /64 of IPv6.
fn customer(address: IpAddr) -> IpAddr {
    network(address, 64)
}

/// What one customer has at most: an address of IPv4, a /48 of IPv6.
fn site(address: IpAddr) -> IpAddr {
    network(address, 48)
}

fn network(address: IpAddr, bits: u32) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let host = u128::MAX.checked_shr(bits).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from(u128::from(address) & !host))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests;
