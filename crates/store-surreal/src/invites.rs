//! Links by which groups are joined. How often they were used is written with the log.

use async_trait::async_trait;
use chat::{InviteRecord, Invites, StoreError};
use protocol::{ConversationId, UserId};
use surrealdb::types::{RecordId, object};

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, Id as _, InviteRow};

const INSERT: &str = "CREATE $link.id CONTENT $link RETURN NONE";
pub(crate) const BY_HASH: &str = "SELECT * FROM $link";
pub(crate) const OF_CONVERSATION: &str = "SELECT * FROM invite WHERE conversation = $conversation";
const DELETE: &str = "DELETE $links RETURN NONE";
pub(crate) const BARRED: &str = "SELECT VALUE id FROM $barred";

#[async_trait]
impl Invites for SurrealStore {
    async fn insert(&self, invite: &InviteRecord) -> Result<(), StoreError> {
        self.engine
            .write(INSERT, || object! { link: InviteRow::from(invite) })
            .await?;
        Ok(())
    }

    async fn by_hash(&self, hash: &[u8; 32]) -> Result<Option<InviteRecord>, StoreError> {
        let mut answer = self
            .engine
            .query(BY_HASH, || object! { link: records::invite(hash) })
            .await?;
        let rows: Vec<InviteRow> = answer.take(0).map_err(corrupt)?;
        rows.into_iter()
            .next()
            .map(InviteRecord::try_from)
            .transpose()
    }

    async fn of(&self, conversation: ConversationId) -> Result<Vec<InviteRecord>, StoreError> {
        let mut answer = self
            .engine
            .query(
                OF_CONVERSATION,
                || object! { conversation: conversation.to_uuid() },
            )
            .await?;
        let rows: Vec<InviteRow> = answer.take(0).map_err(corrupt)?;
        let mut links = records::readable(rows.into_iter().map(InviteRecord::try_from));
        links.sort_by_key(|link| link.id);
        Ok(links)
    }

    async fn delete(&self, hashes: &[[u8; 32]]) -> Result<(), StoreError> {
        if hashes.is_empty() {
            return Ok(());
        }
        self.engine
            .write(DELETE, || {
                let links: Vec<RecordId> = hashes.iter().map(records::invite).collect();
                object! { links: links }
            })
            .await?;
        Ok(())
    }

    async fn is_barred(
        &self,
        conversation: ConversationId,
        user: UserId,
    ) -> Result<bool, StoreError> {
        let mut answer = self
            .engine
            .query(
                BARRED,
                || object! { barred: records::barred(conversation, user) },
            )
            .await?;
        let rows: Vec<RecordId> = answer.take(0).map_err(corrupt)?;
        Ok(!rows.is_empty())
    }
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<surrealdb::types::Object> {
    let conversation = ConversationId::from_bytes([0; 16]);
    Some(match statement {
        BY_HASH => object! { link: records::invite(&[0; 32]) },
        OF_CONVERSATION => object! { conversation: conversation.to_uuid() },
        BARRED => object! { barred: records::barred(conversation, UserId::from_bytes([0; 16])) },
        _ => return None,
    })
}
