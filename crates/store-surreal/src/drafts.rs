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

#[cfg(test)]
mod tests {
    use protocol::Timestamp;
    use store_contract as contract;

    use super::*;
    use crate::Options;

    #[test]
    fn one_of_another_form_is_named_and_cannot_be_read() {
        contract::run(async {
            let store = SurrealStore::open(Options::in_memory()).await.unwrap();
            let drafts: &dyn Drafts = &store;
            let user = UserId::from_bytes([1; 16]);
            let [sound, spoilt] = [1, 2].map(|n| ConversationId::from_bytes([n; 16]));
            let draft = |conversation| DraftRecord {
                user,
                conversation,
                joined_at: Timestamp::from_millis(1),
                changed_at: Timestamp::from_millis(2),
                sealed: b"sealed".as_slice().into(),
            };
            for conversation in [sound, spoilt] {
                drafts.put(&draft(conversation)).await.unwrap();
            }
            const SPOIL: &str = "
                DEFINE FIELD OVERWRITE sealed ON draft TYPE any;
                UPDATE $row SET sealed = 'text' RETURN NONE;
            ";
            let parameters = || object! { row: records::draft(user, spoilt) };
            store.engine.write(SPOIL, parameters).await.unwrap();
            assert_eq!(drafts.places(user).await.unwrap(), [sound, spoilt]);
            let read = drafts.one(user, sound).await.unwrap();
            assert_eq!(read, Some(draft(sound)));
            let read = drafts.one(user, spoilt).await;
            assert!(matches!(read, Err(StoreError::Corrupt(_))), "{read:?}");
            drafts.delete(user, spoilt).await.unwrap();
            assert_eq!(drafts.places(user).await.unwrap(), [sound]);
        });
    }
}
