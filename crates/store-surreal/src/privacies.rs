//! What accounts hide from others.

use async_trait::async_trait;
use chat::{Privacies, StoreError};
use protocol::{Privacy, UserId};
use surrealdb::types::{Value, object};

use crate::SurrealStore;
use crate::records::{self, PrivacyRow};

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
        let rows: Vec<Value> = self.engine.rows_of("privacy", users).await?;
        Ok(records::readable(rows.into_iter().map(PrivacyRow::read)))
    }
}

#[cfg(test)]
mod tests {
    use store_contract as contract;

    use super::*;
    use crate::Options;

    #[test]
    fn what_cannot_be_read_counts_as_hidden_and_keeps_nobody_from_the_others() {
        contract::run(async {
            let store = SurrealStore::open(Options::in_memory()).await.unwrap();
            let privacies: &dyn Privacies = &store;
            let [sound, spoilt] = [1, 2].map(|n| UserId::from_bytes([n; 16]));
            for user in [sound, spoilt] {
                privacies.set(user, Privacy::default()).await.unwrap();
            }
            const SPOIL: &str = "
                DEFINE FIELD OVERWRITE hides_reading ON privacy TYPE any;
                UPDATE $row SET hides_reading = 'text' RETURN NONE;
            ";
            let parameters = || object! { row: records::row("privacy", spoilt) };
            store.engine.write(SPOIL, parameters).await.unwrap();
            let mut read = privacies.of(&[spoilt, sound]).await.unwrap();
            read.sort_by_key(|(user, _)| *user);
            let hidden = Privacy {
                hides_reading: true,
                hides_presence: true,
            };
            assert_eq!(read, [(sound, Privacy::default()), (spoilt, hidden)]);
        });
    }
}
