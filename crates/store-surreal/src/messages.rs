//! The hot path: rows of one opaque field, written many at a time and read by exact ranges.

use chat::{Append, MemberChange, MessageRow, StoreError, Unique};
use protocol::{ConversationId, Seq};
use surrealdb::types::{Object, RecordId, object};

use crate::failure::corrupt;
use crate::records::{self, CheckpointRow, DetailsRow, Id as _, MemberRow, StoredMessage, number};
use crate::{SurrealStore, schedule};

// `INSERT` refuses a row that exists, and with it the whole statement.
const APPEND: &str = "INSERT INTO message $rows RETURN NONE";
const APPEND_WITH_CHECKPOINTS: &str = "
    BEGIN;
    INSERT INTO message $rows RETURN NONE;
    INSERT INTO checkpoint $checkpoints
        ON DUPLICATE KEY UPDATE seq = math::max([seq ?? 0, $input.seq]) RETURN NONE;
    COMMIT;
";
// Most entries change nothing. Those that do are few enough for a loop over what they change.
const APPEND_WITH_CHANGES: &str = "
    BEGIN;
    INSERT INTO message $rows RETURN NONE;
    INSERT INTO checkpoint $checkpoints
        ON DUPLICATE KEY UPDATE seq = math::max([seq ?? 0, $input.seq]) RETURN NONE;
    INSERT INTO message $rewritten ON DUPLICATE KEY UPDATE b = $input.b RETURN NONE;
    FOR $member IN $joined {
        UPSERT $member.id CONTENT $member RETURN NONE;
    };
    INSERT IGNORE INTO inbox $inbox RETURN NONE;
    FOR $member IN $roles {
        UPDATE $member.id SET role = $member.role, wrote_at = $member.wrote_at RETURN NONE;
    };
    DELETE $left RETURN NONE;
    FOR $conversation IN $details {
        UPDATE $conversation.id SET
            title = $conversation.title,
            description = $conversation.description,
            announcements_only = $conversation.announcements_only,
            history_for_new = $conversation.history_for_new,
            pins = $conversation.pins,
            slow_mode = $conversation.slow_mode,
            lifespan = $conversation.lifespan,
            request_by = $conversation.request_by,
            request_written = $conversation.request_written
            RETURN NONE;
    };
    FOR $link IN $redeemed {
        UPDATE $link.id SET used = $link.used RETURN NONE;
    };
    INSERT IGNORE INTO barred $barred RETURN NONE;
    DELETE $free RETURN NONE;
    INSERT IGNORE INTO emptied $emptied RETURN NONE;
    DELETE $sent RETURN NONE;
    INSERT IGNORE INTO thread $answers RETURN NONE;
    INSERT IGNORE INTO expiry $expiring RETURN NONE;
    DELETE $expired RETURN NONE;
    COMMIT;
";
pub(crate) const RANGE: &str = "SELECT id, b FROM $range";
pub(crate) const PLACES: &str = "SELECT id, b FROM $places";
pub(crate) const CHECKPOINT: &str = "SELECT * FROM $checkpoint";

impl SurrealStore {
    pub(crate) async fn append_all(&self, append: &Append) -> Result<(), StoreError> {
        if append.is_empty() {
            return Ok(());
        }
        let changes = !append.rewritten.is_empty()
            || !append.members.is_empty()
            || !append.details.is_empty()
            || !append.redeemed.is_empty()
            || !append.bars.is_empty()
            || !append.emptied.is_empty()
            || !append.sent.is_empty()
            || !append.answers.is_empty()
            || !append.expiring.is_empty()
            || !append.expired.is_empty();
        let statement = if changes {
            APPEND_WITH_CHANGES
        } else if append.checkpoints.is_empty() {
            APPEND
        } else {
            APPEND_WITH_CHECKPOINTS
        };
        self.engine
            .write(statement, || {
                let mut parameters = new_rows(append);
                if changes {
                    add_changes(&mut parameters, append);
                    add_links(&mut parameters, append);
                    let answers = append.answers.iter();
                    let answers = answers.map(|it| object! { id: records::answer(it) });
                    parameters.insert("answers", answers.collect::<Vec<_>>());
                    add_times(&mut parameters, append);
                }
                parameters
            })
            .await
            .map_err(|failure| failure.taken(Unique::Place))?;
        Ok(())
    }

