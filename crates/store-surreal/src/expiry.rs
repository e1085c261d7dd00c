//! When messages are over. What is noted comes and goes with the log.

use async_trait::async_trait;
use chat::{Expiries, Expiry, StoreError};
use protocol::Timestamp;
use surrealdb::types::{RecordId, object};

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records;

const PUT_OFF: &str = "
    BEGIN;
    DELETE $was RETURN NONE;
    INSERT IGNORE INTO expiry $rows RETURN NONE;
    COMMIT;
";
pub(crate) const UNTIL: &str = "SELECT VALUE id FROM $range LIMIT $limit";

#[async_trait]
impl Expiries for SurrealStore {
    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<Expiry>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let parameters = || object! { range: records::expiries_until(until), limit: limit };
        let mut answer = self.engine.query(UNTIL, parameters).await?;
        let ids: Vec<RecordId> = answer.take(0).map_err(corrupt)?;
        Ok(records::readable(ids.iter().map(records::expires)))
    }

    async fn first(&self) -> Result<Option<Timestamp>, StoreError> {
        let end = Timestamp::from_millis(u64::MAX);
        let first = self.due(end, 1).await?;
        Ok(first.first().map(|first| first.at))
    }

    async fn put_off(&self, moved: &[(Expiry, Option<Timestamp>)]) -> Result<(), StoreError> {
        self.engine
            .write(PUT_OFF, || {
                let was = moved.iter().map(|(was, _)| records::expiry(was));
                let now = moved
                    .iter()
                    .filter_map(|(was, at)| at.map(|at| Expiry { at, ..*was }));
                let rows = now.map(|now| object! { id: records::expiry(&now) });
                object! { was: was.collect::<Vec<_>>(), rows: rows.collect::<Vec<_>>() }
            })
            .await?;
        Ok(())
    }
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<surrealdb::types::Object> {
    let until = Timestamp::from_millis(5);
    (statement == UNTIL).then(|| object! { range: records::expiries_until(until), limit: 64_i64 })
}
