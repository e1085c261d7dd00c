//! Rows of what accounts hide.

use chat::StoreError;
use protocol::{Privacy, UserId};
use surrealdb::types::{RecordId, SurrealValue};

use super::{only_id, row};

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
}

impl TryFrom<PrivacyRow> for (UserId, Privacy) {
    type Error = StoreError;

    fn try_from(row: PrivacyRow) -> Result<Self, StoreError> {
        let privacy = Privacy {
            hides_reading: row.hides_reading,
            hides_presence: row.hides_presence,
        };
        Ok((only_id(&row.id)?, privacy))
    }
}
