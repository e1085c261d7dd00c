//! Rows of drafts.

use chat::{DraftRecord, StoreError};
use protocol::{ConversationId, UserId};
use surrealdb::types::{Bytes, RecordId, SurrealValue};

use super::{Id as _, first_id, number, pair, range, second_id, time};

/// A row of `draft`.
#[derive(SurrealValue)]
pub(crate) struct DraftRow {
    id: RecordId,
    joined_at: i64,
    changed_at: i64,
    sealed: Bytes,
}

/// The id of a row of `draft`.
pub(crate) fn draft(user: UserId, conversation: ConversationId) -> RecordId {
    pair("draft", user.to_uuid(), conversation.to_uuid())
}

/// The ids of all rows of `draft` of an account.
pub(crate) fn drafts_of(user: UserId) -> RecordId {
    let ends = [0, 0xff].map(|byte| ConversationId::from_bytes([byte; 16]).to_uuid());
    let [first, last] = ends;
    range("draft", user.to_uuid(), first, last)
}

impl From<&DraftRecord> for DraftRow {
    fn from(record: &DraftRecord) -> Self {
        Self {
            id: draft(record.user, record.conversation),
            joined_at: number(record.joined_at.millis()),
            changed_at: number(record.changed_at.millis()),
            sealed: super::bytes(&record.sealed),
        }
    }
}

impl TryFrom<DraftRow> for DraftRecord {
    type Error = StoreError;

    fn try_from(row: DraftRow) -> Result<Self, StoreError> {
        Ok(Self {
            user: first_id(&row.id)?,
            conversation: second_id(&row.id)?,
            joined_at: time(row.joined_at)?,
            changed_at: time(row.changed_at)?,
            sealed: row.sealed.into_inner(),
        })
    }
}
