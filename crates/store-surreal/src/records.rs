//! Rows as they are in the database, and how they become the records of `chat` and back.
//! Neither knows the other's form, so a change of one is not silently a change of the other.

mod conversations;
mod drafts;
mod expiry;
mod folders;
mod index;
mod invites;
mod preferences;
mod privacy;
mod profile;
mod reminders;
mod reports;
mod saved;
mod scheduled;
mod threads;

use std::fmt::Write as _;

use chat::{Checkpoint, MessageRow, SessionRecord, StoreError, UserRecord};
use protocol::{
    ConversationId, DisplayName, FolderId, InviteId, ReportId, SendId, Seq, SessionId, Timestamp,
    UserId, Username,
};
use surrealdb::IndexedResults;
use surrealdb::types::{
    Array, Bytes, RecordId, RecordIdKey, RecordIdKeyRange, SurrealValue, Uuid, Value,
};

use crate::failure::corrupt;

pub(crate) use conversations::{
    ConversationRow, DetailsRow, MOVE_NUMBERS, MemberRow, MovesRow, inbox, member, move_numbers,
    newest_first, role_name, singleton,
};

pub(crate) use drafts::{DraftRow, draft, drafts_of};
pub(crate) use expiry::{expires, expiries_until, expiry};
pub(crate) use folders::{FolderRow, folder, folders_of};
pub(crate) use invites::{InviteRow, barred, invite};

pub(crate) use index::{IndexCursorRow, StoredIndex, index_row};
pub(crate) use preferences::PreferencesRow;
pub(crate) use privacy::PrivacyRow;
pub(crate) use profile::ProfileRow;
pub(crate) use reminders::{
    ReminderRow, reminder, reminders_of, reminding, reminding_at, reminding_until, reminds,
};
pub(crate) use reports::{ReportRow, reports};
pub(crate) use saved::{SavedRow, saved, saved_of};
pub(crate) use scheduled::{
    ScheduledRow, scheduled, scheduled_of, waiting, waiting_until, waits, wake,
};
pub(crate) use threads::{
    SeenRow, answer, answer_place, answers, seen_of, thread_seen, threads_of,
};

/// An identifier of ours: 16 bytes, kept as a UUID.
pub(crate) trait Id: Copy {
    fn to_uuid(self) -> Uuid;
    fn from_uuid(uuid: Uuid) -> Self;
}

macro_rules! id {
    ($($name:ident),*) => {$(
        impl Id for $name {
            fn to_uuid(self) -> Uuid {
                uuid::Uuid::from_bytes(self.to_bytes()).into()
            }

            fn from_uuid(uuid: Uuid) -> Self {
                Self::from_bytes(uuid::Uuid::from(uuid).into_bytes())
            }
        }
    )*};
}

id!(
    UserId,
    ConversationId,
    SessionId,
    SendId,
    InviteId,
    ReportId,
    FolderId
);

/// The id of a row whose key is one identifier.
pub(crate) fn row(table: &'static str, id: impl Id) -> RecordId {
    RecordId::new(table, id.to_uuid())
}

/// The id of a row whose key is a pair.
pub(crate) fn pair(
    table: &'static str,
    first: impl SurrealValue,
    second: impl SurrealValue,
) -> RecordId {
    RecordId::new(table, key(first, second))
}

fn key(first: impl SurrealValue, second: impl SurrealValue) -> Array {
    Array::from(vec![first.into_value(), second.into_value()])
}

/// The ids of all rows whose key is a pair from `(first, from)` to `(first, to)`.
pub(crate) fn range(
    table: &'static str,
    first: impl SurrealValue + Clone,
    from: impl SurrealValue,
    to: impl SurrealValue,
) -> RecordId {
    let range = RecordIdKeyRange {
        start: std::ops::Bound::Included(key(first.clone(), from).into()),
        end: std::ops::Bound::Included(key(first, to).into()),
    };
    RecordId::new(table, range)
}

