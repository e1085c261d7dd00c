//! The life of the connection: which state, what happened, what to do.

mod event;

use protocol::{CloseCode, Timestamp};

use crate::backoff::Backoff;
use crate::downtime::Downtime;

pub(crate) use event::{Action, Event};

/// Why there will be no further connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EndReason {
    /// The session was signed out, revoked or expired.
    SignedOut,
    /// The server does not speak this version any more; reload.
    Outdated,
}

/// Silence after which a ping asks whether anybody is there.
const SILENCE_MS: u64 = 30_000;
/// Silence after the ping that means nobody is.
const PONG_MS: u64 = 10_000;
/// The longest wait for a socket to open, for `Welcome`, or for the session's refresh.
const OPENING_MS: u64 = 15_000;
/// The pause between attempts while the browser says that there is no network. It may be
/// wrong, for example about a server on the same machine.
const OFFLINE_PROBE_MS: u64 = 30_000;
/// A connection that lasted this long was a good one: counting attempts begins anew.
const STABLE_MS: u64 = 10_000;
/// A session that was refreshed less than this long ago is not the reason for a failed upgrade.
const REFRESHED_MS: u64 = 5 * 60 * 1_000;
/// After a frame less than this long ago, nobody asks whether the connection still lives.
const FRESH_MS: u64 = 5_000;
/// The attempt that an overloaded server's "later" counts as.
const LATER_ATTEMPT: u32 = 4;

/// Where the connection is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    /// Not asked to start yet.
    Stopped,
    /// A socket is being opened.
    Connecting { until: Timestamp },
    /// The upgrade was refused or failed; the session is being refreshed.
    Refreshing { until: Timestamp },
    /// `Hello` is sent, `Welcome` is due.
    Greeting { until: Timestamp },
    /// What was missed comes in.
    Resuming,
    /// Frames flow in both directions.
    Live,
    /// The next attempt is due later.
    Waiting { until: Timestamp },
    /// As `Waiting`, and the browser says that there is no network.
    Offline { until: Timestamp },
    /// Too many connections of one account, this was the oldest. Connecting again by itself
    /// would push out the next one, and so on in a circle.
    Replaced,
    /// For good, unless somebody signs in again.
    Ended(EndReason),
}

/// The connection of one tab.
#[derive(Debug)]
pub(crate) struct Session {
    state: State,
    backoff: Backoff,
    /// Attempts since the last good connection.
    attempt: u32,
    /// Attempts that failed since the last live connection.
    failures: u32,
    refreshed_at: Option<Timestamp>,
    heard_at: Timestamp,
    pinged_at: Option<Timestamp>,
    pings: u32,
    drain_ms: Option<u32>,
    no_network: bool,
    downtime: Downtime,
    actions: Vec<Action>,
}

