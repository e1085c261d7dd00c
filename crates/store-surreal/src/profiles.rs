//! What accounts say of themselves.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chat::{Profiles, StoreError};
use protocol::UserId;
use surrealdb::types::{RecordId, object};

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, ProfileRow};

pub(crate) const BY_IDS: &str = "SELECT * FROM $profiles";
const SET: &str = "UPSERT $profile.id CONTENT $profile RETURN NONE";
const DELETE: &str = "DELETE $profile RETURN NONE";

#[async_trait]
impl Profiles for SurrealStore {
    async fn set(&self, user: UserId, sealed: &[u8]) -> Result<(), StoreError> {
        self.engine
            .write(SET, || object! { profile: ProfileRow::new(user, sealed) })
            .await?;
        Ok(())
    }

    async fn delete(&self, user: UserId) -> Result<(), StoreError> {
        self.engine
            .write(
                DELETE,
                || object! { profile: records::row("profile", user) },
            )
            .await?;
        Ok(())
    }

    async fn of(&self, users: &[UserId]) -> Result<Vec<(UserId, Vec<u8>)>, StoreError> {
        let users: BTreeSet<UserId> = users.iter().copied().collect();
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let mut answer = self
            .engine
            .query(BY_IDS, || {
                let ids = users.iter().map(|user| records::row("profile", *user));
                object! { profiles: ids.collect::<Vec<RecordId>>() }
            })
            .await?;
        let rows: Vec<ProfileRow> = answer.take(0).map_err(corrupt)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<surrealdb::types::Object> {
    let user = UserId::from_bytes([0; 16]);
    match statement {
        BY_IDS => Some(object! { profiles: vec![records::row("profile", user)] }),
        _ => None,
    }
}
