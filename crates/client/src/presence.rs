//! Who is there.

use std::collections::BTreeMap;

use protocol::{Presence, UserId};

/// People whose presence is remembered.
const MOST: usize = 5_000;

/// Presence of people, as far as the server told on the present connection.
#[derive(Debug, Default)]
pub(crate) struct People {
    known: BTreeMap<UserId, Presence>,
}

impl People {
    pub(crate) fn get(&self, user: UserId) -> Option<Presence> {
        self.known.get(&user).copied()
    }

    /// Whether that is news.
    pub(crate) fn tell(&mut self, user: UserId, presence: Presence) -> bool {
        if self.known.len() >= MOST && !self.known.contains_key(&user) {
            return false;
        }
        self.known.insert(user, presence) != Some(presence)
    }

    /// Nothing is known any more; returns of whom something was.
    pub(crate) fn forget(&mut self) -> impl Iterator<Item = UserId> + use<> {
        std::mem::take(&mut self.known).into_keys()
    }
}
