//! What accounts hide from others.

use async_trait::async_trait;
use chat::{Privacies, StoreError};
use protocol::{Privacy, UserId};
use surrealdb::types::object;

use crate::SurrealStore;
use crate::records::PrivacyRow;

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
        let rows: Vec<PrivacyRow> = self.engine.rows_of("privacy", users).await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}
