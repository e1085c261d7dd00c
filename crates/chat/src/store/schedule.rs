//! Messages that wait for their time.

use async_trait::async_trait;
use bytes::Bytes;
use protocol::{ConversationId, SendId, Timestamp, UserId};

use super::StoreError;

/// A message that waits, or was not sent when it was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledRecord {
    /// Whose; with `id` its identity.
    pub author: UserId,
    /// The author's id of it, under which it is sent.
    pub id: SendId,
    /// Where to.
    pub conversation: ConversationId,
    /// When it is to be sent.
    pub due: Timestamp,
    /// When it is looked at next; later than `due` where sending failed for a while, and `None`
    /// when it waits no longer.
    pub wake: Option<Timestamp>,
    /// What it says and what has become of it, sealed; opaque here.
    pub sealed: Bytes,
}

impl ScheduledRecord {
    /// What finds it.
    #[must_use]
    pub const fn key(&self) -> ScheduledKey {
        ScheduledKey {
            author: self.author,
            id: self.id,
            wake: self.wake,
        }
    }
}

/// What finds a message that waits, in its author's list and among those of its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScheduledKey {
    /// Whose.
    pub author: UserId,
    /// Its id.
    pub id: SendId,
    /// When it is looked at next.
    pub wake: Option<Timestamp>,
}

/// Messages that wait for their time. Whoever changes one is the only one to do so at that
/// moment, and knows it as it is.
#[async_trait]
pub trait Schedule: Send + Sync {
    /// Writes one as it is from now on, in the place of `was` where there was one.
    async fn put(
        &self,
        record: &ScheduledRecord,
        was: Option<ScheduledKey>,
    ) -> Result<(), StoreError>;
    /// Deletes one; one that is not there is no error.
    async fn delete(&self, key: ScheduledKey) -> Result<(), StoreError>;
    /// Reads one.
    async fn one(&self, author: UserId, id: SendId) -> Result<Option<ScheduledRecord>, StoreError>;
    /// Everything of an account, in any order.
    async fn of(&self, author: UserId) -> Result<Vec<ScheduledRecord>, StoreError>;
    /// Those with the earliest `wake` that is not after `until`, at most `limit`, in any order. One
    /// that cannot be read is left out and not waited for any more.
    async fn due(&self, until: Timestamp, limit: usize)
    -> Result<Vec<ScheduledRecord>, StoreError>;
    /// The earliest `wake` of all.
    async fn first_wake(&self) -> Result<Option<Timestamp>, StoreError>;
}
