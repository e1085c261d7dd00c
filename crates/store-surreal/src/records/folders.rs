//! Rows of folders.

use chat::{FolderRecord, StoreError};
use protocol::{FolderId, UserId};
use surrealdb::types::{Bytes, RecordId, SurrealValue};

use super::{Id as _, first_id, pair, range, second_id};

/// A row of `folder`.
#[derive(SurrealValue)]
pub(crate) struct FolderRow {
    id: RecordId,
    sealed: Bytes,
}

/// The id of a row of `folder`.
pub(crate) fn folder(user: UserId, id: FolderId) -> RecordId {
    pair("folder", user.to_uuid(), id.to_uuid())
}

/// The ids of all rows of `folder` of an account.
pub(crate) fn folders_of(user: UserId) -> RecordId {
    let [first, last] = [0, 0xff].map(|byte| FolderId::from_bytes([byte; 16]).to_uuid());
    range("folder", user.to_uuid(), first, last)
}

impl From<&FolderRecord> for FolderRow {
    fn from(record: &FolderRecord) -> Self {
        Self {
            id: folder(record.user, record.id),
            sealed: super::bytes(&record.sealed),
        }
    }
}

impl TryFrom<FolderRow> for FolderRecord {
    type Error = StoreError;

    fn try_from(row: FolderRow) -> Result<Self, StoreError> {
        Ok(Self {
            user: first_id(&row.id)?,
            id: second_id(&row.id)?,
            sealed: row.sealed.into_inner(),
        })
    }
}
