//! Rows of conversations and of those who are in them.

use std::sync::Arc;

use chat::{
    ConversationRecord, CursorMove, Details, Dismissals, MemberRecord, Singleton, StoreError,
};
use protocol::{
    ConversationId, ConversationKind, Description, DisplayName, GroupSettings, Lifespan, Request,
    Role, Seq, SlowMode, Timestamp, UserId,
};
use surrealdb::types::{Array, Bytes, RecordId, SurrealValue, Uuid};

use super::{Id as _, PreferencesRow, bytes, number, only_id, pair, row, second_id, seq, time};
use crate::failure::corrupt;

/// A row of `conversation`.
#[derive(SurrealValue)]
pub(crate) struct ConversationRow {
    id: RecordId,
    kind: String,
    title: Option<String>,
    wrapped_key: Bytes,
    created_at: i64,
    // Since the second schema.
    description: Option<String>,
    announcements_only: Option<bool>,
    history_for_new: Option<bool>,
    pins: Option<Vec<i64>>,
    // Since the eleventh.
    slow_mode: Option<String>,
    // Since the twelfth.
    lifespan: Option<String>,
    // Since the sixteenth.
    request_by: Option<Uuid>,
    request_written: Option<i64>,
}

impl From<&ConversationRecord> for ConversationRow {
    fn from(conversation: &ConversationRecord) -> Self {
        let kind = match conversation.kind {
            ConversationKind::Direct => "direct",
            ConversationKind::Notes => "notes",
            ConversationKind::Group => "group",
        };
        let details = DetailsRow::new(conversation.id, &conversation.details);
        Self {
            id: details.id,
            kind: kind.to_owned(),
            title: details.title,
            wrapped_key: bytes(&conversation.wrapped_key),
            created_at: number(conversation.created_at.millis()),
            description: details.description,
            announcements_only: details.announcements_only,
            history_for_new: details.history_for_new,
            pins: details.pins,
            slow_mode: details.slow_mode,
            lifespan: details.lifespan,
            request_by: details.request_by,
            request_written: details.request_written,
        }
    }
}

impl TryFrom<ConversationRow> for ConversationRecord {
    type Error = StoreError;

    fn try_from(row: ConversationRow) -> Result<Self, StoreError> {
        let title = row.title.as_deref().map(DisplayName::parse).transpose();
        let description = row.description.as_deref().map(Description::parse);
        let pins = row.pins.unwrap_or_default().into_iter().map(seq);
        Ok(Self {
            id: only_id(&row.id)?,
            kind: match row.kind.as_str() {
                "direct" => ConversationKind::Direct,
                "notes" => ConversationKind::Notes,
                "group" => ConversationKind::Group,
                other => return Err(corrupt(format_args!("conversation of kind {other:?}"))),
            },
            details: Details {
                title: title.map_err(corrupt)?,
                description: description.transpose().map_err(corrupt)?,
                settings: GroupSettings {
                    announcements_only: row.announcements_only.unwrap_or_default(),
                    history_for_new: row.history_for_new.unwrap_or_default(),
                },
                pins: pins.collect::<Result<_, _>>()?,
                slow_mode: slow_mode(row.slow_mode.as_deref())?,
                lifespan: row.lifespan.as_deref().map(lifespan).transpose()?,
                request: request(row.request_by, row.request_written)?,
            },
            wrapped_key: row.wrapped_key.to_vec(),
            created_at: time(row.created_at)?,
        })
    }
}

fn slow_mode(name: Option<&str>) -> Result<SlowMode, StoreError> {
    let named = name.map_or(Some(SlowMode::Off), SlowMode::named);
    named.ok_or_else(|| corrupt(format_args!("slow mode {name:?}")))
}

fn lifespan(name: &str) -> Result<Lifespan, StoreError> {
    Lifespan::named(name).ok_or_else(|| corrupt(format_args!("lifespan {name:?}")))
}

fn request(by: Option<Uuid>, written: Option<i64>) -> Result<Option<Request>, StoreError> {
    let Some(by) = by.map(UserId::from_uuid) else {
        return Ok(None);
    };
    let written = u8::try_from(written.unwrap_or_default()).map_err(corrupt)?;
    Ok(Some(Request { by, written }))
}

