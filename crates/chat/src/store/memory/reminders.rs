//! Reminders of messages.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use protocol::{Reminder, SavedPlace, Timestamp, UserId};

use super::super::{ReminderRecord, Reminders, StoreError};
use super::MemoryStore;

#[derive(Default)]
pub(super) struct Reminding {
    rows: BTreeMap<(UserId, SavedPlace), Reminder>,
    waiting: BTreeSet<(Timestamp, UserId, SavedPlace)>,
}

impl Reminding {
    fn one(&self, user: UserId, place: SavedPlace) -> Option<ReminderRecord> {
        let reminder = *self.rows.get(&(user, place))?;
        Some(ReminderRecord { user, reminder })
    }

    fn remove(&mut self, ReminderRecord { user, reminder }: &ReminderRecord) {
        self.rows.remove(&(*user, reminder.place));
        self.waiting.remove(&(reminder.at, *user, reminder.place));
    }

    fn insert(&mut self, ReminderRecord { user, reminder }: &ReminderRecord) {
        if !reminder.due {
            self.waiting.insert((reminder.at, *user, reminder.place));
        }
        self.rows.insert((*user, reminder.place), *reminder);
    }
}

#[async_trait]
impl Reminders for MemoryStore {
    async fn of(&self, user: UserId) -> Result<Vec<ReminderRecord>, StoreError> {
        let tables = self.tables();
        let rows = tables.reminding.rows.iter();
        let own = rows.filter(|((owner, _), _)| *owner == user);
        let own = own.map(|(_, reminder)| ReminderRecord {
            user,
            reminder: *reminder,
        });
        let mut own: Vec<_> = own.collect();
        own.sort_unstable_by_key(|own| (own.reminder.at, own.reminder.place));
        Ok(own)
    }

    async fn one(
        &self,
        user: UserId,
        place: SavedPlace,
    ) -> Result<Option<ReminderRecord>, StoreError> {
        Ok(self.tables().reminding.one(user, place))
    }

    async fn put(
        &self,
        record: &ReminderRecord,
        was: Option<&ReminderRecord>,
    ) -> Result<(), StoreError> {
        let mut tables = self.tables();
        if let Some(was) = was {
            tables.reminding.remove(was);
        }
        tables.reminding.insert(record);
        Ok(())
    }

    async fn delete(&self, record: &ReminderRecord) -> Result<(), StoreError> {
        self.tables().reminding.remove(record);
        Ok(())
    }

    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<ReminderRecord>, StoreError> {
        let tables = self.tables();
        let waiting = tables.reminding.waiting.iter();
        let due = waiting.take_while(|(at, ..)| *at <= until);
        let rows = due.filter_map(|(_, user, place)| tables.reminding.one(*user, *place));
        Ok(rows.take(limit).collect())
    }

    async fn first(&self) -> Result<Option<Timestamp>, StoreError> {
        let tables = self.tables();
        Ok(tables.reminding.waiting.first().map(|(at, ..)| *at))
    }
}
