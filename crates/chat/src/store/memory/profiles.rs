//! What accounts say of themselves.

use async_trait::async_trait;
use protocol::UserId;

use super::super::{Profiles, StoreError};
use super::MemoryStore;

#[async_trait]
impl Profiles for MemoryStore {
    async fn set(&self, user: UserId, sealed: &[u8]) -> Result<(), StoreError> {
        self.tables().profiles.insert(user, sealed.to_vec());
        Ok(())
    }

    async fn delete(&self, user: UserId) -> Result<(), StoreError> {
        self.tables().profiles.remove(&user);
        Ok(())
    }

    async fn of(&self, users: &[UserId]) -> Result<Vec<(UserId, Vec<u8>)>, StoreError> {
        let tables = self.tables();
        let found = users.iter().filter_map(|user| {
            let sealed = tables.profiles.get(user)?;
            Some((*user, sealed.clone()))
        });
        Ok(found.collect())
    }
}
