//! Rows of the search index.

use chat::{IndexCursor, IndexKey, IndexRow, StoreError};
use protocol::ConversationId;
use surrealdb::types::{Array, RecordId, SurrealValue, Value};

use super::{Id as _, first_id, number, only_id, part, row, seq};
use crate::failure::corrupt;

/// A row of `search_index`.
#[derive(SurrealValue)]
pub(crate) struct StoredIndex {
    id: RecordId,
    b: Value,
}

/// The id of a row of `search_index`.
pub(crate) fn index_row(key: &IndexKey) -> RecordId {
    let parts = vec![
        key.conversation.to_uuid().into_value(),
        i64::from(key.level).into_value(),
        number(key.block).into_value(),
        i64::from(key.shard).into_value(),
    ];
    RecordId::new("search_index", Array::from(parts))
}

impl From<&IndexRow> for StoredIndex {
    fn from(row: &IndexRow) -> Self {
        Self {
            id: index_row(&row.key),
            b: Value::Bytes(row.bytes.clone().into()),
        }
    }
}

impl TryFrom<StoredIndex> for IndexRow {
    type Error = StoreError;

    fn try_from(row: StoredIndex) -> Result<Self, StoreError> {
        let Value::Bytes(bytes) = row.b else {
            return Err(corrupt("a row of the index without bytes"));
        };
        Ok(Self {
            key: IndexKey {
                conversation: first_id(&row.id)?,
                level: integer(&row.id, 1)?,
                block: integer(&row.id, 2)?,
                shard: integer(&row.id, 3)?,
            },
            bytes: bytes.into_inner(),
        })
    }
}

pub(super) fn integer<T: TryFrom<i64>>(id: &RecordId, number: usize) -> Result<T, StoreError> {
    let Value::Number(value) = part(id, number)? else {
        return Err(corrupt("a key without a number"));
    };
    let value = value.to_int().and_then(|value| T::try_from(value).ok());
    value.ok_or_else(|| corrupt("a key with a number out of range"))
}

/// A row of `search_cursor`.
#[derive(SurrealValue)]
pub(crate) struct IndexCursorRow {
    id: RecordId,
    version: i64,
    built_to: i64,
    followed_to: i64,
    joined_to: Option<i64>,
    joined_shards: Option<i64>,
    swept_to: Option<i64>,
}

impl IndexCursorRow {
    pub(crate) fn new(conversation: ConversationId, cursor: &IndexCursor) -> Self {
        Self {
            id: row("search_cursor", conversation),
            version: cursor.version.into(),
            built_to: number(cursor.built_to.0),
            followed_to: number(cursor.followed_to.0),
            joined_to: Some(number(cursor.joined_to.0)),
            joined_shards: Some(cursor.joined_shards.into()),
            swept_to: Some(number(cursor.swept_to.0)),
        }
    }
}

impl TryFrom<IndexCursorRow> for (ConversationId, IndexCursor) {
    type Error = StoreError;

    fn try_from(row: IndexCursorRow) -> Result<Self, StoreError> {
        let cursor = IndexCursor {
            version: u32::try_from(row.version).map_err(corrupt)?,
            built_to: seq(row.built_to)?,
            followed_to: seq(row.followed_to)?,
            joined_to: seq(row.joined_to.unwrap_or_default())?,
            joined_shards: u16::try_from(row.joined_shards.unwrap_or_default()).map_err(corrupt)?,
            swept_to: seq(row.swept_to.unwrap_or_default())?,
        };
        Ok((only_id(&row.id)?, cursor))
    }
}
