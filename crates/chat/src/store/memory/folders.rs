//! Folders in which people keep conversations together.

use async_trait::async_trait;
use protocol::{FolderId, UserId};

use super::super::{FolderRecord, Folders, StoreError};
use super::MemoryStore;

#[async_trait]
impl Folders for MemoryStore {
    async fn of(&self, user: UserId) -> Result<Vec<FolderRecord>, StoreError> {
        let [first, last] = [0, 0xff].map(|byte| (user, FolderId::from_bytes([byte; 16])));
        let tables = self.tables();
        let own = tables.folders.range(first..=last);
        let own = own.map(|((user, id), sealed)| FolderRecord {
            user: *user,
            id: *id,
            sealed: sealed.clone(),
        });
        Ok(own.collect())
    }

    async fn put(&self, folder: &FolderRecord) -> Result<(), StoreError> {
        let key = (folder.user, folder.id);
        self.tables().folders.insert(key, folder.sealed.clone());
        Ok(())
    }

    async fn delete(&self, user: UserId, id: FolderId) -> Result<(), StoreError> {
        self.tables().folders.remove(&(user, id));
        Ok(())
    }
}
