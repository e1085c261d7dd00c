//! Which messages are in which thread, so that a part of one is read by its exact places.

use async_trait::async_trait;
use protocol::{ConversationId, Seq};

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
}
