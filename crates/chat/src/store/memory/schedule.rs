//! Messages that wait for their time.

use std::collections::BTreeMap;

use async_trait::async_trait;
use protocol::{SendId, Timestamp, UserId};

use super::super::{Schedule, ScheduledKey, ScheduledRecord, StoreError};
use super::MemoryStore;

#[derive(Default)]
pub(super) struct Waiting {
    rows: BTreeMap<(UserId, SendId), ScheduledRecord>,
    by_wake: BTreeMap<(Timestamp, SendId, UserId), ()>,
}

impl Waiting {
    pub(super) fn remove(&mut self, key: &ScheduledKey) {
        self.rows.remove(&(key.author, key.id));
        if let Some(wake) = key.wake {
            self.by_wake.remove(&(wake, key.id, key.author));
        }
    }

    fn insert(&mut self, record: &ScheduledRecord) {
        if let Some(wake) = record.wake {
            self.by_wake.insert((wake, record.id, record.author), ());
        }
        self.rows.insert((record.author, record.id), record.clone());
    }
}

#[async_trait]
impl Schedule for MemoryStore {
    async fn put(
        &self,
        record: &ScheduledRecord,
        was: Option<ScheduledKey>,
    ) -> Result<(), StoreError> {
        let mut tables = self.tables();
        if let Some(was) = was {
            tables.waiting.remove(&was);
        }
        tables.waiting.insert(record);
        Ok(())
    }

    async fn delete(&self, key: ScheduledKey) -> Result<(), StoreError> {
        self.tables().waiting.remove(&key);
        Ok(())
    }

    async fn one(&self, author: UserId, id: SendId) -> Result<Option<ScheduledRecord>, StoreError> {
        Ok(self.tables().waiting.rows.get(&(author, id)).cloned())
    }

    async fn of(&self, author: UserId) -> Result<Vec<ScheduledRecord>, StoreError> {
        let ends = (SendId::from_bytes([0; 16]), SendId::from_bytes([0xff; 16]));
        let tables = self.tables();
        let own = tables
            .waiting
            .rows
            .range((author, ends.0)..=(author, ends.1));
        Ok(own.map(|(_, record)| record.clone()).collect())
    }

    async fn due(
        &self,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<ScheduledRecord>, StoreError> {
        let tables = self.tables();
        let waiting = &tables.waiting;
        let due = waiting
            .by_wake
            .keys()
            .take_while(|(wake, ..)| *wake <= until);
        let rows = due.filter_map(|(_, id, author)| waiting.rows.get(&(*author, *id)));
        Ok(rows.take(limit).cloned().collect())
    }

    async fn first_wake(&self) -> Result<Option<Timestamp>, StoreError> {
        let tables = self.tables();
        let first = tables.waiting.by_wake.first_key_value();
        Ok(first.map(|((wake, ..), ())| *wake))
    }
}
