//! Conversations, who is in them, and how far each has read.

use std::collections::BTreeSet;

use chat::{
    CURSOR_MOVES, ConversationRecord, Created, CursorMove, MemberRecord, MessageRow, ReadCursor,
    Singleton, StoreError, Unique,
};
use protocol::{ConversationId, Seq, UserId};
use surrealdb::types::{Object, RecordId, Uuid, object};

use crate::SurrealStore;
use crate::failure::{Failure, corrupt};
use crate::records::{
    self, ConversationRow, Id, MOVE_NUMBERS, MemberRow, MovesRow, StoredMessage, newest_first,
    number,
};

const CREATE: &str = "
    BEGIN;
    INSERT INTO singleton $singletons RETURN NONE;
    CREATE $conversation.id CONTENT $conversation RETURN NONE;
    INSERT INTO member $members RETURN NONE;
    INSERT INTO inbox $inbox RETURN NONE;
    INSERT INTO message $first RETURN NONE;
    COMMIT;
";
pub(crate) const SINGLETON: &str = "SELECT VALUE conversation FROM $singleton";
pub(crate) const BY_ID: &str = "SELECT * FROM $conversation";
pub(crate) const MEMBERS: &str = "SELECT * FROM $range";
pub(crate) const OF_USER: &str = "SELECT VALUE id FROM $range LIMIT $limit";
pub(crate) const MOVES: &str = "SELECT id, moves FROM $members";
const SAVE_CURSORS: &str = "
    BEGIN;
    FOR $cursor IN $cursors {
        UPDATE $cursor.id SET read_seq = $cursor.seq WHERE read_seq < $cursor.seq RETURN NONE;
    };
    FOR $cursor IN $moved {
        UPDATE $cursor.id SET
            moves = array::slice(array::concat(moves ?? [], $cursor.numbers), $kept),
            read_seq = $cursor.seq
            WHERE read_seq < $cursor.seq
            RETURN NONE;
    };
    FOR $device IN $devices {
        UPDATE $device.id SET delivered_seq = $device.seq
            WHERE (delivered_seq ?? 0) < $device.seq
            RETURN NONE;
    };
    COMMIT;
";

impl SurrealStore {
    pub(crate) async fn add_conversation(
        &self,
        conversation: &ConversationRecord,
        members: &[MemberRecord],
        singleton: Option<Singleton>,
        first: Option<&MessageRow>,
    ) -> Result<Created, StoreError> {
        if let Some(existing) = self.find_singleton(singleton).await? {
            return Ok(Created::Existing(existing));
        }
        let outcome = self
            .engine
            .write(CREATE, || creation(conversation, members, singleton, first))
            .await;
        match outcome {
            Ok(_) => Ok(Created::New),
            // Somebody else may have made the singleton since it was looked for.
            Err(Failure::Exists) => match self.find_singleton(singleton).await? {
                Some(existing) => Ok(Created::Existing(existing)),
                None => Err(StoreError::Taken(Unique::Id)),
            },
            Err(failure) => Err(failure.into()),
        }
    }

    async fn find_singleton(
        &self,
        singleton: Option<Singleton>,
    ) -> Result<Option<ConversationId>, StoreError> {
        let Some(singleton) = singleton else {
            return Ok(None);
        };
        let mut answer = self
            .engine
            .query(
                SINGLETON,
                || object! { singleton: records::singleton(singleton) },
            )
            .await?;
        let found: Vec<Uuid> = answer.take(0).map_err(corrupt)?;
        Ok(found.first().copied().map(ConversationId::from_uuid))
    }

    pub(crate) async fn find_conversation(
        &self,
        id: ConversationId,
    ) -> Result<Option<ConversationRecord>, StoreError> {
        let mut answer = self
            .engine
            .query(
                BY_ID,
                || object! { conversation: records::row("conversation", id) },
            )
            .await?;
        let rows: Vec<ConversationRow> = answer.take(0).map_err(corrupt)?;
        rows.into_iter()
            .next()
            .map(ConversationRecord::try_from)
            .transpose()
    }

    pub(crate) async fn members_of(
        &self,
        id: ConversationId,
    ) -> Result<Vec<MemberRecord>, StoreError> {
        let mut answer = self
            .engine
            .query(MEMBERS, || object! { range: all_of("member", id) })
            .await?;
        let rows: Vec<MemberRow> = answer.take(0).map_err(corrupt)?;
        rows.into_iter().map(MemberRecord::try_from).collect()
    }

