//! Rows that say which messages are in which thread.

use chat::{AnswerRecord, StoreError};
use protocol::{ConversationId, Seq};
use surrealdb::types::{Array, RecordId, SurrealValue, Value};

use super::{Id as _, number, pair, part, range, seq};
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
