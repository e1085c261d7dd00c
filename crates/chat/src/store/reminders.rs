//! Reminders of messages.

use async_trait::async_trait;
use protocol::{Reminder, SavedPlace, Timestamp, UserId};

use super::StoreError;

/// A reminder of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReminderRecord {
    /// Who is to be reminded; with its place its identity.
    pub user: UserId,
    /// Of what, and when.
    pub reminder: Reminder,
}

/// Reminders, as a part of the port. Whoever changes one is the only one to do so at that
/// moment, and knows it as it is.
#[async_trait]
pub trait Reminders: Send + Sync {
    /// All of an account, the earliest first.
    async fn of(&self, user: UserId) -> Result<Vec<ReminderRecord>, StoreError>;
    /// Reads one.
    async fn one(
        &self,
        user: UserId,
        place: SavedPlace,
    ) -> Result<Option<ReminderRecord>, StoreError>;
    /// Writes one as it is from now on, in the place of `was` where there was one.
    async fn put(
        &self,
        record: &ReminderRecord,
        was: Option<&ReminderRecord>,
    ) -> Result<(), StoreError>;
    /// Deletes one; one that is not there is no error.
    async fn delete(&self, record: &ReminderRecord) -> Result<(), StoreError>;
    /// Those that wait for the earliest times that are not after `until`, at most `limit`. One that
    /// cannot be read is left out and not waited for any more.
    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<ReminderRecord>, StoreError>;
    /// The earliest time that one waits for.
    async fn first(&self) -> Result<Option<Timestamp>, StoreError>;
}
