//! The hot path: rows of one opaque field, written many at a time and read by exact ranges.

use chat::{Checkpoint, MessageRow, StoreError, Unique};
use protocol::{ConversationId, Seq};
use surrealdb::types::{Object, RecordId, SurrealValue, Value, object};

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, CheckpointRow, Id as _, number};

// `INSERT` refuses a row that exists, and with it the whole statement.
const APPEND: &str = "INSERT INTO message $rows RETURN NONE";
const APPEND_WITH_CHECKPOINTS: &str = "
    BEGIN;
    INSERT INTO message $rows RETURN NONE;
    INSERT INTO checkpoint $checkpoints
        ON DUPLICATE KEY UPDATE seq = math::max([seq ?? 0, $input.seq]) RETURN NONE;
    COMMIT;
";
pub(crate) const RANGE: &str = "SELECT id, b FROM $range";
pub(crate) const CHECKPOINT: &str = "SELECT * FROM $checkpoint";

impl SurrealStore {
    pub(crate) async fn append_rows(
        &self,
        rows: &[MessageRow],
        checkpoints: &[Checkpoint],
    ) -> Result<(), StoreError> {
        if rows.is_empty() && checkpoints.is_empty() {
            return Ok(());
        }
        let statement = if checkpoints.is_empty() {
            APPEND
        } else {
            APPEND_WITH_CHECKPOINTS
        };
        self.engine
            .write(statement, || parameters(rows, checkpoints))
            .await
            .map_err(|failure| failure.taken(Unique::Place))?;
        Ok(())
    }

    pub(crate) async fn range(
        &self,
        conversation: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<MessageRow>, StoreError> {
        if from > to {
            return Ok(Vec::new());
        }
        let mut answer = self
            .engine
            .query(RANGE, || object! { range: places(conversation, from, to) })
            .await?;
        let rows: Vec<StoredMessage> = answer.take(0).map_err(corrupt)?;
        rows.into_iter()
            .map(|row| row.into_row(conversation))
            .collect()
    }

    pub(crate) async fn newest_checkpoint(
        &self,
        conversation: ConversationId,
    ) -> Result<Seq, StoreError> {
        let mut answer = self
            .engine
            .query(
                CHECKPOINT,
                || object! { checkpoint: records::row("checkpoint", conversation) },
            )
            .await?;
        let rows: Vec<CheckpointRow> = answer.take(0).map_err(corrupt)?;
        rows.first()
            .map_or(Ok(Seq::ZERO), |row| records::seq(row.seq))
    }
}

/// A row of `message`.
#[derive(SurrealValue)]
struct StoredMessage {
    id: RecordId,
    b: Value,
}

impl From<&MessageRow> for StoredMessage {
    fn from(message: &MessageRow) -> Self {
        Self {
            id: records::pair(
                "message",
                message.conversation.to_uuid(),
                number(message.seq.0),
            ),
            b: Value::Bytes(message.bytes.clone().into()),
        }
    }
}

impl StoredMessage {
    fn into_row(self, conversation: ConversationId) -> Result<MessageRow, StoreError> {
        let Value::Number(place) = records::second(&self.id)? else {
            return Err(corrupt("a message without a place"));
        };
        let place = place
            .to_int()
            .ok_or_else(|| corrupt("a place that is no integer"))?;
        let seq = records::seq(place)?;
        // The table has no schema, and one row that is none must not take its page with it:
        // without bytes it is shown as unavailable, in its place.
        let bytes = match self.b {
            Value::Bytes(bytes) => bytes.into_inner(),
            _ => {
                tracing::error!(%conversation, %seq, "a message row without bytes");
                bytes::Bytes::new()
            }
        };
        Ok(MessageRow {
            conversation,
            seq,
            bytes,
        })
    }
}

fn parameters(rows: &[MessageRow], checkpoints: &[Checkpoint]) -> Object {
    let rows: Vec<StoredMessage> = rows.iter().map(StoredMessage::from).collect();
    let mut parameters = object! { rows: rows };
    if !checkpoints.is_empty() {
        let checkpoints: Vec<CheckpointRow> = checkpoints.iter().map(CheckpointRow::from).collect();
        parameters.insert("checkpoints", checkpoints);
    }
    parameters
}

fn places(conversation: ConversationId, from: Seq, to: Seq) -> RecordId {
    records::range(
        "message",
        conversation.to_uuid(),
        number(from.0),
        number(to.0),
    )
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<Object> {
    let id = ConversationId::from_bytes([0; 16]);
    Some(match statement {
        RANGE => object! { range: places(id, Seq(1), Seq(50)) },
        CHECKPOINT => object! { checkpoint: records::row("checkpoint", id) },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use chat::contract;

    use super::*;
    use crate::Options;

    #[test]
    fn a_row_without_bytes_keeps_its_place_and_not_its_page() {
        contract::run(async {
            let store = SurrealStore::open(Options::in_memory()).await.unwrap();
            let conversation = ConversationId::from_bytes([7; 16]);
            let row = |seq| MessageRow {
                conversation,
                seq: Seq(seq),
                bytes: vec![seq as u8].into(),
            };
            store.append_rows(&[row(1), row(4)], &[]).await.unwrap();
            const SPOIL: &str = "CREATE $text SET b = 'text'; CREATE $empty SET c = 1;";
            let id = |seq| records::pair("message", conversation.to_uuid(), number(seq));
            let spoilt = || object! { text: id(2), empty: id(3) };
            store.engine.write(SPOIL, spoilt).await.unwrap();
            let read = store.range(conversation, Seq(1), Seq(9)).await.unwrap();
            let bytes: Vec<_> = read.iter().map(|row| (row.seq.0, &row.bytes[..])).collect();
            let expected: [(u64, &[u8]); 4] = [(1, &[1]), (2, &[]), (3, &[]), (4, &[4])];
            assert_eq!(bytes, expected);
        });
    }
}