    pub(crate) async fn inbox(
        &self,
        user: UserId,
        limit: usize,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let mut answer = self
            .engine
            .query(OF_USER, || {
                object! {
                    range: all_of("inbox", user),
                    limit: i64::try_from(limit).unwrap_or(i64::MAX),
                }
            })
            .await?;
        let ids: Vec<RecordId> = answer.take(0).map_err(corrupt)?;
        Ok(records::readable(
            ids.iter()
                .map(|id| records::second_id(id).map(newest_first)),
        ))
    }

    pub(crate) async fn save_cursors(&self, cursors: &[ReadCursor]) -> Result<(), StoreError> {
        if cursors.is_empty() {
            return Ok(());
        }
        self.engine
            .write(SAVE_CURSORS, || {
                let (moved, still): (Vec<_>, Vec<_>) =
                    cursors.iter().partition(|it| it.moved.is_some());
                let moved: Vec<Object> = moved.into_iter().map(cursor).collect();
                let still: Vec<Object> = still.into_iter().map(cursor).collect();
                let kept = i64::try_from(CURSOR_MOVES * MOVE_NUMBERS).unwrap_or(i64::MAX);
                let devices = cursors.iter().filter(|it| it.delivered > Seq::ZERO);
                let devices: Vec<Object> = devices.map(device).collect();
                object! { cursors: still, moved: moved, kept: -kept, devices: devices }
            })
            .await?;
        Ok(())
    }

    pub(crate) async fn moves_of(
        &self,
        id: ConversationId,
        users: &[UserId],
    ) -> Result<Vec<(UserId, Vec<CursorMove>)>, StoreError> {
        let users: BTreeSet<UserId> = users.iter().copied().collect();
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let mut answer = self
            .engine
            .query(MOVES, || {
                let members = users.iter().map(|user| records::member(id, *user));
                object! { members: members.collect::<Vec<RecordId>>() }
            })
            .await?;
        let rows: Vec<MovesRow> = answer.take(0).map_err(corrupt)?;
        let rows = rows.into_iter().filter(|row| !row.is_empty());
        rows.map(TryInto::try_into).collect()
    }
}

fn creation(
    conversation: &ConversationRecord,
    members: &[MemberRecord],
    singleton: Option<Singleton>,
    first: Option<&MessageRow>,
) -> Object {
    let singletons: Vec<Object> = singleton
        .iter()
        .map(|singleton| {
            object! {
                id: records::singleton(*singleton),
                conversation: conversation.id.to_uuid(),
            }
        })
        .collect();
    let rows: Vec<MemberRow> = members
        .iter()
        .map(|member| MemberRow::new(conversation.id, member))
        .collect();
    let inbox: Vec<Object> = members
        .iter()
        .map(|member| object! { id: records::inbox(conversation.id, member.user) })
        .collect();
    let first: Vec<StoredMessage> = first.map(StoredMessage::from).into_iter().collect();
    object! {
        singletons: singletons,
        conversation: ConversationRow::from(conversation),
        members: rows,
        inbox: inbox,
        first: first,
    }
}

fn cursor(cursor: &ReadCursor) -> Object {
    object! {
        id: records::member(cursor.conversation, cursor.user),
        seq: number(cursor.seq.0),
        numbers: cursor.moved.map(records::move_numbers),
    }
}

fn device(cursor: &ReadCursor) -> Object {
    object! {
        id: records::member(cursor.conversation, cursor.user),
        seq: number(cursor.delivered.0),
    }
}

/// All rows whose key begins with an identifier.
pub(crate) fn all_of(table: &'static str, first: impl Id) -> RecordId {
    records::range(table, first.to_uuid(), Uuid::nil(), Uuid::max())
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<Object> {
    let id = ConversationId::from_bytes([0; 16]);
    let user = UserId::from_bytes([0; 16]);
    Some(match statement {
        SINGLETON => object! { singleton: records::singleton(Singleton::Notes(user)) },
        BY_ID => object! { conversation: records::row("conversation", id) },
        MEMBERS => object! { range: all_of("member", id) },
        MOVES => object! { members: vec![records::member(id, user)] },
        OF_USER => object! { range: all_of("inbox", user), limit: 20_i64 },
        _ => return None,
    })
}
