//! Reminders of messages.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chat::{ReminderRecord, Reminders, StoreError};
use protocol::{SavedPlace, Timestamp, UserId};
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
        records::rows_in::<ReminderRow, _>(&mut answer)
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

    /// Whatever waits for a row that is not there, or that cannot be read, would be due for ever.
    async fn forget_reminding(&self, orphans: &[RecordId]) -> Result<(), StoreError> {
        if orphans.is_empty() {
            return Ok(());
        }
        tracing::error!(
            count = orphans.len(),
            "reminders that cannot be read are not waited for any more"
        );
        self.engine
            .write(DELETE, || object! { rows: orphans.to_vec() })
            .await?;
        Ok(())
    }
}

#[async_trait]
impl Reminders for SurrealStore {
    async fn of(&self, user: UserId) -> Result<Vec<ReminderRecord>, StoreError> {
        let parameters = || object! { range: records::reminders_of(user) };
        let mut answer = self.engine.query(OF_USER, parameters).await?;
        let mut all: Vec<ReminderRecord> = records::rows_in::<ReminderRow, _>(&mut answer)?;
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
        let ids = self.reminding_keys(until, limit).await?;
        let waiting = records::readable(ids.iter().map(records::reminds));
        let rows = waiting.iter();
        let rows: BTreeSet<_> = rows
            .map(|it| records::reminder(it.user, it.reminder.place))
            .collect();
        let mut found = self.reminder_rows(rows.into_iter().collect()).await?;
        found.retain(|record| waiting.contains(record));
        let leads_nowhere =
            |id: &RecordId| !records::reminds(id).is_ok_and(|waits| found.contains(&waits));
        let orphans: Vec<_> = ids.into_iter().filter(leads_nowhere).collect();
        self.forget_reminding(&orphans).await?;
        Ok(found)
    }

    async fn first(&self) -> Result<Option<Timestamp>, StoreError> {
        let end = Timestamp::from_millis(u64::MAX);
        let keys = self.reminding_keys(end, 1).await?;
        keys.first().map(records::reminding_at).transpose()
    }
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

#[cfg(test)]
mod tests {
    use protocol::{ConversationId, Reminder, Seq};
    use store_contract as contract;

    use super::*;
    use crate::Options;

    const ME: UserId = UserId::from_bytes([1; 16]);
    const END: Timestamp = Timestamp::from_millis(1_000);

    fn reminder(seq: u64, at: u64) -> ReminderRecord {
        ReminderRecord {
            user: ME,
            reminder: Reminder {
                place: SavedPlace {
                    conversation: ConversationId::from_bytes([7; 16]),
                    seq: Seq(seq),
                },
                at: Timestamp::from_millis(at),
                due: false,
            },
        }
    }

    async fn holding(all: &[ReminderRecord]) -> SurrealStore {
        let store = SurrealStore::open(Options::in_memory()).await.unwrap();
        for record in all {
            Reminders::put(&store, record, None).await.unwrap();
        }
        store
    }

    fn row(record: &ReminderRecord) -> RecordId {
        records::reminder(record.user, record.reminder.place)
    }

    #[test]
    fn a_row_of_another_form_keeps_nobody_from_the_others() {
        contract::run(async {
            let (sound, spoilt) = (reminder(1, 9), reminder(2, 5));
            let store = holding(&[sound, spoilt]).await;
            const SPOIL: &str = "
                DEFINE FIELD OVERWRITE due ON reminder TYPE any;
                UPDATE $row SET due = 'text' RETURN NONE;
            ";
            let parameters = || object! { row: row(&spoilt) };
            store.engine.write(SPOIL, parameters).await.unwrap();
            let reminders: &dyn Reminders = &store;
            assert_eq!(reminders.due(END, 64).await.unwrap(), [sound]);
            assert_eq!(reminders.of(ME).await.unwrap(), [sound]);
            let first = reminders.first().await.unwrap();
            assert_eq!(first, Some(sound.reminder.at));
        });
    }

    #[test]
    fn what_waits_for_no_row_is_not_waited_for_again() {
        contract::run(async {
            let later = reminder(3, 5_000);
            // One whose row is gone, one whose row cannot be true, one that waits for another time.
            let store = holding(&[reminder(1, 5), reminder(2, 6), later]).await;
            const SPOIL: &str = "
                DELETE $gone RETURN NONE;
                UPDATE $untrue SET at = -1 RETURN NONE;
                INSERT INTO reminding $left RETURN NONE;
            ";
            let parameters = || {
                let left = records::reminding(&reminder(3, 7)).map(|id| object! { id: id });
                let left: Vec<_> = left.into_iter().collect();
                object! { gone: row(&reminder(1, 5)), untrue: row(&reminder(2, 6)), left: left }
            };
            store.engine.write(SPOIL, parameters).await.unwrap();
            let reminders: &dyn Reminders = &store;
            assert_eq!(reminders.due(END, 64).await.unwrap(), []);
            let first = reminders.first().await.unwrap();
            assert_eq!(first, Some(later.reminder.at));
            let end = Timestamp::from_millis(u64::MAX);
            assert_eq!(reminders.due(end, 64).await.unwrap(), [later]);
        });
    }
}
