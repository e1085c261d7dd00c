//! Messages that wait for their time. What is sent is deleted with the log.

use async_trait::async_trait;
use chat::{Schedule, ScheduledKey, ScheduledRecord, StoreError};
use protocol::{SendId, Timestamp, UserId};
use surrealdb::IndexedResults;
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
        records_in(&mut answer)
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
        records_in(&mut answer)
    }

    async fn due(
        &self,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<ScheduledRecord>, StoreError> {
        let keys = self.waiting_keys(until, limit).await?;
        let rows = keys.iter().map(records::waits);
        self.scheduled_rows(records::readable(rows)).await
    }

    async fn first_wake(&self) -> Result<Option<Timestamp>, StoreError> {
        let end = Timestamp::from_millis(u64::MAX);
        let keys = self.waiting_keys(end, 1).await?;
        keys.first().map(records::wake).transpose()
    }
}

fn records_in(answer: &mut IndexedResults) -> Result<Vec<ScheduledRecord>, StoreError> {
    let rows: Vec<ScheduledRow> = answer.take(0).map_err(corrupt)?;
    let rows = rows.into_iter().map(ScheduledRecord::try_from);
    Ok(records::readable(rows))
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
