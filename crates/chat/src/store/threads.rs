//! Which messages are in which thread, so that a part of one is read by its exact places; and how
//! far accounts have seen threads.

use async_trait::async_trait;
use protocol::{ConversationId, SavedPlace, SeenThread, Seq, Timestamp, UserId};

use super::StoreError;

/// That a message is in a thread. Written with its row, see [`super::Append::answers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnswerRecord {
    /// Which conversation.
    pub conversation: ConversationId,
    /// The root of the thread.
    pub root: Seq,
    /// The place of the message.
    pub seq: Seq,
}

/// How far an account has seen a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenRecord {
    /// Whose; with the root its identity.
    pub user: UserId,
    /// Which, and how far.
    pub thread: SeenThread,
    /// When that was written.
    pub seen_at: Timestamp,
}

/// Threads, as a part of the port.
#[async_trait]
pub trait Threads: Send + Sync {
    /// The places of the newest answers up to `until`, at most `limit`, the newest first.
    async fn answers(
        &self,
        conversation: ConversationId,
        root: Seq,
        until: Seq,
        limit: usize,
    ) -> Result<Vec<Seq>, StoreError>;
    /// How far an account has seen threads, in any order.
    async fn seen(&self, user: UserId) -> Result<Vec<SeenRecord>, StoreError>;
    /// Writes one in the place of an earlier one.
    async fn put_seen(&self, seen: &SeenRecord) -> Result<(), StoreError>;
    /// Deletes one; one that is not there is no error.
    async fn forget_seen(&self, user: UserId, root: SavedPlace) -> Result<(), StoreError>;
}
