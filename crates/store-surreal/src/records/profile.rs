//! Rows of what accounts say of themselves.

use chat::StoreError;
use protocol::UserId;
use surrealdb::types::{Bytes, RecordId, SurrealValue, Value};

use super::privacy::owner;
use super::row;

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

    /// What is stored of an account. Where that cannot be read it is nothing that could be opened,
    /// which is not the same as none.
    pub(crate) fn read(row: Value) -> Result<(UserId, Vec<u8>), StoreError> {
        let user = owner(&row)?;
        let sealed = match Self::from_value(row) {
            Ok(row) => row.sealed.into_inner().to_vec(),
            Err(error) => {
                tracing::error!(%error, %user, "a profile cannot be read");
                Vec::new()
            }
        };
        Ok((user, sealed))
    }
}
