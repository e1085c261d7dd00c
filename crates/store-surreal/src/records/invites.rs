//! Rows of links by which groups are joined.

use chat::{InviteRecord, StoreError};
use protocol::{ConversationId, InviteId, UserId};
use surrealdb::types::{RecordId, RecordIdKey, SurrealValue, Uuid};

use super::{Id as _, digits, number, pair, time};
use crate::failure::corrupt;

/// A row of `invite`.
#[derive(SurrealValue)]
pub(crate) struct InviteRow {
    id: RecordId,
    invite: Uuid,
    conversation: Uuid,
    made_by: Uuid,
    made_at: i64,
    expires_at: Option<i64>,
    most: Option<i64>,
    used: i64,
}

/// The id of a row of `invite`.
pub(crate) fn invite(hash: &[u8; 32]) -> RecordId {
    RecordId::new("invite", digits(hash))
}

/// The id of a row of `barred`.
pub(crate) fn barred(conversation: ConversationId, user: UserId) -> RecordId {
    pair("barred", conversation.to_uuid(), user.to_uuid())
}

impl From<&InviteRecord> for InviteRow {
    fn from(link: &InviteRecord) -> Self {
        Self {
            id: invite(&link.hash),
            invite: link.id.to_uuid(),
            conversation: link.conversation.to_uuid(),
            made_by: link.made_by.to_uuid(),
            made_at: number(link.made_at.millis()),
            expires_at: link.expires_at.map(|at| number(at.millis())),
            most: link.limit.map(i64::from),
            used: link.used.into(),
        }
    }
}

impl TryFrom<InviteRow> for InviteRecord {
    type Error = StoreError;

    fn try_from(row: InviteRow) -> Result<Self, StoreError> {
        let count = |value: i64| u32::try_from(value).map_err(corrupt);
        Ok(Self {
            id: InviteId::from_uuid(row.invite),
            hash: hash_of(&row.id)?,
            conversation: ConversationId::from_uuid(row.conversation),
            made_by: UserId::from_uuid(row.made_by),
            made_at: time(row.made_at)?,
            expires_at: row.expires_at.map(time).transpose()?,
            limit: row.most.map(count).transpose()?,
            used: count(row.used)?,
        })
    }
}

/// The inverse of [`digits`], of a whole key.
fn hash_of(id: &RecordId) -> Result<[u8; 32], StoreError> {
    let RecordIdKey::String(text) = &id.key else {
        return Err(corrupt("a link whose key is no text"));
    };
    let mut hash = [0; 32];
    let pairs = text.as_bytes().chunks(2);
    if pairs.len() != hash.len() {
        return Err(corrupt("a link whose key has another length"));
    }
    for (byte, pair) in hash.iter_mut().zip(pairs) {
        let pair = core::str::from_utf8(pair).map_err(corrupt)?;
        *byte = u8::from_str_radix(pair, 16).map_err(corrupt)?;
    }
    Ok(hash)
}
