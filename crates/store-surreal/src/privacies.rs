//! What accounts hide from others.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chat::{Privacies, StoreError};
use protocol::{Privacy, UserId};
use surrealdb::types::{RecordId, object};

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, PrivacyRow};

pub(crate) const BY_IDS: &str = "SELECT * FROM $ids";
const SET: &str = "UPSERT $privacy.id CONTENT $privacy RETURN NONE";

#[async_trait]
impl Privacies for SurrealStore {
    async fn set(&self, user: UserId, privacy: Privacy) -> Result<(), StoreError> {
        self.engine
            .write(SET, || object! { privacy: PrivacyRow::new(user, privacy) })
            .await?;
        Ok(())
    }

    async fn of(&self, users: &[UserId]) -> Result<Vec<(UserId, Privacy)>, StoreError> {
        let users: BTreeSet<UserId> = users.iter().copied().collect();
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let mut answer = self
            .engine
            .query(BY_IDS, || {
                let ids = users.iter().map(|user| records::row("privacy", *user));
                object! { ids: ids.collect::<Vec<RecordId>>() }
            })
            .await?;
        let rows: Vec<PrivacyRow> = answer.take(0).map_err(corrupt)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<surrealdb::types::Object> {
    let user = UserId::from_bytes([0; 16]);
    match statement {
        BY_IDS => Some(object! { ids: vec![records::row("privacy", user)] }),
        _ => None,
    }
}