impl Session {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            state: State::Stopped,
            backoff: Backoff::new(seed),
            attempt: 0,
            failures: 0,
            refreshed_at: None,
            heard_at: Timestamp::default(),
            pinged_at: None,
            pings: 0,
            drain_ms: None,
            no_network: false,
            downtime: Downtime::default(),
            actions: Vec::new(),
        }
    }

    pub(crate) const fn state(&self) -> State {
        self.state
    }

    pub(crate) fn is_live(&self) -> bool {
        self.state == State::Live
    }

    /// Whether a connection is coming up and none has failed since there was one.
    pub(crate) const fn is_first_attempt(&self) -> bool {
        let is_over = matches!(self.state, State::Ended(_) | State::Replaced);
        !is_over && !self.no_network && self.failures == 0
    }

    pub(crate) const fn no_network(&self) -> bool {
        self.no_network
    }

    pub(crate) const fn failures(&self) -> u32 {
        self.failures
    }

    pub(crate) const fn downtime(&self) -> &Downtime {
        &self.downtime
    }

    fn is_connected(&self) -> bool {
        matches!(
            self.state,
            State::Greeting { .. } | State::Resuming | State::Live
        )
    }

    fn may_try_now(&self) -> bool {
        matches!(
            self.state,
            State::Waiting { .. } | State::Offline { .. } | State::Replaced
        )
    }

    /// Takes what happened; returns what to do, in that order.
    pub(crate) fn step(&mut self, event: Event, now: Timestamp) -> Vec<Action> {
        match event {
            Event::Start => {
                if matches!(
                    self.state,
                    State::Stopped | State::Ended(EndReason::SignedOut)
                ) {
                    self.connect(now);
                }
            }
            Event::NetworkOnline => {
                self.no_network = false;
                if matches!(self.state, State::Waiting { .. } | State::Offline { .. }) {
                    self.attempt = 0;
                    self.connect(now);
                }
            }
            Event::NetworkOffline => self.lose_network(now),
            Event::BecameVisible => {
                if self.may_try_now() {
                    self.connect(now);
                } else if self.is_connected() && now.millis_since(self.heard_at) >= FRESH_MS {
                    self.ping(now);
                }
            }
            Event::ConnectNow if self.may_try_now() => self.connect(now),
            Event::ConnectNow => {}
            Event::Opened => self.opened(now),
            Event::Closed(code) => self.closed(code, now),
            Event::Heard => {
                self.heard_at = now;
                self.pinged_at = None;
            }
            Event::Welcome if matches!(self.state, State::Greeting { .. }) => {
                self.state = State::Resuming;
                // Evidence beats what the browser believes.
                self.no_network = false;
                self.refreshed_at = None;
            }
            Event::Welcome => {}
            Event::Resumed => self.resumed(now),
            Event::Resync => self.resync(now),
            Event::Draining { reconnect_after_ms } => self.drain_ms = Some(reconnect_after_ms),
            Event::Refreshed => {
                if matches!(self.state, State::Refreshing { .. }) {
                    self.refreshed_at = Some(now);
                    self.connect(now);
                }
            }
            Event::RefreshFailed => {
                if matches!(self.state, State::Refreshing { .. }) {
                    self.wait(now);
                }
            }
            Event::Gone(reason) => {
                self.drop_socket(now);
                self.state = State::Ended(reason);
            }
            Event::Tick => self.tick(now),
        }
        std::mem::take(&mut self.actions)
    }

    /// When [`Event::Tick`] is needed next.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        match self.state {
            State::Connecting { until }
            | State::Refreshing { until }
            | State::Greeting { until }
            | State::Waiting { until }
            | State::Offline { until } => Some(until),
            State::Resuming | State::Live => Some(self.pinged_at.map_or_else(
                || self.heard_at.plus_millis(SILENCE_MS),
                |at| at.plus_millis(PONG_MS),
            )),
            State::Stopped | State::Replaced | State::Ended(_) => None,
        }
    }

    fn connect(&mut self, now: Timestamp) {
        self.downtime.begin(now);
        self.state = State::Connecting {
            until: now.plus_millis(OPENING_MS),
        };
        self.actions.push(Action::Connect);
    }

    fn opened(&mut self, now: Timestamp) {
        if !matches!(self.state, State::Connecting { .. }) {
            return;
        }
        self.heard_at = now;
        self.pinged_at = None;
        self.drain_ms = None;
        self.greet(now);
    }

    fn greet(&mut self, now: Timestamp) {
        self.state = State::Greeting {
            until: now.plus_millis(OPENING_MS),
        };
        self.actions.push(Action::Hello);
    }

    fn resumed(&mut self, now: Timestamp) {
        if matches!(self.state, State::Greeting { .. } | State::Resuming) {
            self.state = State::Live;
            self.failures = 0;
            self.downtime.end(now);
            self.actions.push(Action::Live);
        }
    }

    fn resync(&mut self, now: Timestamp) {
        if self.is_connected() {
            self.downtime.begin(now);
            self.actions.push(Action::Reset);
            self.greet(now);
        }
    }

    fn closed(&mut self, code: Option<u16>, now: Timestamp) {
        if matches!(self.state, State::Connecting { .. }) {
            // A browser does not say why an upgrade failed; an expired access token is one
            // reason, and refreshing tells.
            self.failures = self.failures.saturating_add(1);
            let refreshed = self
                .refreshed_at
                .is_some_and(|at| now.millis_since(at) < REFRESHED_MS);
            if refreshed || self.no_network {
                self.wait(now);
            } else {
                self.state = State::Refreshing {
                    until: now.plus_millis(OPENING_MS),
                };
                self.actions.push(Action::Refresh);
            }
            return;
        }
        if !self.is_connected() {
            return;
        }
        self.lost(now);
        match code.and_then(CloseCode::from_code) {
            Some(CloseCode::SessionEnded) => self.state = State::Ended(EndReason::SignedOut),
            Some(CloseCode::Replaced) => self.state = State::Replaced,
            Some(CloseCode::TryAgainLater) => {
                self.attempt = self.attempt.max(LATER_ATTEMPT);
                self.wait(now);
            }
            _ => self.wait(now),
        }
    }

    /// An open connection is gone.
    fn lost(&mut self, now: Timestamp) {
        if self.downtime.up_for(now) >= STABLE_MS {
            self.attempt = 0;
        }
        self.downtime.begin(now);
        self.actions.push(Action::Reset);
    }

    /// Closes whatever is open or being opened.
    fn drop_socket(&mut self, now: Timestamp) {
        if self.is_connected() {
            self.actions.push(Action::Close);
            self.lost(now);
        } else if matches!(self.state, State::Connecting { .. }) {
            self.actions.push(Action::Close);
        }
    }

    fn wait(&mut self, now: Timestamp) {
        if self.no_network {
            self.state = State::Offline {
                until: now.plus_millis(OFFLINE_PROBE_MS),
            };
            return;
        }
        let delay = match self.drain_ms.take() {
            Some(told) => u64::from(told),
            None => self.backoff.delay(self.attempt),
        };
        self.attempt = self.attempt.saturating_add(1);
        self.state = State::Waiting {
            until: now.plus_millis(delay),
        };
    }

    fn lose_network(&mut self, now: Timestamp) {
        self.no_network = true;
        self.drop_socket(now);
        if !matches!(
            self.state,
            State::Stopped | State::Replaced | State::Ended(_)
        ) {
            self.wait(now);
        }
    }

    fn ping(&mut self, now: Timestamp) {
        if self.pinged_at.is_none() {
            self.pings = self.pings.wrapping_add(1);
            self.pinged_at = Some(now);
            self.actions.push(Action::Ping(self.pings));
        }
    }

    fn tick(&mut self, now: Timestamp) {
        if self.deadline().is_none_or(|deadline| deadline > now) {
            return;
        }
        match self.state {
            State::Waiting { .. } | State::Offline { .. } => self.connect(now),
            State::Refreshing { .. } => self.wait(now),
            State::Connecting { .. } => {
                self.failures = self.failures.saturating_add(1);
                self.drop_socket(now);
                self.wait(now);
            }
            State::Resuming | State::Live if self.pinged_at.is_none() => self.ping(now),
            State::Greeting { .. } | State::Resuming | State::Live => {
                self.failures = self.failures.saturating_add(1);
                self.drop_socket(now);
                self.wait(now);
            }
            State::Stopped | State::Replaced | State::Ended(_) => {}
        }
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
