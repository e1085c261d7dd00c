//! What the strip above the composer says about the connection.

use crate::EndReason;

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
