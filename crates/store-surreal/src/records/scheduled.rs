//! Rows of messages that wait for their time.

use chat::{ScheduledKey, ScheduledRecord, StoreError};
use protocol::{SendId, Timestamp, UserId};
use surrealdb::types::{Array, Bytes, RecordId, SurrealValue, Uuid};

use super::index::integer;
use super::{Id as _, identifier, number, pair, part, range, time, until};

/// A row of `scheduled`.
#[derive(SurrealValue)]
pub(crate) struct ScheduledRow {
    id: RecordId,
    conversation: Uuid,
    due: i64,
    wake: Option<i64>,
    sealed: Bytes,
}

/// The id of a row of `scheduled`.
pub(crate) fn scheduled(author: UserId, id: SendId) -> RecordId {
    pair("scheduled", author.to_uuid(), id.to_uuid())
}

/// The ids of all rows of an author.
pub(crate) fn scheduled_of(author: UserId) -> RecordId {
    let ends = [[0; 16], [0xff; 16]].map(|bytes| SendId::from_bytes(bytes).to_uuid());
    let [first, last] = ends;
    range("scheduled", author.to_uuid(), first, last)
}

/// The id of its row in `waiting`, if it waits.
pub(crate) fn waiting(key: &ScheduledKey) -> Option<RecordId> {
    let wake = number(key.wake?.millis()).into_value();
    let parts = vec![
        wake,
        key.id.to_uuid().into_value(),
        key.author.to_uuid().into_value(),
    ];
    Some(RecordId::new("waiting", Array::from(parts)))
}

/// The ids of all rows of `waiting` up to a time.
pub(crate) fn waiting_until(end: Timestamp) -> RecordId {
    until("waiting", end)
}

/// What a row of `waiting` stands for.
pub(crate) fn waits(id: &RecordId) -> Result<ScheduledKey, StoreError> {
    Ok(ScheduledKey {
        author: identifier(part(id, 2)?)?,
        id: identifier(part(id, 1)?)?,
        wake: Some(wake(id)?),
    })
}

/// Its time.
pub(crate) fn wake(id: &RecordId) -> Result<Timestamp, StoreError> {
    integer(id, 0).map(Timestamp::from_millis)
}

impl From<&ScheduledRecord> for ScheduledRow {
    fn from(record: &ScheduledRecord) -> Self {
        Self {
            id: scheduled(record.author, record.id),
            conversation: record.conversation.to_uuid(),
            due: number(record.due.millis()),
            wake: record.wake.map(|wake| number(wake.millis())),
            sealed: super::bytes(&record.sealed),
        }
    }
}

impl TryFrom<ScheduledRow> for ScheduledRecord {
    type Error = StoreError;

    fn try_from(row: ScheduledRow) -> Result<Self, StoreError> {
        Ok(Self {
            author: identifier(part(&row.id, 0)?)?,
            id: identifier(part(&row.id, 1)?)?,
            conversation: protocol::ConversationId::from_uuid(row.conversation),
            due: time(row.due)?,
            wake: row.wake.map(time).transpose()?,
            sealed: row.sealed.into_inner(),
        })
    }
}