/// The ids of all rows whose key begins with a time, up to one.
fn until(table: &'static str, end: Timestamp) -> RecordId {
    // A key that goes on is after the one that it begins with.
    let after = number(end.millis()).saturating_add(1).into_value();
    let range = RecordIdKeyRange {
        start: std::ops::Bound::Included(Array::from(vec![0_i64.into_value()]).into()),
        end: std::ops::Bound::Excluded(Array::from(vec![after]).into()),
    };
    RecordId::new(table, range)
}

/// A part of a key that is a pair.
fn part(id: &RecordId, number: usize) -> Result<&Value, StoreError> {
    match &id.key {
        RecordIdKey::Array(parts) => parts.get(number).ok_or_else(|| corrupt("short key")),
        _ => Err(corrupt("a key that is no pair")),
    }
}

fn identifier<T: Id>(part: &Value) -> Result<T, StoreError> {
    match part {
        Value::Uuid(uuid) => Ok(T::from_uuid(*uuid)),
        _ => Err(corrupt("a key without an identifier")),
    }
}

/// The identifier that is the first part of a key.
fn first_id<T: Id>(id: &RecordId) -> Result<T, StoreError> {
    identifier(part(id, 0)?)
}

/// The identifier that is the second part of a key.
pub(crate) fn second_id<T: Id>(id: &RecordId) -> Result<T, StoreError> {
    identifier(part(id, 1)?)
}

/// The identifier that is the whole key.
pub(crate) fn only_id<T: Id>(id: &RecordId) -> Result<T, StoreError> {
    match &id.key {
        RecordIdKey::Uuid(uuid) => Ok(T::from_uuid(*uuid)),
        _ => Err(corrupt("a key that is no identifier")),
    }
}

/// A number as the database has it. None of ours comes near the bound.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) fn seq(value: i64) -> Result<Seq, StoreError> {
    u64::try_from(value).map(Seq).map_err(corrupt)
}

fn time(value: i64) -> Result<Timestamp, StoreError> {
    u64::try_from(value)
        .map(Timestamp::from_millis)
        .map_err(corrupt)
}

fn hash(bytes: &Bytes) -> Result<[u8; 32], StoreError> {
    <[u8; 32]>::try_from(bytes.as_ref()).map_err(corrupt)
}

/// Of rows that are independent of each other, those that can be read.
pub(crate) fn readable<T>(rows: impl IntoIterator<Item = Result<T, StoreError>>) -> Vec<T> {
    let log = |error: &StoreError| tracing::error!(%error, "a row is left out");
    rows.into_iter()
        .filter_map(|row| row.inspect_err(log).ok())
        .collect()
}

/// The rows of an answer that have the form they were written in: one that has not must not take
/// the others with it.
pub(crate) fn rows_in<Row, Record>(answer: &mut IndexedResults) -> Result<Vec<Record>, StoreError>
where
    Row: SurrealValue,
    Record: TryFrom<Row, Error = StoreError>,
{
    let rows: Vec<Value> = answer.take(0).map_err(corrupt)?;
    let rows = rows.into_iter().map(|row| {
        let row = Row::from_value(row).map_err(corrupt)?;
        Record::try_from(row)
    });
    Ok(readable(rows))
}

pub(crate) fn bytes(slice: &[u8]) -> Bytes {
    slice.to_vec().into()
}

