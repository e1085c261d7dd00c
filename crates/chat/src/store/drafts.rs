//! What people have begun to write.

use async_trait::async_trait;
use bytes::Bytes;
use protocol::{ConversationId, Timestamp, UserId};

use super::StoreError;

/// A draft of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRecord {
    /// Whose; with its conversation its identity.
    pub user: UserId,
    /// Where.
    pub conversation: ConversationId,
    /// When the membership began that it belongs to.
    pub joined_at: Timestamp,
    /// When it was last written.
    pub changed_at: Timestamp,
    /// What it says, sealed.
    pub sealed: Bytes,
}

/// Drafts, as a part of the port.
#[async_trait]
pub trait Drafts: Send + Sync {
    /// The conversations in which an account has one, in any order.
    async fn places(&self, user: UserId) -> Result<Vec<ConversationId>, StoreError>;
    /// Reads one.
    async fn one(
        &self,
        user: UserId,
        conversation: ConversationId,
    ) -> Result<Option<DraftRecord>, StoreError>;
    /// Writes one in the place of an earlier one.
    async fn put(&self, draft: &DraftRecord) -> Result<(), StoreError>;
    /// Deletes one; one that is not there is no error.
    async fn delete(&self, user: UserId, conversation: ConversationId) -> Result<(), StoreError>;
}
