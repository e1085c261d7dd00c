//! Folders in which people keep conversations together.

use async_trait::async_trait;
use bytes::Bytes;
use protocol::{FolderId, UserId};

use super::StoreError;

/// A folder of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderRecord {
    /// Whose; with its id its identity.
    pub user: UserId,
    /// Which.
    pub id: FolderId,
    /// What it is called, sealed.
    pub sealed: Bytes,
}

/// Folders, as a part of the port.
#[async_trait]
pub trait Folders: Send + Sync {
    /// All of an account, in any order.
    async fn of(&self, user: UserId) -> Result<Vec<FolderRecord>, StoreError>;
    /// Writes one in the place of an earlier one.
    async fn put(&self, folder: &FolderRecord) -> Result<(), StoreError>;
    /// Deletes one; one that is not there is no error.
    async fn delete(&self, user: UserId, id: FolderId) -> Result<(), StoreError>;
}
