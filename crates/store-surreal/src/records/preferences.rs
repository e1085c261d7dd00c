//! How members have arranged a conversation, as fields of their row.

use chat::StoreError;
use protocol::{FolderId, Mute, Preferences};
use surrealdb::types::{SurrealValue, Uuid};

use super::{Id as _, number, seq, time};
use crate::failure::corrupt;

/// The fields of a row of `member`; rows of earlier schemas have none of them.
#[derive(SurrealValue, Default)]
pub(crate) struct PreferencesRow {
    pub(super) muted: Option<String>,
    pub(super) muted_until: Option<i64>,
    pub(super) archived_at: Option<i64>,
    pub(super) favourite: Option<bool>,
    pub(super) marked_unread: Option<bool>,
    pub(super) folder: Option<Uuid>,
}

impl From<Preferences> for PreferencesRow {
    fn from(preferences: Preferences) -> Self {
        let (muted, muted_until) = match preferences.mute {
            Mute::Off => (None, None),
            Mute::Until(end) => (Some("until"), Some(number(end.millis()))),
            Mute::Always => (Some("always"), None),
            Mute::ExceptMentions => (Some("except_mentions"), None),
        };
        Self {
            muted: muted.map(str::to_owned),
            muted_until,
            archived_at: preferences.archived.map(|at| number(at.0)),
            favourite: preferences.favourite.then_some(true),
            marked_unread: preferences.marked_unread.then_some(true),
            folder: preferences.folder.map(FolderId::to_uuid),
        }
    }
}

impl TryFrom<PreferencesRow> for Preferences {
    type Error = StoreError;

    fn try_from(row: PreferencesRow) -> Result<Self, StoreError> {
        let mute = match (row.muted.as_deref(), row.muted_until) {
            (None, _) => Mute::Off,
            (Some("until"), Some(end)) => Mute::Until(time(end)?),
            (Some("always"), _) => Mute::Always,
            (Some("except_mentions"), _) => Mute::ExceptMentions,
            (Some(other), _) => return Err(corrupt(format_args!("member with mute {other:?}"))),
        };
        Ok(Self {
            mute,
            archived: row.archived_at.map(seq).transpose()?,
            favourite: row.favourite.unwrap_or_default(),
            marked_unread: row.marked_unread.unwrap_or_default(),
            folder: row.folder.map(FolderId::from_uuid),
        })
    }
}
