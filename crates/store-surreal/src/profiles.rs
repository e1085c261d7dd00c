//! What accounts say of themselves.

use async_trait::async_trait;
use chat::{Profiles, StoreError};
use protocol::UserId;
use surrealdb::types::object;

use crate::SurrealStore;
use crate::records::{self, ProfileRow};

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
        let rows: Vec<ProfileRow> = self.engine.rows_of("profile", users).await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}
