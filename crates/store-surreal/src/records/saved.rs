//! Rows of saved messages.

use chat::{SavedRecord, StoreError};
use protocol::{ConversationId, SavedPlace, UserId};
use surrealdb::types::{Array, RecordId, SurrealValue, Uuid, Value};

use super::{Id as _, first_id, identifier, number, pair, part, range, seq, time};
use crate::failure::corrupt;

/// A row of `saved`.
#[derive(SurrealValue)]
pub(crate) struct SavedRow {
    id: RecordId,
    saved_at: i64,
}

/// The id of a row of `saved`.
pub(crate) fn saved(user: UserId, place: SavedPlace) -> RecordId {
    let place = key(place.conversation.to_uuid(), number(place.seq.0));
    pair("saved", user.to_uuid(), place)
}

/// The ids of all rows of `saved` of an account.
pub(crate) fn saved_of(user: UserId) -> RecordId {
    let last = ConversationId::from_bytes([u8::MAX; 16]);
    let to = key(last.to_uuid(), i64::MAX);
    range("saved", user.to_uuid(), Array::new(), to)
}

fn key(conversation: Uuid, seq: i64) -> Array {
    Array::from(vec![conversation.into_value(), seq.into_value()])
}

impl From<&SavedRecord> for SavedRow {
    fn from(record: &SavedRecord) -> Self {
        Self {
            id: saved(record.user, record.place),
            saved_at: number(record.saved_at.millis()),
        }
    }
}

impl TryFrom<SavedRow> for SavedRecord {
    type Error = StoreError;

    fn try_from(row: SavedRow) -> Result<Self, StoreError> {
        let Value::Array(place) = part(&row.id, 1)? else {
            return Err(corrupt("a saved message without a place"));
        };
        let (conversation, at) = match (place.first(), place.get(1)) {
            (Some(conversation), Some(at)) => (identifier(conversation)?, at.clone()),
            _ => return Err(corrupt("a saved message with half a place")),
        };
        Ok(Self {
            user: first_id(&row.id)?,
            place: SavedPlace {
                conversation,
                seq: seq(i64::from_value(at).map_err(corrupt)?)?,
            },
            saved_at: time(row.saved_at)?,
        })
    }
}