    pub(crate) async fn rows_at(
        &self,
        places: &[(ConversationId, Seq)],
    ) -> Result<Vec<MessageRow>, StoreError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let mut answer = self
            .engine
            .query(PLACES, || object! { places: row_ids(places) })
            .await?;
        let rows: Vec<StoredMessage> = answer.take(0).map_err(corrupt)?;
        rows.into_iter().map(StoredMessage::into_any_row).collect()
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

fn new_rows(append: &Append) -> Object {
    let rows: Vec<StoredMessage> = append.rows.iter().map(StoredMessage::from).collect();
    let checkpoints = append.checkpoints.iter().map(CheckpointRow::from);
    object! { rows: rows, checkpoints: checkpoints.collect::<Vec<_>>() }
}

fn add_changes(parameters: &mut Object, append: &Append) {
    let rewritten: Vec<StoredMessage> = append.rewritten.iter().map(StoredMessage::from).collect();
    let (mut joined, mut inbox, mut roles, mut left) =
        <(Vec<_>, Vec<_>, Vec<_>, Vec<_>)>::default();
    for (id, change) in &append.members {
        match change {
            MemberChange::Joined(member) => {
                joined.push(MemberRow::new(*id, member));
                inbox.push(object! { id: records::inbox(*id, member.user) });
            }
            MemberChange::Role {
                user,
                role,
                wrote_at,
            } => roles.push(object! {
                id: records::member(*id, *user),
                role: records::role_name(*role).to_owned(),
                wrote_at: wrote_at.map(|at| number(at.millis())),
            }),
            MemberChange::Left(user) => {
                left.push(records::member(*id, *user));
                left.push(records::inbox(*id, *user));
            }
        }
    }
    let details = append
        .details
        .iter()
        .map(|(id, details)| DetailsRow::new(*id, details));
    parameters.insert("rewritten", rewritten);
    parameters.insert("joined", joined);
    parameters.insert("inbox", inbox);
    parameters.insert("roles", roles);
    parameters.insert("left", left);
    parameters.insert("details", details.collect::<Vec<_>>());
}

fn add_links(parameters: &mut Object, append: &Append) {
    let redeemed = append.redeemed.iter().map(|link| {
        object! { id: records::invite(&link.hash), used: i64::from(link.used) }
    });
    let redeemed: Vec<_> = redeemed.collect();
    let (mut barred, mut free) = (Vec::new(), Vec::new());
    for bar in &append.bars {
        let id = records::barred(bar.conversation, bar.user);
        if bar.barred {
            barred.push(object! { id: id });
        } else {
            free.push(id);
        }
    }
    parameters.insert("redeemed", redeemed);
    parameters.insert("barred", barred);
    parameters.insert("free", free);
    let emptied = append.emptied.iter();
    let emptied = emptied.map(|id| object! { id: records::row("emptied", *id) });
    parameters.insert("emptied", emptied.collect::<Vec<_>>());
}

/// What happens at a time, and has happened.
fn add_times(parameters: &mut Object, append: &Append) {
    let sent = append.sent.iter().flat_map(schedule::row_ids);
    let expiring = append.expiring.iter().map(records::expiry);
    let expiring = expiring.map(|id| object! { id: id });
    let expired = append.expired.iter().map(records::expiry);
    parameters.insert("sent", sent.collect::<Vec<_>>());
    parameters.insert("expiring", expiring.collect::<Vec<_>>());
    parameters.insert("expired", expired.collect::<Vec<_>>());
}

fn row_ids(places: &[(ConversationId, Seq)]) -> Vec<RecordId> {
    let id = |(conversation, seq): &(ConversationId, Seq)| records::place(*conversation, *seq);
    places.iter().map(id).collect()
}

pub(crate) fn places(conversation: ConversationId, from: Seq, to: Seq) -> RecordId {
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
        PLACES => object! { places: row_ids(&[(id, Seq(1)), (id, Seq(9))]) },
        CHECKPOINT => object! { checkpoint: records::row("checkpoint", id) },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use store_contract as contract;

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
            let append = Append {
                rows: vec![row(1), row(4)],
                ..Append::default()
            };
            store.append_all(&append).await.unwrap();
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
