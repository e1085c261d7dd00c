//! Links by which groups are joined, and who may not come by them.

use async_trait::async_trait;
use protocol::{ConversationId, InviteId, Timestamp, UserId};

use super::StoreError;

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteRecord {
    /// Its id.
    pub id: InviteId,
    /// SHA-256 of its secret: unique, and finds it.
    pub hash: [u8; 32],
    /// Where it leads.
    pub conversation: ConversationId,
    /// Who made it.
    pub made_by: UserId,
    /// When.
    pub made_at: Timestamp,
    /// When it ends, if time ends it.
    pub expires_at: Option<Timestamp>,
    /// How many may come by it, if that is limited.
    pub limit: Option<u32>,
    /// How many have.
    pub used: u32,
}

/// That somebody came by a link, in the transaction with the entry of their coming.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redeemed {
    /// Of the link's secret.
    pub hash: [u8; 32],
    /// How many have come by it from now on.
    pub used: u32,
}

/// Whether somebody may come to a group by its links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// Which group.
    pub conversation: ConversationId,
    /// Who.
    pub user: UserId,
    /// Whether they may not.
    pub barred: bool,
}

/// The links, as a part of the port. How often they were used and who is barred is written by
/// [`super::Store::append`].
#[async_trait]
pub trait Invites: Send + Sync {
    /// Adds a link. [`StoreError::Taken`]`(`[`super::Unique::Id`]`)` if there is one with its
    /// hash.
    async fn insert(&self, invite: &InviteRecord) -> Result<(), StoreError>;
    /// Finds a link by the hash of its secret.
    async fn by_hash(&self, hash: &[u8; 32]) -> Result<Option<InviteRecord>, StoreError>;
    /// The links of a conversation by their ids, the oldest first.
    async fn of(&self, conversation: ConversationId) -> Result<Vec<InviteRecord>, StoreError>;
    /// Deletes links; those that are not there are passed over. What is used afterwards stays
    /// deleted.
    async fn delete(&self, hashes: &[[u8; 32]]) -> Result<(), StoreError>;
    /// Whether somebody may not come to a conversation by its links.
    async fn is_barred(
        &self,
        conversation: ConversationId,
        user: UserId,
    ) -> Result<bool, StoreError>;
}
