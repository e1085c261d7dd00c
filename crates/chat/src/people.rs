//! People as others see them, kept in memory because every list and every `Welcome` shows
//! some.

use std::collections::HashMap;

use parking_lot::Mutex;
use protocol::{Person, UserId};
use quick_cache::sync::Cache;

use crate::store::{Store, StoreError, UserRecord};

/// People held.
const MOST: usize = 16_384;

/// Accounts that one read of the store asks for.
const READ: usize = 256;

pub(crate) struct PeopleCache {
    cache: Cache<UserId, Person>,
    changes: Mutex<Changes>,
}

/// How many people had changed when they were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Changes(u64);

/// What others see of an account.
pub(crate) fn person(user: &UserRecord) -> Person {
    if user.is_closed() {
        return Person::gone(user.id);
    }
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
            changes: Mutex::new(Changes(0)),
        }
    }

    /// To be asked before people are looked at and compared after: if it is another by then,
    /// somebody may have changed in between.
    pub(crate) fn changes(&self) -> Changes {
        *self.changes.lock()
    }

    /// Somebody has changed in the store, or may have.
    pub(crate) fn forget(&self, user: UserId) {
        let mut changes = self.changes.lock();
        changes.0 += 1;
        self.cache.remove(&user);
    }

    /// Remembers who was read, unless that may be out of date.
    fn remember(&self, people: &[Person], as_of: Changes) {
        let changes = self.changes.lock();
        if *changes == as_of {
            for person in people {
                self.cache.insert(person.id, person.clone());
            }
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
            let as_of = self.changes();
            let read: Vec<Person> = store.users(ids).await?.iter().map(person).collect();
            self.remember(&read, as_of);
            people.extend(read.into_iter().map(|person| (person.id, person)));
        }
        Ok(people)
    }
}
