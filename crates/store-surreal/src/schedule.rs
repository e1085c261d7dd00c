//! Messages that wait for their time. What is sent is deleted with the log.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chat::{Schedule, ScheduledKey, ScheduledRecord, StoreError};
use protocol::{SendId, Timestamp, UserId};
use surrealdb::types::{RecordId, object};

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, ScheduledRow};

const PUT: &str = "
    BEGIN;
    DELETE $was RETURN NONE;
    UPSERT $row.id CONTENT $row RETURN NONE;
    INSERT IGNORE INTO waiting $waiting RETURN NONE;
    COMMIT;
";
const DELETE: &str = "DELETE $rows RETURN NONE";
pub(crate) const ROWS: &str = "SELECT * FROM $rows";
pub(crate) const OF_AUTHOR: &str = "SELECT * FROM $range";
pub(crate) const KEYS: &str = "SELECT VALUE id FROM $range LIMIT $limit";

impl SurrealStore {
    async fn scheduled_rows(
        &self,
        rows: Vec<RecordId>,
    ) -> Result<Vec<ScheduledRecord>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut answer = self
            .engine
            .query(ROWS, || object! { rows: rows.clone() })
            .await?;
        records::rows_in::<ScheduledRow, _>(&mut answer)
    }

    async fn waiting_keys(
        &self,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<RecordId>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let parameters = || object! { range: records::waiting_until(until), limit: limit };
        let mut answer = self.engine.query(KEYS, parameters).await?;
        answer.take(0).map_err(corrupt)
    }

    /// Whatever waits for a row that is not there, or that cannot be read, would be due for ever.
    async fn forget_waiting(&self, orphans: &[RecordId]) -> Result<(), StoreError> {
        if orphans.is_empty() {
            return Ok(());
        }
        tracing::error!(
            count = orphans.len(),
            "scheduled messages that cannot be read are not waited for any more"
        );
        self.engine
            .write(DELETE, || object! { rows: orphans.to_vec() })
            .await?;
        Ok(())
    }
}

#[async_trait]
impl Schedule for SurrealStore {
    async fn put(
        &self,
        record: &ScheduledRecord,
        was: Option<ScheduledKey>,
    ) -> Result<(), StoreError> {
        self.engine
            .write(PUT, || {
                let was: Vec<RecordId> = was.iter().flat_map(row_ids).collect();
                let waiting = records::waiting(&record.key());
                let waiting: Vec<_> = waiting.into_iter().map(|id| object! { id: id }).collect();
                object! { was: was, row: ScheduledRow::from(record), waiting: waiting }
            })
            .await?;
        Ok(())
    }

    async fn delete(&self, key: ScheduledKey) -> Result<(), StoreError> {
        self.engine
            .write(DELETE, || object! { rows: row_ids(&key) })
            .await?;
        Ok(())
    }

    async fn one(&self, author: UserId, id: SendId) -> Result<Option<ScheduledRecord>, StoreError> {
        let rows = self.scheduled_rows(vec![records::scheduled(author, id)]);
        Ok(rows.await?.into_iter().next())
    }

    async fn of(&self, author: UserId) -> Result<Vec<ScheduledRecord>, StoreError> {
        let parameters = || object! { range: records::scheduled_of(author) };
        let mut answer = self.engine.query(OF_AUTHOR, parameters).await?;
        records::rows_in::<ScheduledRow, _>(&mut answer)
    }

