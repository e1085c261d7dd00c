//! People as others see them, kept in memory because every list and every `Welcome` shows
//! some. Accounts do not change yet; what will change them has to drop them here.

use std::collections::HashMap;

use protocol::{Person, UserId};
use quick_cache::sync::Cache;

use crate::store::{Store, StoreError, UserRecord};

/// People held.
const MOST: usize = 16_384;

/// Accounts that one read of the store asks for.
const READ: usize = 256;

pub(crate) struct PeopleCache {
    cache: Cache<UserId, Person>,
}

/// What others see of an account.
pub(crate) fn person(user: &UserRecord) -> Person {
    Person {
        id: user.id,
        username: user.username.clone(),
        display_name: user.display_name.clone(),
    }
}

impl PeopleCache {
    pub(crate) fn new() -> Self {
        Self {
            cache: Cache::new(MOST),
        }
    }

    /// The people with these ids; unknown ones are left out.
    pub(crate) async fn get(
        &self,
        store: &dyn Store,
        ids: impl IntoIterator<Item = UserId>,
    ) -> Result<HashMap<UserId, Person>, StoreError> {
        let mut people = HashMap::new();
        let mut missing = Vec::new();
        for id in ids {
            match self.cache.get(&id) {
                Some(person) => {
                    people.insert(id, person);
                }
                None => missing.push(id),
            }
        }
        missing.sort_unstable();
        missing.dedup();
        for ids in missing.chunks(READ) {
            for user in store.users(ids).await? {
                let person = person(&user);
                self.cache.insert(person.id, person.clone());
                people.insert(person.id, person);
            }
        }
        Ok(people)
    }
}
