//! What accounts say of themselves.

use async_trait::async_trait;
use chat::{Profiles, StoreError};
use protocol::UserId;
use surrealdb::types::{Value, object};

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
        let rows: Vec<Value> = self.engine.rows_of("profile", users).await?;
        Ok(records::readable(rows.into_iter().map(ProfileRow::read)))
    }
}

#[cfg(test)]
mod tests {
    use store_contract as contract;

    use super::*;
    use crate::Options;

    #[test]
    fn what_cannot_be_read_is_there_and_keeps_nobody_from_the_others() {
        contract::run(async {
            let store = SurrealStore::open(Options::in_memory()).await.unwrap();
            let profiles: &dyn Profiles = &store;
            let [sound, spoilt] = [1, 2].map(|n| UserId::from_bytes([n; 16]));
            for user in [sound, spoilt] {
                profiles.set(user, b"sealed").await.unwrap();
            }
            const SPOIL: &str = "
                DEFINE FIELD OVERWRITE sealed ON profile TYPE any;
                UPDATE $row SET sealed = 'text' RETURN NONE;
            ";
            let parameters = || object! { row: records::row("profile", spoilt) };
            store.engine.write(SPOIL, parameters).await.unwrap();
            let mut read = profiles.of(&[spoilt, sound]).await.unwrap();
            read.sort_unstable();
            assert_eq!(read, [(sound, b"sealed".to_vec()), (spoilt, Vec::new())]);
        });
    }
}
