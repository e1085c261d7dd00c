//! Rows of what accounts say of themselves.

use chat::StoreError;
use protocol::UserId;
use surrealdb::types::{Bytes, RecordId, SurrealValue};

use super::{only_id, row};

/// A row of `profile`.
#[derive(SurrealValue)]
pub(crate) struct ProfileRow {
    id: RecordId,
    sealed: Bytes,
}

impl ProfileRow {
    pub(crate) fn new(user: UserId, sealed: &[u8]) -> Self {
        Self {
            id: row("profile", user),
            sealed: super::bytes(sealed),
        }
    }
}

impl TryFrom<ProfileRow> for (UserId, Vec<u8>) {
    type Error = StoreError;

    fn try_from(row: ProfileRow) -> Result<Self, StoreError> {
        Ok((only_id(&row.id)?, row.sealed.into_inner().to_vec()))
    }
}
