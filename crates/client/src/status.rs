//! What the strip above the composer says about the connection.

use protocol::Timestamp;

use crate::EndReason;
use crate::session::{Session, State};

/// Downtime that is not worth a word.
const QUIET_MS: u64 = 3_000;
/// Attempts in a row after which it is not just an interruption.
const HOPELESS: u32 = 4;

/// The connection as a person is told. Short interruptions are not worth a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// Nothing to say: connected, or not for long enough to mention.
    Quiet,
    /// A connection was lost and is being made again.
    Reconnecting {
        /// Messages that wait for it.
        waiting: usize,
    },
    /// The device has no network.
    Offline {
        /// Messages that wait for it.
        waiting: usize,
    },
    /// There is a network but the server does not answer, several times over.
    CannotConnect {
        /// Messages that wait for it.
        waiting: usize,
    },
    /// There will be no connection any more.
    Ended(EndReason),
}

/// What to say at this moment.
pub(crate) fn status(session: &Session, waiting: usize, now: Timestamp) -> Status {
    match session.state() {
        State::Ended(reason) => return Status::Ended(reason),
        State::Replaced => return Status::CannotConnect { waiting },
        State::Stopped => return Status::Quiet,
        _ => {}
    }
    let downtime = session.downtime();
    if !downtime.is_down() || downtime.total_ms(now) < QUIET_MS {
        Status::Quiet
    } else if session.no_network() {
        Status::Offline { waiting }
    } else if session.failures() >= HOPELESS {
        Status::CannotConnect { waiting }
    } else {
        Status::Reconnecting { waiting }
    }
}

/// When the silence ends, if it has not.
pub(crate) fn deadline(session: &Session, now: Timestamp) -> Option<Timestamp> {
    session
        .downtime()
        .reaches(QUIET_MS)
        .filter(|at| *at > now && !matches!(session.state(), State::Ended(_)))
}
