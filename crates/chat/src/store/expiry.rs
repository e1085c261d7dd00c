//! Messages that go when their time is over.

use async_trait::async_trait;
use protocol::{ConversationId, Seq, Timestamp};

use super::StoreError;

/// When a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expiry {
    /// When.
    pub at: Timestamp,
    /// Where it stands.
    pub conversation: ConversationId,
    /// Its place.
    pub seq: Seq,
}

/// Messages that go when their time is over. What is added is written with the message, and what
/// is over goes with the entry that deletes it: see [`super::Append`].
#[async_trait]
pub trait Expiries: Send + Sync {
    /// Those with the earliest times that are not after `until`, at most `limit`, the earliest
    /// first.
    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<Expiry>, StoreError>;
    /// The earliest time of all.
    async fn first(&self) -> Result<Option<Timestamp>, StoreError>;
    /// Puts some at other times, or nowhere any more: each as it was and as it is.
    async fn put_off(&self, moved: &[(Expiry, Option<Timestamp>)]) -> Result<(), StoreError>;
}