/// A hash that is looked up, as hexadecimal digits.
pub(crate) fn digits(hash: &[u8; 32]) -> String {
    hash.iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn from_digits(text: &str) -> Result<[u8; 32], StoreError> {
    let mut hash = [0; 32];
    if text.len() != 2 * hash.len() || !text.is_ascii() {
        return Err(corrupt("a hash of another length"));
    }
    for (at, byte) in hash.iter_mut().enumerate() {
        let pair = text.get(2 * at..2 * at + 2).unwrap_or_default();
        *byte = u8::from_str_radix(pair, 16).map_err(corrupt)?;
    }
    Ok(hash)
}

/// A row of `user`.
#[derive(SurrealValue)]
pub(crate) struct UserRow {
    id: RecordId,
    username: String,
    display_name: String,
    email_index: String,
    email_sealed: Bytes,
    password_hash: String,
    created_at: i64,
}

impl From<&UserRecord> for UserRow {
    fn from(user: &UserRecord) -> Self {
        Self {
            id: row("user", user.id),
            username: user.username.to_string(),
            display_name: user.display_name.to_string(),
            email_index: digits(&user.email_index),
            email_sealed: bytes(&user.email_sealed),
            password_hash: user.password_hash.clone(),
            created_at: number(user.created_at.millis()),
        }
    }
}

impl TryFrom<UserRow> for UserRecord {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: only_id(&row.id)?,
            username: Username::parse(&row.username).map_err(corrupt)?,
            display_name: DisplayName::parse(&row.display_name).map_err(corrupt)?,
            email_index: from_digits(&row.email_index)?,
            email_sealed: row.email_sealed.to_vec(),
            password_hash: row.password_hash,
            created_at: time(row.created_at)?,
        })
    }
}

/// A row of `session`.
#[derive(SurrealValue)]
pub(crate) struct SessionRow {
    id: RecordId,
    user: Uuid,
    refresh_hash: Bytes,
    generation: i64,
    created_at: i64,
    refreshed_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
    device: String,
}

impl From<&SessionRecord> for SessionRow {
    fn from(session: &SessionRecord) -> Self {
        Self {
            id: row("session", session.id),
            user: session.user.to_uuid(),
            refresh_hash: bytes(&session.refresh_hash),
            generation: session.generation.into(),
            created_at: number(session.created_at.millis()),
            refreshed_at: number(session.refreshed_at.millis()),
            expires_at: number(session.expires_at.millis()),
            revoked_at: session.revoked_at.map(|at| number(at.millis())),
            device: session.device.clone(),
        }
    }
}

impl TryFrom<SessionRow> for SessionRecord {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: only_id(&row.id)?,
            user: UserId::from_uuid(row.user),
            refresh_hash: hash(&row.refresh_hash)?,
            generation: u32::try_from(row.generation).map_err(corrupt)?,
            created_at: time(row.created_at)?,
            refreshed_at: time(row.refreshed_at)?,
            expires_at: time(row.expires_at)?,
            revoked_at: row.revoked_at.map(time).transpose()?,
            device: row.device,
        })
    }
}

/// A row of `message`.
#[derive(SurrealValue)]
pub(crate) struct StoredMessage {
    id: RecordId,
    b: Value,
}

impl From<&MessageRow> for StoredMessage {
    fn from(message: &MessageRow) -> Self {
        Self {
            id: place(message.conversation, message.seq),
            b: Value::Bytes(message.bytes.clone().into()),
        }
    }
}

/// The id of a row of `message`.
pub(crate) fn place(conversation: ConversationId, seq: Seq) -> RecordId {
    pair("message", conversation.to_uuid(), number(seq.0))
}

impl StoredMessage {
    /// The row, whatever conversation it is of.
    pub(crate) fn into_any_row(self) -> Result<MessageRow, StoreError> {
        let conversation = first_id(&self.id)?;
        self.into_row(conversation)
    }

    pub(crate) fn into_row(self, conversation: ConversationId) -> Result<MessageRow, StoreError> {
        let Value::Number(place) = part(&self.id, 1)? else {
            return Err(corrupt("a message without a place"));
        };
        let place = place
            .to_int()
            .ok_or_else(|| corrupt("a place that is no integer"))?;
        let seq = seq(place)?;
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

/// A row of `checkpoint`.
#[derive(SurrealValue)]
pub(crate) struct CheckpointRow {
    id: RecordId,
    pub(crate) seq: i64,
}

impl From<&Checkpoint> for CheckpointRow {
    fn from(checkpoint: &Checkpoint) -> Self {
        Self {
            id: row("checkpoint", checkpoint.conversation),
            seq: number(checkpoint.seq.0),
        }
    }
}

#[cfg(test)]
mod tests;
