//! Who is kept apart from whom, because one blocks the other: they see nothing of each other's
//! coming and going, typing and reading. Both ways alike, so it does not show who began.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use parking_lot::RwLock;
use protocol::{Presence, PrivacyField, ServerFrame, UserId};

use super::{Hub, Showing};

/// Accounts that are remembered before those without a connection are forgotten.
const KNOWN: usize = 10_000;

/// The accounts somebody is kept apart from.
pub(crate) type Others = Arc<HashSet<UserId>>;

/// What was read of that, for those who are connected and some others.
#[derive(Default)]
pub(crate) struct Apart(RwLock<Known>);

#[derive(Default)]
struct Known {
    of: HashMap<UserId, Others>,
    /// Counts changes, so that what was read before one is not taken for what is after it.
    changes: u64,
}

impl Apart {
    /// From whom somebody is kept apart, if that is known here.
    pub(crate) fn of(&self, user: UserId) -> Option<Others> {
        self.0.read().of.get(&user).cloned()
    }

    /// Whether two are kept apart, as far as that is known here.
    pub(crate) fn keeps(&self, user: UserId, other: UserId) -> bool {
        let known = self.0.read();
        let has = |a, b| known.of.get(&a).is_some_and(|others| others.contains(&b));
        has(user, other) || has(other, user)
    }

    /// Takes out those from whom somebody is kept apart.
    pub(crate) fn hide(&self, user: UserId, others: &mut Vec<UserId>) {
        let known = self.0.read();
        let own = known.of.get(&user);
        let has = |other| known.of.get(&other).is_some_and(|it| it.contains(&user));
        others.retain(|other| own.is_none_or(|own| !own.contains(other)) && !has(*other));
    }

    /// What is to be given back to [`Self::learn`].
    pub(crate) fn changes(&self) -> u64 {
        self.0.read().changes
    }

    /// Takes what was read, unless something has changed since `as_of`.
    pub(crate) fn learn(&self, user: UserId, others: Others, as_of: u64) -> bool {
        let mut known = self.0.write();
        let is_fresh = known.changes == as_of;
        if is_fresh {
            known.of.insert(user, others);
        }
        is_fresh
    }

    /// Two are kept apart from now on, or no longer.
    pub(crate) fn put(&self, a: UserId, b: UserId, apart: bool) {
        let mut known = self.0.write();
        known.changes += 1;
        for (user, other) in [(a, b), (b, a)] {
            if let Some(others) = known.of.get_mut(&user) {
                let others = Arc::make_mut(others);
                if apart {
                    others.insert(other);
                } else {
                    others.remove(&other);
                }
            }
        }
    }

    /// What is known of these is to be read again.
    pub(crate) fn doubt(&self, users: [UserId; 2]) {
        let mut known = self.0.write();
        known.changes += 1;
        for user in users {
            known.of.remove(&user);
        }
    }

    /// Forgets those who are not there, if too many are known.
    pub(crate) fn forget(&self, is_there: impl Fn(UserId) -> bool) {
        let mut known = self.0.write();
        if known.of.len() > KNOWN {
            known.of.retain(|user, _| is_there(*user));
        }
    }
}

impl Hub {
    /// Two are kept apart from now on: each is told that the other has gone.
    pub(crate) fn part_ways(&self, a: UserId, b: UserId) {
        self.apart.put(a, b, true);
        let presence = Presence::Offline { since: None };
        for (user, other) in [(a, b), (b, a)] {
            self.tell(other, &ServerFrame::Presence { user, presence });
            if self.status_of(user).is_some() {
                let status = None;
                self.tell(other, &ServerFrame::Status { user, status });
            }
        }
    }

    /// Two are kept apart no longer: each is told if the other is there, where they share a
    /// conversation, and what they say of themselves.
    pub(crate) fn meet_again(&self, a: UserId, b: UserId) {
        self.apart.put(a, b, false);
        let state = self.state.read();
        let of = |user, other| {
            let is_peer = state.people.peers(other).contains(&user);
            (is_peer, state.people.shown(user).filter(|_| is_peer))
        };
        let (of_a, of_b) = (of(a, b), of(b, a));
        drop(state);
        for (user, other, (is_peer, presence)) in [(a, b, of_a), (b, a, of_b)] {
            let mut delivery = self.delivery();
            let showing = self.showing(PrivacyField::Presence, other, user);
            if let Some(presence) = presence.filter(|_| showing == Showing::Shown) {
                delivery.notices(&[other], &ServerFrame::Presence { user, presence });
            }
            if let Some(status) = self.status_of(user).filter(|_| is_peer) {
                delivery.notices(&[other], &status);
            }
        }
    }

    /// Forgets what is known of those who are not connected, if that is too much.
    pub(crate) fn forget_apart(&self) {
        let state = self.state.read();
        self.apart
            .forget(|user| state.registry.lines(user).next().is_some());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(n: u8) -> UserId {
        UserId::from_bytes([n; 16])
    }

    fn others(users: &[u8]) -> Others {
        Arc::new(users.iter().map(|n| user(*n)).collect())
    }

    #[test]
    fn it_holds_both_ways_whoever_of_the_two_is_known() {
        let apart = Apart::default();
        assert!(apart.learn(user(1), others(&[2]), 0));
        for (who, expected) in [
            (1, vec![user(3)]),
            (2, vec![user(3)]),
            (3, vec![user(1), user(2)]),
        ] {
            let mut all = vec![user(1), user(2), user(3)];
            apart.hide(user(who), &mut all);
            all.retain(|other| *other != user(who));
            assert_eq!(all, expected, "{who}");
        }
    }

    #[test]
    fn what_is_doubted_is_read_again_and_not_as_it_was_read_before() {
        let apart = Apart::default();
        let as_of = apart.changes();
        apart.learn(user(1), others(&[2]), as_of);
        apart.learn(user(3), others(&[2]), as_of);
        apart.doubt([user(1), user(2)]);
        assert_eq!(apart.of(user(1)), None);
        assert_eq!(apart.of(user(3)), Some(others(&[2])));
        assert!(!apart.learn(user(1), others(&[]), as_of));
    }

    #[test]
    fn what_was_read_before_a_change_is_not_taken_after_it() {
        let apart = Apart::default();
        let as_of = apart.changes();
        apart.put(user(1), user(2), true);
        assert!(!apart.learn(user(1), others(&[]), as_of));
        assert_eq!(apart.of(user(1)), None);
        assert!(apart.learn(user(1), others(&[2]), apart.changes()));
        apart.put(user(2), user(1), false);
        assert_eq!(apart.of(user(1)), Some(others(&[])));
        apart.put(user(3), user(1), true);
        assert_eq!(apart.of(user(1)), Some(others(&[3])));
    }
}