    async fn due(
        &self,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<ScheduledRecord>, StoreError> {
        let ids = self.waiting_keys(until, limit).await?;
        let keys = records::readable(ids.iter().map(records::waits));
        let rows = keys.iter();
        let rows: BTreeSet<_> = rows
            .map(|key| records::scheduled(key.author, key.id))
            .collect();
        let mut found = self.scheduled_rows(rows.into_iter().collect()).await?;
        found.retain(|record| keys.contains(&record.key()));
        let leads_nowhere = |id: &RecordId| {
            let key = records::waits(id);
            !key.is_ok_and(|key| found.iter().any(|record| record.key() == key))
        };
        let orphans: Vec<_> = ids.into_iter().filter(leads_nowhere).collect();
        self.forget_waiting(&orphans).await?;
        Ok(found)
    }

    async fn first_wake(&self) -> Result<Option<Timestamp>, StoreError> {
        let end = Timestamp::from_millis(u64::MAX);
        let keys = self.waiting_keys(end, 1).await?;
        keys.first().map(records::wake).transpose()
    }
}

/// Every row of one.
pub(crate) fn row_ids(key: &ScheduledKey) -> Vec<RecordId> {
    let row = records::scheduled(key.author, key.id);
    records::waiting(key).into_iter().chain([row]).collect()
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<surrealdb::types::Object> {
    let author = UserId::from_bytes([0; 16]);
    let until = Timestamp::from_millis(5);
    Some(match statement {
        ROWS => object! { rows: vec![records::scheduled(author, SendId::from_bytes([0; 16]))] },
        OF_AUTHOR => object! { range: records::scheduled_of(author) },
        KEYS => object! { range: records::waiting_until(until), limit: 64_i64 },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use protocol::ConversationId;
    use store_contract as contract;

    use super::*;
    use crate::Options;

    const ME: UserId = UserId::from_bytes([1; 16]);
    const END: Timestamp = Timestamp::from_millis(1_000);

    fn waits(number: u8, wake: u64) -> ScheduledRecord {
        ScheduledRecord {
            author: ME,
            id: SendId::from_bytes([number; 16]),
            conversation: ConversationId::from_bytes([7; 16]),
            due: Timestamp::from_millis(wake),
            wake: Some(Timestamp::from_millis(wake)),
            sealed: vec![number].into(),
        }
    }

    async fn holding(records: &[ScheduledRecord]) -> SurrealStore {
        let store = SurrealStore::open(Options::in_memory()).await.unwrap();
        for record in records {
            Schedule::put(&store, record, None).await.unwrap();
        }
        store
    }

    fn row(record: &ScheduledRecord) -> RecordId {
        records::scheduled(record.author, record.id)
    }

    #[test]
    fn a_row_of_another_form_keeps_nobody_from_the_others() {
        contract::run(async {
            let (sound, spoilt) = (waits(1, 9), waits(2, 5));
            let store = holding(&[sound.clone(), spoilt.clone()]).await;
            const SPOIL: &str = "
                DEFINE FIELD OVERWRITE sealed ON scheduled TYPE any;
                UPDATE $row SET sealed = 'text' RETURN NONE;
            ";
            let parameters = || object! { row: row(&spoilt) };
            store.engine.write(SPOIL, parameters).await.unwrap();
            let schedule: &dyn Schedule = &store;
            let sound = [sound];
            assert_eq!(schedule.due(END, 64).await.unwrap(), sound);
            assert_eq!(schedule.of(ME).await.unwrap(), sound);
            // Of the other the row stays, and nobody waits for it.
            let first = schedule.first_wake().await.unwrap();
            assert_eq!(first, sound[0].wake);
            const ID: &str = "SELECT VALUE id FROM $row";
            let mut kept = store.engine.query(ID, parameters).await.unwrap();
            let kept: Vec<RecordId> = kept.take(0).unwrap();
            assert_eq!(kept.len(), 1);
        });
    }

    #[test]
    fn what_waits_for_no_row_is_not_waited_for_again() {
        contract::run(async {
            let later = waits(3, 5_000);
            // One whose row is gone, one whose row cannot be true, one that waits for another time.
            let store = holding(&[waits(1, 5), waits(2, 6), later.clone()]).await;
            const SPOIL: &str = "
                DELETE $gone RETURN NONE;
                UPDATE $untrue SET due = -1 RETURN NONE;
                INSERT INTO waiting $left RETURN NONE;
            ";
            let left = ScheduledKey {
                wake: Some(Timestamp::from_millis(7)),
                ..later.key()
            };
            let parameters = || {
                let left = records::waiting(&left).map(|id| object! { id: id });
                let left: Vec<_> = left.into_iter().collect();
                object! { gone: row(&waits(1, 5)), untrue: row(&waits(2, 6)), left: left }
            };
            store.engine.write(SPOIL, parameters).await.unwrap();
            let schedule: &dyn Schedule = &store;
            assert_eq!(schedule.due(END, 64).await.unwrap(), []);
            assert_eq!(schedule.first_wake().await.unwrap(), later.wake);
            let end = Timestamp::from_millis(u64::MAX);
            assert_eq!(schedule.due(end, 64).await.unwrap(), [later]);
        });
    }
}
