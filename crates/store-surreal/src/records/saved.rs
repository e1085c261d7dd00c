//! Rows of saved messages.

use chat::{SavedRecord, StoreError};
use protocol::{ConversationId, SavedPlace, Seq, UserId};
use surrealdb::types::{Array, RecordId, SurrealValue, Value};

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
    pair("saved", user.to_uuid(), place_key(place))
}

/// The ids of all rows of `saved` of an account.
pub(crate) fn saved_of(user: UserId) -> RecordId {
    of_account("saved", user)
}

/// The ids of all rows of a table whose key is an account and a place.
pub(super) fn of_account(table: &'static str, user: UserId) -> RecordId {
    let last = SavedPlace {
        conversation: ConversationId::from_bytes([u8::MAX; 16]),
        seq: Seq(u64::MAX),
    };
    range(table, user.to_uuid(), Array::new(), place_key(last))
}

/// A place as a part of a key.
pub(super) fn place_key(place: SavedPlace) -> Array {
    let conversation = place.conversation.to_uuid().into_value();
    Array::from(vec![conversation, number(place.seq.0).into_value()])
}

/// The place that is a part of a key.
pub(super) fn place_at(id: &RecordId, at: usize) -> Result<SavedPlace, StoreError> {
    let Value::Array(place) = part(id, at)? else {
        return Err(corrupt("a message without a place"));
    };
    let (Some(conversation), Some(at)) = (place.first(), place.get(1)) else {
        return Err(corrupt("a message with half a place"));
    };
    Ok(SavedPlace {
        conversation: identifier(conversation)?,
        seq: seq(i64::from_value(at.clone()).map_err(corrupt)?)?,
    })
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
        Ok(Self {
            user: first_id(&row.id)?,
            place: place_at(&row.id, 1)?,
            saved_at: time(row.saved_at)?,
        })
    }
}
