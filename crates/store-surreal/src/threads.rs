//! Which messages are in which thread, and how far accounts have seen them.

use async_trait::async_trait;
use chat::{SeenRecord, StoreError, Threads};
use protocol::{ConversationId, SavedPlace, Seq, UserId};
use surrealdb::types::object;

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, SeenRow};

pub(crate) const SEEN: &str = "SELECT * FROM $seen";
const PUT_SEEN: &str = "UPSERT $seen.id CONTENT $seen RETURN NONE";
const FORGET_SEEN: &str = "DELETE $seen RETURN NONE";

#[async_trait]
impl Threads for SurrealStore {
    async fn answers(
        &self,
        conversation: ConversationId,
        root: Seq,
        until: Seq,
        limit: usize,
    ) -> Result<Vec<Seq>, StoreError> {
        let range = records::answers(conversation, root, until);
        let ids = self.ids_within(&range, limit).await?;
        ids.iter().map(records::answer_place).collect()
    }

    async fn seen(&self, user: UserId) -> Result<Vec<SeenRecord>, StoreError> {
        let range = || object! { seen: records::seen_of(user) };
        let mut answer = self.engine.query(SEEN, range).await?;
        let rows: Vec<SeenRow> = answer.take(0).map_err(corrupt)?;
        let rows = rows.into_iter().map(SeenRecord::try_from);
        Ok(records::readable(rows))
    }

    async fn put_seen(&self, seen: &SeenRecord) -> Result<(), StoreError> {
        self.engine
            .write(PUT_SEEN, || object! { seen: SeenRow::from(seen) })
            .await?;
        Ok(())
    }

    async fn forget_seen(&self, user: UserId, root: SavedPlace) -> Result<(), StoreError> {
        self.engine
            .write(
                FORGET_SEEN,
                || object! { seen: records::thread_seen(user, root) },
            )
            .await?;
        Ok(())
    }
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<surrealdb::types::Object> {
    match statement {
        SEEN => Some(object! { seen: records::seen_of(UserId::from_bytes([0; 16])) }),
        _ => None,
    }
}
