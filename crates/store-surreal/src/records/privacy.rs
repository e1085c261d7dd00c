//! Rows of what accounts hide.

use chat::StoreError;
use protocol::{Privacy, UserId};
use surrealdb::types::{RecordId, SurrealValue, Value};

use super::{only_id, row};
use crate::failure::corrupt;

/// A row of `privacy`.
#[derive(SurrealValue)]
pub(crate) struct PrivacyRow {
    id: RecordId,
    hides_reading: bool,
    hides_presence: bool,
}

impl PrivacyRow {
    pub(crate) fn new(user: UserId, privacy: Privacy) -> Self {
        let Privacy {
            hides_reading,
            hides_presence,
        } = privacy;
        Self {
            id: row("privacy", user),
            hides_reading,
            hides_presence,
        }
    }

    /// What an account hides. Where that cannot be read it hides everything: too much, and never
    /// too little.
    pub(crate) fn read(row: Value) -> Result<(UserId, Privacy), StoreError> {
        let user = owner(&row)?;
        let privacy = match Self::from_value(row) {
            Ok(row) => Privacy {
                hides_reading: row.hides_reading,
                hides_presence: row.hides_presence,
            },
            Err(error) => {
                tracing::error!(%error, %user, "what an account hides cannot be read");
                Privacy {
                    hides_reading: true,
                    hides_presence: true,
                }
            }
        };
        Ok((user, privacy))
    }
}

/// Whose a row is whose key is an account, whatever else is in it.
pub(super) fn owner(row: &Value) -> Result<UserId, StoreError> {
    let Value::Object(row) = row else {
        return Err(corrupt("a row that is no object"));
    };
    match row.get("id") {
        Some(Value::RecordId(id)) => only_id(id),
        _ => Err(corrupt("a row without an id")),
    }
}
