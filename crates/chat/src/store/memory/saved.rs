//! Messages that people have saved.

use std::cmp::Reverse;

use async_trait::async_trait;
use protocol::{SavedPlace, UserId};

use super::super::{SavedMessages, SavedRecord, StoreError};
use super::MemoryStore;

#[async_trait]
impl SavedMessages for MemoryStore {
    async fn of(&self, user: UserId) -> Result<Vec<SavedRecord>, StoreError> {
        let tables = self.tables();
        let all = tables.saved.iter().filter(|((owner, _), _)| *owner == user);
        let all = all.map(|((user, place), saved_at)| SavedRecord {
            user: *user,
            place: *place,
            saved_at: *saved_at,
        });
        let mut all: Vec<_> = all.collect();
        all.sort_unstable_by_key(|saved| Reverse((saved.saved_at, saved.place)));
        Ok(all)
    }

    async fn save(&self, saved: &SavedRecord) -> Result<(), StoreError> {
        let key = (saved.user, saved.place);
        self.tables().saved.insert(key, saved.saved_at);
        Ok(())
    }

    async fn forget(&self, user: UserId, place: SavedPlace) -> Result<(), StoreError> {
        self.tables().saved.remove(&(user, place));
        Ok(())
    }
}
