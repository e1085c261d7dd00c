//! Who blocks whom, written twice: to be read by who does, and by whom it is done to.

use async_trait::async_trait;
use chat::{Blocks, StoreError};
use protocol::UserId;
use surrealdb::types::{Object, RecordId, object};

use crate::SurrealStore;
use crate::conversations::all_of;
use crate::failure::corrupt;
use crate::records::{self, Id as _};

const BLOCK: &str = "
    BEGIN;
    INSERT IGNORE INTO block $of RETURN NONE;
    INSERT IGNORE INTO blocked_by $against RETURN NONE;
    COMMIT;
";
const UNBLOCK: &str = "
    BEGIN;
    DELETE $of.id RETURN NONE;
    DELETE $against.id RETURN NONE;
    COMMIT;
";
pub(crate) const SECONDS: &str = "SELECT VALUE id FROM $range";

#[async_trait]
impl Blocks for SurrealStore {
    async fn set(&self, user: UserId, other: UserId, blocks: bool) -> Result<(), StoreError> {
        let statement = if blocks { BLOCK } else { UNBLOCK };
        self.engine
            .write(statement, || {
                object! {
                    of: row("block", user, other),
                    against: row("blocked_by", other, user),
                }
            })
            .await?;
        Ok(())
    }

    async fn of(&self, user: UserId) -> Result<Vec<UserId>, StoreError> {
        self.seconds("block", user).await
    }

    async fn against(&self, user: UserId) -> Result<Vec<UserId>, StoreError> {
        self.seconds("blocked_by", user).await
    }
}

impl SurrealStore {
    async fn seconds(&self, table: &'static str, first: UserId) -> Result<Vec<UserId>, StoreError> {
        let mut answer = self
            .engine
            .query(SECONDS, || object! { range: all_of(table, first) })
            .await?;
        let ids: Vec<RecordId> = answer.take(0).map_err(corrupt)?;
        Ok(records::readable(ids.iter().map(records::second_id)))
    }
}

fn row(table: &'static str, first: UserId, second: UserId) -> Object {
    object! { id: records::pair(table, first.to_uuid(), second.to_uuid()) }
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<Object> {
    let user = UserId::from_bytes([0; 16]);
    match statement {
        SECONDS => Some(object! { range: all_of("block", user) }),
        _ => None,
    }
}
