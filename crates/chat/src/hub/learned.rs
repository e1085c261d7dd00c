//! Something of each account, as it was last read or changed: of those who are connected and some
//! others.

use std::collections::HashMap;

use parking_lot::RwLock;
use protocol::UserId;

/// Accounts that are remembered before those without a connection are forgotten.
const KNOWN: usize = 200_000;

/// What was read of accounts.
pub(crate) struct Learned<T>(RwLock<Known<T>>);

struct Known<T> {
    of: HashMap<UserId, T>,
    /// Counts changes, so that what was read before one is not taken for what is after it.
    changes: u64,
}

impl<T> Default for Learned<T> {
    fn default() -> Self {
        Self(RwLock::new(Known {
            of: HashMap::new(),
            changes: 0,
        }))
    }
}

impl<T: Clone> Learned<T> {
    /// What is so of somebody, if that is known here.
    pub(crate) fn of(&self, user: UserId) -> Option<T> {
        self.0.read().of.get(&user).cloned()
    }

    /// Those of whom it is not known, each once, and what is to be given back to
    /// [`Self::learn`].
    pub(crate) fn unknown(&self, users: &[UserId]) -> (Vec<UserId>, u64) {
        let known = self.0.read();
        let unknown = users.iter().filter(|user| !known.of.contains_key(user));
        let mut unknown: Vec<UserId> = unknown.copied().collect();
        unknown.sort_unstable();
        unknown.dedup();
        (unknown, known.changes)
    }

    /// Takes what was read, unless something has changed since `as_of`.
    pub(crate) fn learn(&self, read: impl Iterator<Item = (UserId, T)>, as_of: u64) -> bool {
        let mut known = self.0.write();
        let is_fresh = known.changes == as_of;
        if is_fresh {
            known.of.extend(read);
        }
        is_fresh
    }

    /// This is so of somebody from now on; `None` if that is to be read again.
    pub(super) fn put(&self, user: UserId, value: Option<T>) {
        let mut known = self.0.write();
        known.changes += 1;
        match value {
            Some(value) => known.of.insert(user, value),
            None => known.of.remove(&user),
        };
    }

    /// Leaves those accounts that are to be left, given what is known of each and of one more.
    pub(super) fn retain(
        &self,
        user: UserId,
        others: &mut Vec<UserId>,
        keeps: impl Fn(Option<&T>, Option<&T>) -> bool,
    ) {
        let known = self.0.read();
        let own = known.of.get(&user);
        others.retain(|other| keeps(known.of.get(other), own));
    }

    /// Forgets those who are not there, if too many are known.
    pub(super) fn forget(&self, is_there: impl Fn(UserId) -> bool) {
        let mut known = self.0.write();
        if known.of.len() > KNOWN {
            known.of.retain(|user, _| is_there(*user));
        }
    }
}