/// What entries change of a row of `conversation`.
#[derive(SurrealValue)]
pub(crate) struct DetailsRow {
    id: RecordId,
    title: Option<String>,
    description: Option<String>,
    announcements_only: Option<bool>,
    history_for_new: Option<bool>,
    pins: Option<Vec<i64>>,
    slow_mode: Option<String>,
    lifespan: Option<String>,
    request_by: Option<Uuid>,
    request_written: Option<i64>,
}

impl DetailsRow {
    pub(crate) fn new(conversation: ConversationId, details: &Details) -> Self {
        let Details {
            title,
            description,
            settings,
            pins,
            slow_mode,
            lifespan,
            request,
        } = details;
        Self {
            id: row("conversation", conversation),
            title: title.as_ref().map(ToString::to_string),
            description: description.as_ref().map(ToString::to_string),
            announcements_only: Some(settings.announcements_only),
            history_for_new: Some(settings.history_for_new),
            pins: Some(pins.iter().map(|pin| number(pin.0)).collect()),
            slow_mode: Some(slow_mode.name().to_owned()),
            lifespan: lifespan.map(|it| it.name().to_owned()),
            request_by: request.map(|it| it.by.to_uuid()),
            request_written: request.map(|it| i64::from(it.written)),
        }
    }
}

/// The id of a row of `singleton`.
pub(crate) fn singleton(singleton: Singleton) -> RecordId {
    let key = match singleton {
        Singleton::Direct(a, b) => vec![
            "direct".to_owned().into_value(),
            a.min(b).to_uuid().into_value(),
            a.max(b).to_uuid().into_value(),
        ],
        Singleton::Notes(user) => {
            vec!["notes".to_owned().into_value(), user.to_uuid().into_value()]
        }
        Singleton::Group(user, send_id) => vec![
            "group".to_owned().into_value(),
            user.to_uuid().into_value(),
            send_id.to_uuid().into_value(),
        ],
    };
    RecordId::new("singleton", Array::from(key))
}

/// A row of `member`.
#[derive(SurrealValue)]
pub(crate) struct MemberRow {
    id: RecordId,
    role: String,
    joined_after: i64,
    read_seq: i64,
    // Since the second schema.
    joined_at: Option<i64>,
    // Since the fourth.
    muted: Option<String>,
    muted_until: Option<i64>,
    archived_at: Option<i64>,
    favourite: Option<bool>,
    marked_unread: Option<bool>,
    // Since the twentieth.
    folder: Option<Uuid>,
    // Since the eleventh.
    wrote_at: Option<i64>,
    // What they have deleted for themselves alone, packed.
    dismissed: Option<Bytes>,
    // Since the twenty-second.
    delivered_seq: Option<i64>,
}

pub(crate) const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Admin => "admin",
        Role::Owner => "owner",
    }
}

/// The id of a row of `member`.
pub(crate) fn member(conversation: ConversationId, user: UserId) -> RecordId {
    pair("member", conversation.to_uuid(), user.to_uuid())
}

/// The id of a row of `inbox`.
pub(crate) fn inbox(conversation: ConversationId, user: UserId) -> RecordId {
    let last = newest_first(conversation).to_uuid();
    pair("inbox", user.to_uuid(), last)
}

impl MemberRow {
    pub(crate) fn new(conversation: ConversationId, member: &MemberRecord) -> Self {
        let PreferencesRow {
            muted,
            muted_until,
            archived_at,
            favourite,
            marked_unread,
            folder,
        } = member.preferences.into();
        Self {
            id: self::member(conversation, member.user),
            role: role_name(member.role).to_owned(),
            joined_after: number(member.joined_after.0),
            read_seq: number(member.read_seq.0),
            joined_at: Some(number(member.joined_at.millis())),
            muted,
            muted_until,
            archived_at,
            favourite,
            marked_unread,
            folder,
            wrote_at: member.wrote_at.map(|at| number(at.millis())),
            // Whoever comes has dismissed nothing yet.
            dismissed: None,
            delivered_seq: Some(number(member.delivered_seq.0)).filter(|seq| *seq > 0),
        }
    }
}

/// What cannot be read is shown to its member again, rather than keeping everybody out.
fn dismissals(bytes: &Bytes) -> Option<Arc<Dismissals>> {
    match Dismissals::from_bytes(bytes.as_ref()) {
        Ok(dismissals) => Some(Arc::new(dismissals)),
        Err(error) => {
            tracing::error!(%error, "what a member deleted for themselves cannot be read");
            None
        }
    }
}

