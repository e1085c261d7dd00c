//! Rows that say when a message is over. They are nothing but their keys.

use chat::{Expiry, StoreError};
use protocol::{Seq, Timestamp};
use surrealdb::types::{Array, RecordId, SurrealValue};

use super::index::integer;
use super::{Id as _, number, second_id, until};

const TABLE: &str = "expiry";

/// The id of a row of `expiry`.
pub(crate) fn expiry(it: &Expiry) -> RecordId {
    let parts = vec![
        number(it.at.millis()).into_value(),
        it.conversation.to_uuid().into_value(),
        number(it.seq.0).into_value(),
    ];
    RecordId::new(TABLE, Array::from(parts))
}

/// The ids of all rows of `expiry` up to a time.
pub(crate) fn expiries_until(end: Timestamp) -> RecordId {
    until(TABLE, end)
}

/// What the id of a row says.
pub(crate) fn expires(id: &RecordId) -> Result<Expiry, StoreError> {
    Ok(Expiry {
        at: integer(id, 0).map(Timestamp::from_millis)?,
        conversation: second_id(id)?,
        seq: integer(id, 2).map(Seq)?,
    })
}
