//! What one line of a timeline is.

use protocol::{Content, ErrorCode, SendId, Seq, Timestamp, UserId};

/// The identity of a row, the same for the echo and for the stored message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RowKey {
    /// Who wrote it.
    pub author: UserId,
    /// The author's id of it.
    pub send_id: SendId,
}

/// How far a message is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Delivery {
    /// On its way, or waiting for a connection.
    Sending,
    /// Not sent. It may be retried or discarded.
    Failed {
        /// Why; `None` if there was no answer in time.
        code: Option<ErrorCode>,
    },
    /// Stored by the server.
    Sent,
}

/// A line of a timeline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Its identity.
    pub key: RowKey,
    /// Its place; `None` for an echo.
    pub seq: Option<Seq>,
    /// When the server took it, or when it was written.
    pub sent_at: Timestamp,
    /// What it says.
    pub content: Content,
    /// How far it is.
    pub delivery: Delivery,
}

/// The state of the older end of a timeline.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Older {
    /// There may be older messages; ask with [`crate::Input::LoadOlder`].
    More,
    /// They are on their way.
    Loading,
    /// They did not come; [`crate::Input::LoadOlder`] tries again.
    Failed,
    /// The first row is the first message.
    AtStart,
    /// As many rows are held as this client holds; no older ones are loaded.
    Full,
}
