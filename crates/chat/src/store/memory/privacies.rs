//! What accounts hide from others.

use async_trait::async_trait;
use protocol::{Privacy, UserId};

use super::super::{Privacies, StoreError};
use super::MemoryStore;

#[async_trait]
impl Privacies for MemoryStore {
    async fn set(&self, user: UserId, privacy: Privacy) -> Result<(), StoreError> {
        self.tables().privacies.insert(user, privacy);
        Ok(())
    }

    async fn of(&self, users: &[UserId]) -> Result<Vec<(UserId, Privacy)>, StoreError> {
        let tables = self.tables();
        let found = users.iter().filter_map(|user| {
            let privacy = tables.privacies.get(user)?;
            Some((*user, *privacy))
        });
        Ok(found.collect())
    }
}
