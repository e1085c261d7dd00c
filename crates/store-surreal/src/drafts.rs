//! What people have begun to write.

use async_trait::async_trait;
use chat::{DraftRecord, Drafts, StoreError};
use protocol::{ConversationId, UserId};
use surrealdb::types::{RecordId, object};

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, DraftRow};

pub(crate) const PLACES: &str = "SELECT VALUE id FROM $range";
pub(crate) const ONE: &str = "SELECT * FROM $draft";
const PUT: &str = "UPSERT $draft.id CONTENT $draft RETURN NONE";
const DELETE: &str = "DELETE $draft RETURN NONE";

#[async_trait]
impl Drafts for SurrealStore {
    async fn places(&self, user: UserId) -> Result<Vec<ConversationId>, StoreError> {
        let range = || object! { range: records::drafts_of(user) };
        let mut answer = self.engine.query(PLACES, range).await?;
        let ids: Vec<RecordId> = answer.take(0).map_err(corrupt)?;
        Ok(records::readable(ids.iter().map(records::second_id)))
    }

    async fn one(
        &self,
        user: UserId,
        conversation: ConversationId,
    ) -> Result<Option<DraftRecord>, StoreError> {
        let id = || object! { draft: records::draft(user, conversation) };
        let mut answer = self.engine.query(ONE, id).await?;
        let rows: Vec<DraftRow> = answer.take(0).map_err(corrupt)?;
        let row = rows.into_iter().next();
        row.map(DraftRecord::try_from).transpose()
    }

    async fn put(&self, draft: &DraftRecord) -> Result<(), StoreError> {
        self.engine
            .write(PUT, || object! { draft: DraftRow::from(draft) })
            .await?;
        Ok(())
    }

    async fn delete(&self, user: UserId, conversation: ConversationId) -> Result<(), StoreError> {
        self.engine
            .write(
                DELETE,
                || object! { draft: records::draft(user, conversation) },
            )
            .await?;
        Ok(())
    }
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<surrealdb::types::Object> {
    let user = UserId::from_bytes([0; 16]);
    Some(match statement {
        PLACES => object! { range: records::drafts_of(user) },
        ONE => object! { draft: records::draft(user, ConversationId::from_bytes([0; 16])) },
        _ => return None,
    })
}
