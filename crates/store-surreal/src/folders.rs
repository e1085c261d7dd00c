//! Folders in which people keep conversations together.

use async_trait::async_trait;
use chat::{FolderRecord, Folders, StoreError};
use protocol::{FolderId, UserId};
use surrealdb::types::object;

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, FolderRow};

pub(crate) const OF_USER: &str = "SELECT * FROM $range";
const PUT: &str = "UPSERT $folder.id CONTENT $folder RETURN NONE";
const DELETE: &str = "DELETE $folder RETURN NONE";

#[async_trait]
impl Folders for SurrealStore {
    async fn of(&self, user: UserId) -> Result<Vec<FolderRecord>, StoreError> {
        let range = || object! { range: records::folders_of(user) };
        let mut answer = self.engine.query(OF_USER, range).await?;
        let rows: Vec<FolderRow> = answer.take(0).map_err(corrupt)?;
        let rows = rows.into_iter().map(FolderRecord::try_from);
        Ok(records::readable(rows))
    }

    async fn put(&self, folder: &FolderRecord) -> Result<(), StoreError> {
        self.engine
            .write(PUT, || object! { folder: FolderRow::from(folder) })
            .await?;
        Ok(())
    }

    async fn delete(&self, user: UserId, id: FolderId) -> Result<(), StoreError> {
        self.engine
            .write(DELETE, || object! { folder: records::folder(user, id) })
            .await?;
        Ok(())
    }
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<surrealdb::types::Object> {
    match statement {
        OF_USER => Some(object! { range: records::folders_of(UserId::from_bytes([0; 16])) }),
        _ => None,
    }
}