impl TryFrom<MemberRow> for MemberRecord {
    type Error = StoreError;

    fn try_from(row: MemberRow) -> Result<Self, StoreError> {
        Ok(Self {
            user: second_id(&row.id)?,
            role: match row.role.as_str() {
                "member" => Role::Member,
                "admin" => Role::Admin,
                "owner" => Role::Owner,
                other => return Err(corrupt(format_args!("member with role {other:?}"))),
            },
            joined_after: seq(row.joined_after)?,
            joined_at: row.joined_at.map_or(Ok(Timestamp::default()), time)?,
            read_seq: seq(row.read_seq)?,
            delivered_seq: row.delivered_seq.map_or(Ok(Seq::ZERO), seq)?,
            preferences: PreferencesRow {
                muted: row.muted,
                muted_until: row.muted_until,
                archived_at: row.archived_at,
                favourite: row.favourite,
                marked_unread: row.marked_unread,
                folder: row.folder,
            }
            .try_into()?,
            wrote_at: row.wrote_at.map(time).transpose()?,
            dismissals: row.dismissed.as_ref().and_then(dismissals),
        })
    }
}

/// The moves of a member's cursor, in a row of `member`.
#[derive(SurrealValue)]
pub(crate) struct MovesRow {
    id: RecordId,
    moves: Option<Vec<i64>>,
}

/// Numbers for each move.
pub(crate) const MOVE_NUMBERS: usize = 3;

/// A move as it is stored.
pub(crate) fn move_numbers(moved: CursorMove) -> Vec<i64> {
    vec![
        number(moved.after.0),
        number(moved.to.0),
        number(moved.at.millis()),
    ]
}

impl MovesRow {
    pub(crate) fn is_empty(&self) -> bool {
        self.moves.as_ref().is_none_or(Vec::is_empty)
    }
}

impl TryFrom<MovesRow> for (UserId, Vec<CursorMove>) {
    type Error = StoreError;

    fn try_from(row: MovesRow) -> Result<Self, StoreError> {
        let moves = row.moves.unwrap_or_default();
        let moved = |numbers: &[i64]| match *numbers {
            [after, to, at] => Ok(CursorMove {
                after: seq(after)?,
                to: seq(to)?,
                at: time(at)?,
            }),
            _ => Err(corrupt("a move of a cursor that is not whole")),
        };
        let moves = moves.chunks(MOVE_NUMBERS).map(moved);
        Ok((second_id(&row.id)?, moves.collect::<Result<_, _>>()?))
    }
}

/// The second part of a key of `inbox`: ranges are read forwards only, and the newest
/// conversations come first when the bits of their ids are inverted.
pub(crate) fn newest_first(conversation: ConversationId) -> ConversationId {
    ConversationId::from_bytes(conversation.to_bytes().map(|byte| !byte))
}

#[cfg(test)]
mod tests {
    use protocol::{Dismissal, Dismissed, Seq};

    use super::*;

    #[test]
    fn what_a_member_deleted_for_themselves_keeps_nobody_out_where_it_cannot_be_read() {
        let id = ConversationId::from_bytes([7; 16]);
        let user = UserId::from_bytes([1; 16]);
        let member = MemberRecord::beginning(user, Role::Member, Timestamp::from_millis(4));
        let read = |dismissed: &[u8]| {
            let row = MemberRow {
                dismissed: Some(bytes(dismissed)),
                ..MemberRow::new(id, &member)
            };
            MemberRecord::try_from(row).unwrap()
        };
        let mut places = Dismissed::default();
        places.apply(Seq(5), Dismissal::ThisAndBefore).unwrap();
        let dismissals = Dismissals {
            places,
            ..Dismissals::default()
        };
        let whole = dismissals.to_bytes().unwrap().unwrap();
        assert_eq!(read(&whole).dismissals.as_deref(), Some(&dismissals));
        assert_eq!(read(&whole[..whole.len() - 1]), member);
        assert_eq!(read(b"\xff"), member);
    }

    #[test]
    fn the_newest_conversation_comes_first_and_comes_back() {
        let [older, newer] = [1, 2].map(|byte| ConversationId::from_bytes([byte; 16]));
        assert!(newest_first(newer) < newest_first(older));
        assert_eq!(newest_first(newest_first(newer)), newer);
    }
}
