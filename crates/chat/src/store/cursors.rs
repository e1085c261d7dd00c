//! How far members have read, and when they came there.

use protocol::{ConversationId, Seq, Timestamp, UserId};

/// A read cursor to be saved, and how far a member's devices are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadCursor {
    /// Where.
    pub conversation: ConversationId,
    /// Whose.
    pub user: UserId,
    /// The newest place seen.
    pub seq: Seq,
    /// The newest place that a device has, where that is kept; [`Seq::ZERO`] elsewhere.
    pub delivered: Seq,
    /// The move that led there or near, where its time is kept.
    pub moved: Option<CursorMove>,
}

/// When a read cursor passed places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CursorMove {
    /// Where it was before.
    pub after: Seq,
    /// Where it came.
    pub to: Seq,
    /// When.
    pub at: Timestamp,
}

impl CursorMove {
    /// Whether a place was passed by it.
    #[must_use]
    pub fn passed(&self, seq: Seq) -> bool {
        self.after < seq && seq <= self.to
    }
}

/// Moves that are kept of one cursor. What was read before them has no time any more.
pub const CURSOR_MOVES: usize = 32;
