//! Who is there, and who is kept away.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{Presence, UserId};

/// People whose presence is remembered.
const MOST: usize = 5_000;

/// Presence of people, as far as the server told on the present connection, and whom the user
/// blocks.
#[derive(Debug, Default)]
pub(crate) struct People {
    known: BTreeMap<UserId, Presence>,
    blocked: BTreeSet<UserId>,
    /// Whether the present connection has named the blocked.
    is_told: bool,
}

impl People {
    /// Whom the user blocks.
    pub(crate) const fn blocked(&self) -> &BTreeSet<UserId> {
        &self.blocked
    }

    /// A connection begins. What was known stays until it has said what it has to say, so that
    /// nothing changes on the screen for a moment.
    pub(crate) const fn greeted(&mut self) {
        self.is_told = false;
    }

    /// These are blocked. Whether that is news.
    pub(crate) fn block(&mut self, users: Vec<UserId>) -> bool {
        self.is_told = true;
        let users = users.into_iter().collect();
        let is_news = self.blocked != users;
        self.blocked = users;
        is_news
    }

    /// The connection has said everything: nobody is blocked unless it has named them. Whether
    /// that is news.
    pub(crate) fn resumed(&mut self) -> bool {
        !self.is_told && self.block(Vec::new())
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_blocked_stays_so_until_a_connection_has_said_everything() {
        let user = |n| UserId::from_bytes([n; 16]);
        let mut people = People::default();
        people.greeted();
        assert!(people.block(vec![user(1)]));
        assert!(!people.resumed());
        assert!(!people.block(vec![user(1)]));
        // The next connection names them again, or nobody.
        people.greeted();
        assert_eq!(people.blocked().len(), 1);
        assert!(!people.block(vec![user(1)]));
        assert!(!people.resumed());
        people.greeted();
        assert_eq!(people.blocked().len(), 1);
        assert!(people.resumed());
        assert_eq!(people.blocked().len(), 0);
    }
}
