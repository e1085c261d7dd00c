//! Reminders of messages.

use async_trait::async_trait;
use chat::{ReminderRecord, Reminders, StoreError};
use protocol::{SavedPlace, Timestamp, UserId};
use surrealdb::IndexedResults;
use surrealdb::types::{RecordId, object};

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, ReminderRow};

const PUT: &str = "
    BEGIN;
    DELETE $was RETURN NONE;
    UPSERT $row.id CONTENT $row RETURN NONE;
    INSERT IGNORE INTO reminding $waiting RETURN NONE;
    COMMIT;
";
const DELETE: &str = "DELETE $rows RETURN NONE";
pub(crate) const ROWS: &str = "SELECT * FROM $rows";
pub(crate) const OF_USER: &str = "SELECT * FROM $range";
pub(crate) const KEYS: &str = "SELECT VALUE id FROM $range LIMIT $limit";

impl SurrealStore {
    async fn reminder_rows(&self, rows: Vec<RecordId>) -> Result<Vec<ReminderRecord>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut answer = self
            .engine
            .query(ROWS, || object! { rows: rows.clone() })
            .await?;
        records_in(&mut answer)
    }

    async fn reminding_keys(
        &self,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<RecordId>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let parameters = || object! { range: records::reminding_until(until), limit: limit };
        let mut answer = self.engine.query(KEYS, parameters).await?;
        answer.take(0).map_err(corrupt)
    }
}

#[async_trait]
impl Reminders for SurrealStore {
    async fn of(&self, user: UserId) -> Result<Vec<ReminderRecord>, StoreError> {
        let parameters = || object! { range: records::reminders_of(user) };
        let mut answer = self.engine.query(OF_USER, parameters).await?;
        let mut all = records_in(&mut answer)?;
        all.sort_unstable_by_key(|record| (record.reminder.at, record.reminder.place));
        Ok(all)
    }

    async fn one(
        &self,
        user: UserId,
        place: SavedPlace,
    ) -> Result<Option<ReminderRecord>, StoreError> {
        let rows = self.reminder_rows(vec![records::reminder(user, place)]);
        Ok(rows.await?.into_iter().next())
    }

    async fn put(
        &self,
        record: &ReminderRecord,
        was: Option<&ReminderRecord>,
    ) -> Result<(), StoreError> {
        self.engine
            .write(PUT, || {
                let was: Vec<RecordId> = was.into_iter().flat_map(row_ids).collect();
                let waiting = records::reminding(record);
                let waiting: Vec<_> = waiting.into_iter().map(|id| object! { id: id }).collect();
                object! { was: was, row: ReminderRow::from(record), waiting: waiting }
            })
            .await?;
        Ok(())
    }

    async fn delete(&self, record: &ReminderRecord) -> Result<(), StoreError> {
        self.engine
            .write(DELETE, || object! { rows: row_ids(record) })
            .await?;
        Ok(())
    }

    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<ReminderRecord>, StoreError> {
        let keys = self.reminding_keys(until, limit).await?;
        let rows = keys.iter().map(records::reminds);
        self.reminder_rows(records::readable(rows)).await
    }

    async fn first(&self) -> Result<Option<Timestamp>, StoreError> {
        let end = Timestamp::from_millis(u64::MAX);
        let keys = self.reminding_keys(end, 1).await?;
        keys.first().map(records::reminding_at).transpose()
    }
}

fn records_in(answer: &mut IndexedResults) -> Result<Vec<ReminderRecord>, StoreError> {
    let rows: Vec<ReminderRow> = answer.take(0).map_err(corrupt)?;
    let rows = rows.into_iter().map(ReminderRecord::try_from);
    Ok(records::readable(rows))
}

/// Every row of one.
fn row_ids(record: &ReminderRecord) -> Vec<RecordId> {
    let row = records::reminder(record.user, record.reminder.place);
    records::reminding(record)
        .into_iter()
        .chain([row])
        .collect()
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<surrealdb::types::Object> {
    let user = UserId::from_bytes([0; 16]);
    let place = SavedPlace {
        conversation: protocol::ConversationId::from_bytes([0; 16]),
        seq: protocol::Seq(1),
    };
    let until = Timestamp::from_millis(5);
    Some(match statement {
        ROWS => object! { rows: vec![records::reminder(user, place)] },
        OF_USER => object! { range: records::reminders_of(user) },
        KEYS => object! { range: records::reminding_until(until), limit: 64_i64 },
        _ => return None,
    })
}
