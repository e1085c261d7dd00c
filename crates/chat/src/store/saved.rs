//! Messages that people have saved to look at again.

use async_trait::async_trait;
use protocol::{SavedPlace, Timestamp, UserId};

use super::StoreError;

/// A saved message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SavedRecord {
    /// Who has saved it.
    pub user: UserId,
    /// Where it is.
    pub place: SavedPlace,
    /// When it was saved.
    pub saved_at: Timestamp,
}

/// Saved messages, as a part of the port.
#[async_trait]
pub trait SavedMessages: Send + Sync {
    /// All of an account, the one saved last first.
    async fn of(&self, user: UserId) -> Result<Vec<SavedRecord>, StoreError>;
    /// Saves a message, or gives one that is saved another time.
    async fn save(&self, saved: &SavedRecord) -> Result<(), StoreError>;
    /// A message is saved no longer; one that is not is no error.
    async fn forget(&self, user: UserId, place: SavedPlace) -> Result<(), StoreError>;
}
