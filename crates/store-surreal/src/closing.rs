//! The end of accounts, and of conversations that nobody is in.

use chat::{Invites, StoreError};
use protocol::{ConversationId, Seq, UserId};
use surrealdb::types::{Object, RecordId, object};

use crate::SurrealStore;
use crate::conversations::all_of;
use crate::failure::corrupt;
use crate::messages::places;
use crate::records::{self, Id as _};
use crate::users::prefix_ids;

const CLOSE: &str = "
    BEGIN;
    UPDATE $user SET
        display_name = $name,
        email_index = $index,
        email_sealed = $sealed,
        password_hash = ''
        RETURN NONE;
    DELETE $gone RETURN NONE;
    INSERT IGNORE INTO closing $noted RETURN NONE;
    COMMIT;
";
pub(crate) const CLOSING: &str = "SELECT VALUE id FROM closing:.. LIMIT $limit";
pub(crate) const EMPTIED: &str = "SELECT VALUE id FROM emptied:.. LIMIT $limit";
pub(crate) const WITHIN: &str = "SELECT VALUE id FROM $range LIMIT $limit";
const DELETE: &str = "DELETE $rows RETURN NONE";

impl SurrealStore {
    /// The words by which it was found are read before they are taken away, as for another name.
    pub(crate) async fn close(&self, user: UserId) -> Result<(), StoreError> {
        let _turn = self.renames.lock().await;
        let before = self.user_by_id(user).await?.ok_or(StoreError::Missing)?;
        if before.is_closed() {
            return Ok(());
        }
        let gone: Vec<RecordId> = prefix_ids(&before).collect();
        let after = before.closed();
        self.engine
            .write(CLOSE, || {
                object! {
                    user: records::row("user", user),
                    name: after.display_name.to_string(),
                    index: records::digits(&after.email_index),
                    sealed: records::bytes(&after.email_sealed),
                    gone: gone.clone(),
                    noted: vec![object! { id: records::row("closing", user) }],
                }
            })
            .await?;
        Ok(())
    }

    pub(crate) async fn closing(&self, limit: usize) -> Result<Vec<UserId>, StoreError> {
        let ids = self.noted(CLOSING, limit).await?;
        Ok(records::readable(ids.iter().map(records::only_id)))
    }

    pub(crate) async fn emptied(&self, limit: usize) -> Result<Vec<ConversationId>, StoreError> {
        let ids = self.noted(EMPTIED, limit).await?;
        Ok(records::readable(ids.iter().map(records::only_id)))
    }

    async fn noted(
        &self,
        statement: &'static str,
        limit: usize,
    ) -> Result<Vec<RecordId>, StoreError> {
        let mut answer = self
            .engine
            .query(statement, || object! { limit: most(limit) })
            .await?;
        answer.take(0).map_err(corrupt)
    }

    pub(crate) async fn closed(&self, user: UserId) -> Result<(), StoreError> {
        self.delete(&[records::row("closing", user)]).await
    }

    /// The rows of members come last: by them it is found again if this is interrupted.
    pub(crate) async fn erase(&self, id: ConversationId, limit: usize) -> Result<bool, StoreError> {
        let messages = places(id, Seq::ZERO, Seq(u64::MAX));
        let threads = records::threads_of(id);
        for range in [messages, threads, index(id), all_of("barred", id)] {
            let found = self.ids_within(&range, limit).await?;
            if !found.is_empty() {
                self.delete(&found).await?;
                return Ok(false);
            }
        }
        let mut rows = vec![
            records::row("checkpoint", id),
            records::row("search_cursor", id),
            records::row("conversation", id),
            records::row("emptied", id),
        ];
        for link in Invites::of(self, id).await? {
            rows.push(records::invite(&link.hash));
        }
        for member in self.members_of(id).await? {
            rows.push(records::member(id, member.user));
            rows.push(records::inbox(id, member.user));
            rows.push(records::draft(member.user, id));
        }
        self.delete(&rows).await?;
        Ok(true)
    }

    /// How far it goes comes last: by that it is found again if this is interrupted.
    pub(crate) async fn erase_part_of_index(
        &self,
        id: ConversationId,
        limit: usize,
    ) -> Result<bool, StoreError> {
        let found = self.ids_within(&index(id), limit).await?;
        if found.is_empty() {
            self.delete(&[records::row("search_cursor", id)]).await?;
        } else {
            self.delete(&found).await?;
        }
        Ok(found.is_empty())
    }

    pub(crate) async fn ids_within(
        &self,
        range: &RecordId,
        limit: usize,
    ) -> Result<Vec<RecordId>, StoreError> {
        let mut answer = self.engine.query(WITHIN, || within(range, limit)).await?;
        answer.take(0).map_err(corrupt)
    }

    async fn delete(&self, rows: &[RecordId]) -> Result<(), StoreError> {
        self.engine
            .write(DELETE, || object! { rows: rows.to_vec() })
            .await?;
        Ok(())
    }
}

fn within(range: &RecordId, limit: usize) -> Object {
    object! { range: range.clone(), limit: most(limit) }
}

fn most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// All rows of a conversation's search index.
fn index(id: ConversationId) -> RecordId {
    records::range("search_index", id.to_uuid(), 0_i64, i64::MAX)
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<Object> {
    let id = ConversationId::from_bytes([0; 16]);
    Some(match statement {
        CLOSING | EMPTIED => object! { limit: 20_i64 },
        WITHIN => within(&index(id), 20),
        _ => return None,
    })
}
