//! Messages that people have saved.

use std::cmp::Reverse;

use async_trait::async_trait;
use chat::{SavedMessages, SavedRecord, StoreError};
use protocol::{SavedPlace, UserId};
use surrealdb::types::object;

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, SavedRow};

pub(crate) const OF_USER: &str = "SELECT * FROM $saved";
const SAVE: &str = "UPSERT $saved.id CONTENT $saved RETURN NONE";
const FORGET: &str = "DELETE $saved RETURN NONE";

#[async_trait]
impl SavedMessages for SurrealStore {
    async fn of(&self, user: UserId) -> Result<Vec<SavedRecord>, StoreError> {
        let mut answer = self
            .engine
            .query(OF_USER, || object! { saved: records::saved_of(user) })
            .await?;
        let rows: Vec<SavedRow> = answer.take(0).map_err(corrupt)?;
        let mut all = records::readable(rows.into_iter().map(SavedRecord::try_from));
        all.sort_unstable_by_key(|saved| Reverse((saved.saved_at, saved.place)));
        Ok(all)
    }

    async fn save(&self, saved: &SavedRecord) -> Result<(), StoreError> {
        self.engine
            .write(SAVE, || object! { saved: SavedRow::from(saved) })
            .await?;
        Ok(())
    }

    async fn forget(&self, user: UserId, place: SavedPlace) -> Result<(), StoreError> {
        self.engine
            .write(FORGET, || object! { saved: records::saved(user, place) })
            .await?;
        Ok(())
    }
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<surrealdb::types::Object> {
    let user = UserId::from_bytes([0; 16]);
    Some(match statement {
        OF_USER => object! { saved: records::saved_of(user) },
        _ => return None,
    })
}
