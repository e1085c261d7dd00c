//! Rows that say which messages are in which thread, and how far they were seen.

use chat::{AnswerRecord, SeenRecord, StoreError};
use protocol::{ConversationId, SavedPlace, SeenThread, Seq, UserId};
use surrealdb::types::{Array, RecordId, SurrealValue, Value};

use super::saved::{of_account, place_at, place_key};
use super::{Id as _, first_id, number, pair, part, range, seq, time};
use crate::failure::corrupt;

/// The id of a row of `thread`.
pub(crate) fn answer(answer: &AnswerRecord) -> RecordId {
    let key = key(answer.root, answer.seq);
    pair("thread", answer.conversation.to_uuid(), key)
}

/// The ids of all rows of a thread up to a place, the newest first.
pub(crate) fn answers(conversation: ConversationId, root: Seq, until: Seq) -> RecordId {
    let (newest, oldest) = (key(root, until), key(root, Seq::ZERO));
    range("thread", conversation.to_uuid(), newest, oldest)
}

/// The ids of all rows of a conversation.
pub(crate) fn threads_of(conversation: ConversationId) -> RecordId {
    let last = key(Seq(u64::MAX), Seq::ZERO);
    range("thread", conversation.to_uuid(), Array::new(), last)
}

/// The place of the answer that a row stands for.
pub(crate) fn answer_place(id: &RecordId) -> Result<Seq, StoreError> {
    let Value::Array(key) = part(id, 1)? else {
        return Err(corrupt("an answer without a place"));
    };
    let left = key.get(1).cloned().ok_or_else(|| corrupt("a short key"))?;
    let left = i64::from_value(left).map_err(corrupt)?;
    seq(i64::MAX.saturating_sub(left))
}

fn key(root: Seq, seq: Seq) -> Array {
    let left = i64::MAX.saturating_sub(number(seq.0));
    Array::from(vec![number(root.0).into_value(), left.into_value()])
}

/// A row of `thread_seen`.
#[derive(SurrealValue)]
pub(crate) struct SeenRow {
    id: RecordId,
    seen: i64,
    seen_at: i64,
}

/// The id of a row of `thread_seen`.
pub(crate) fn thread_seen(user: UserId, root: SavedPlace) -> RecordId {
    pair("thread_seen", user.to_uuid(), place_key(root))
}

/// The ids of all rows of `thread_seen` of an account.
pub(crate) fn seen_of(user: UserId) -> RecordId {
    of_account("thread_seen", user)
}

impl From<&SeenRecord> for SeenRow {
    fn from(record: &SeenRecord) -> Self {
        Self {
            id: thread_seen(record.user, record.thread.root),
            seen: number(record.thread.seen.0),
            seen_at: number(record.seen_at.millis()),
        }
    }
}

impl TryFrom<SeenRow> for SeenRecord {
    type Error = StoreError;

    fn try_from(row: SeenRow) -> Result<Self, StoreError> {
        Ok(Self {
            user: first_id(&row.id)?,
            thread: SeenThread {
                root: place_at(&row.id, 1)?,
                seen: seq(row.seen)?,
            },
            seen_at: time(row.seen_at)?,
        })
    }
}
