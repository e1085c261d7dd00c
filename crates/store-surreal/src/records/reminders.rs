//! Rows of reminders.

use chat::{ReminderRecord, StoreError};
use protocol::{Reminder, SavedPlace, Timestamp, UserId};
use surrealdb::types::{Array, RecordId, SurrealValue};

use super::index::integer;
use super::saved::{of_account, place_at, place_key};
use super::{Id as _, first_id, identifier, number, pair, part, time, until};

/// A row of `reminder`.
#[derive(SurrealValue)]
pub(crate) struct ReminderRow {
    id: RecordId,
    at: i64,
    due: bool,
}

/// The id of a row of `reminder`.
pub(crate) fn reminder(user: UserId, place: SavedPlace) -> RecordId {
    pair("reminder", user.to_uuid(), place_key(place))
}

/// The ids of all rows of `reminder` of an account.
pub(crate) fn reminders_of(user: UserId) -> RecordId {
    of_account("reminder", user)
}

/// The id of its row in `reminding`, if it waits.
pub(crate) fn reminding(record: &ReminderRecord) -> Option<RecordId> {
    let ReminderRecord { user, reminder } = record;
    let parts = || {
        vec![
            number(reminder.at.millis()).into_value(),
            user.to_uuid().into_value(),
            place_key(reminder.place).into_value(),
        ]
    };
    (!reminder.due).then(|| RecordId::new("reminding", Array::from(parts())))
}

/// The ids of all rows of `reminding` up to a time.
pub(crate) fn reminding_until(time: Timestamp) -> RecordId {
    until("reminding", time)
}

/// What a row of `reminding` stands for.
pub(crate) fn reminds(id: &RecordId) -> Result<ReminderRecord, StoreError> {
    let reminder = Reminder {
        place: place_at(id, 2)?,
        at: reminding_at(id)?,
        due: false,
    };
    let user = identifier(part(id, 1)?)?;
    Ok(ReminderRecord { user, reminder })
}

/// Its time.
pub(crate) fn reminding_at(id: &RecordId) -> Result<Timestamp, StoreError> {
    integer(id, 0).map(Timestamp::from_millis)
}

impl From<&ReminderRecord> for ReminderRow {
    fn from(ReminderRecord { user, reminder }: &ReminderRecord) -> Self {
        Self {
            id: self::reminder(*user, reminder.place),
            at: number(reminder.at.millis()),
            due: reminder.due,
        }
    }
}

impl TryFrom<ReminderRow> for ReminderRecord {
    type Error = StoreError;

    fn try_from(row: ReminderRow) -> Result<Self, StoreError> {
        let reminder = Reminder {
            place: place_at(&row.id, 1)?,
            at: time(row.at)?,
            due: row.due,
        };
        let user = first_id(&row.id)?;
        Ok(Self { user, reminder })
    }
}
