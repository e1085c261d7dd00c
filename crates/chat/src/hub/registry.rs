//! Which connections exist: by id, by account and by session. Plain data without queues, so
//! that its rules are tested by themselves; `L` is whatever delivers to a connection.

use std::collections::HashMap;

use protocol::limits::CONNECTIONS_PER_USER;
use protocol::{SessionId, UserId};

use crate::ConnectionId;

/// All open connections.
///
/// Invariants, see `check_invariants`: every connection stands once under its account and
/// once under its session, and nowhere else; no account or session is kept without any; no
/// account has more than [`CONNECTIONS_PER_USER`].
pub(crate) struct Registry<L> {
    connections: HashMap<ConnectionId, Entry<L>>,
    // Oldest first. The line stands here too, so that delivery to an account is one look-up.
    users: HashMap<UserId, Vec<(ConnectionId, L)>>,
    sessions: HashMap<SessionId, Vec<ConnectionId>>,
}

struct Entry<L> {
    user: UserId,
    session: SessionId,
    line: L,
}

/// A connection that was taken out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Removed<L> {
    pub(crate) user: UserId,
    pub(crate) line: L,
    /// Whether the account has no other.
    pub(crate) last: bool,
}

impl<L: Clone> Registry<L> {
    pub(crate) fn new() -> Self {
        Self {
            connections: HashMap::new(),
            users: HashMap::new(),
            sessions: HashMap::new(),
        }
    }

    /// Adds a connection under an id never used before; returns the account's oldest if there
    /// are now too many.
    pub(crate) fn insert(
        &mut self,
        id: ConnectionId,
        user: UserId,
        session: SessionId,
        line: L,
    ) -> Option<Removed<L>> {
        let oldest = self
            .users
            .get(&user)
            .filter(|lines| lines.len() >= CONNECTIONS_PER_USER)
            .and_then(|lines| lines.first())
            .map(|(oldest, _)| *oldest);
        let replaced = oldest.and_then(|oldest| self.remove(oldest));
        self.users.entry(user).or_default().push((id, line.clone()));
        self.sessions.entry(session).or_default().push(id);
        self.connections.insert(
            id,
            Entry {
                user,
                session,
                line,
            },
        );
        replaced
    }

    pub(crate) fn remove(&mut self, id: ConnectionId) -> Option<Removed<L>> {
        let entry = self.connections.remove(&id)?;
        let mut last = true;
        if let Some(lines) = self.users.get_mut(&entry.user) {
            lines.retain(|(other, _)| *other != id);
            last = lines.is_empty();
        }
        if last {
            self.users.remove(&entry.user);
        }
        if let Some(ids) = self.sessions.get_mut(&entry.session) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.sessions.remove(&entry.session);
            }
        }
        Some(Removed {
            user: entry.user,
            line: entry.line,
            last,
        })
    }

    /// Takes out every connection of a session.
    pub(crate) fn remove_session(&mut self, session: SessionId) -> Vec<Removed<L>> {
        let ids = self.sessions.get(&session).cloned().unwrap_or_default();
        ids.into_iter().filter_map(|id| self.remove(id)).collect()
    }

    pub(crate) fn line(&self, id: ConnectionId) -> Option<&L> {
        self.connections.get(&id).map(|entry| &entry.line)
    }

    /// The connections of an account, oldest first.
    pub(crate) fn lines(&self, user: UserId) -> impl Iterator<Item = &L> {
        self.users.get(&user).into_iter().flatten().map(|(_, l)| l)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &L> {
        self.connections.values().map(|entry| &entry.line)
    }

    pub(crate) fn len(&self) -> usize {
        self.connections.len()
    }

    #[cfg(test)]
    #[track_caller]
    fn check_invariants(&self) {
        let by_user: usize = self.users.values().map(Vec::len).sum();
        let by_session: usize = self.sessions.values().map(Vec::len).sum();
        assert_eq!(
            by_user,
            self.connections.len(),
            "connections under accounts"
        );
        assert_eq!(
            by_session,
            self.connections.len(),
            "connections under sessions"
        );
        for (id, entry) in &self.connections {
            let under_user = self.users.get(&entry.user).into_iter().flatten();
            assert_eq!(under_user.filter(|(other, _)| other == id).count(), 1);
            let under_session = self.sessions.get(&entry.session).into_iter().flatten();
            assert_eq!(under_session.filter(|other| *other == id).count(), 1);
        }
        for lines in self.users.values() {
            assert!(!lines.is_empty(), "an account without connections");
            assert!(lines.len() <= CONNECTIONS_PER_USER, "too many connections");
            assert!(lines.is_sorted_by_key(|(id, _)| *id), "oldest first");
        }
        assert!(!self.sessions.values().any(Vec::is_empty));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn user(n: u8) -> UserId {
        UserId::from_bytes([n; 16])
    }

    fn session(n: u8) -> SessionId {
        SessionId::from_bytes([n; 16])
    }

    #[derive(Debug, Clone)]
    enum Step {
        Insert { user: u8, device: u8 },
        Remove { nth: usize },
        RemoveUnknown,
        EndSession { user: u8, device: u8 },
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            6 => (0..3u8, 0..3u8).prop_map(|(user, device)| Step::Insert { user, device }),
            3 => any::<usize>().prop_map(|nth| Step::Remove { nth }),
            1 => Just(Step::RemoveUnknown),
            1 => (0..3u8, 0..3u8).prop_map(|(user, device)| Step::EndSession { user, device }),
        ]
    }

    proptest! {
        /// Any sequence of steps keeps the invariants and agrees with a list of connections.
        #[test]
        fn agrees_with_a_plain_list(steps in prop::collection::vec(step(), 0..200)) {
            let mut registry = Registry::new();
            let mut model: BTreeMap<ConnectionId, (UserId, SessionId)> = BTreeMap::new();
            for (n, step) in steps.into_iter().enumerate() {
                let id = ConnectionId(n as u64);
                match step {
                    Step::Insert { user: u, device } => {
                        let s = session(u * 16 + device);
                        let replaced = registry.insert(id, user(u), s, id);
                        let mine: Vec<_> =
                            model.iter().filter(|(_, m)| m.0 == user(u)).map(|(id, _)| *id).collect();
                        let expected = (mine.len() >= CONNECTIONS_PER_USER)
                            .then(|| *mine.first().unwrap());
                        prop_assert_eq!(replaced.map(|r| r.line), expected);
                        if let Some(oldest) = expected {
                            model.remove(&oldest);
                        }
                        model.insert(id, (user(u), s));
                    }
                    Step::Remove { nth } if !model.is_empty() => {
                        let (id, (owner, _)) =
                            model.iter().nth(nth % model.len()).map(|(i, m)| (*i, *m)).unwrap();
                        model.remove(&id);
                        let removed = registry.remove(id).unwrap();
                        prop_assert_eq!(removed.line, id);
                        prop_assert_eq!(removed.user, owner);
                        prop_assert_eq!(removed.last, !model.values().any(|m| m.0 == owner));
                    }
                    Step::Remove { .. } | Step::RemoveUnknown => {
                        prop_assert_eq!(registry.remove(ConnectionId(u64::MAX)), None);
                    }
                    Step::EndSession { user: u, device } => {
                        let s = session(u * 16 + device);
                        let mut removed: Vec<_> =
                            registry.remove_session(s).into_iter().map(|r| r.line).collect();
                        removed.sort_unstable();
                        let expected: Vec<_> =
                            model.iter().filter(|(_, m)| m.1 == s).map(|(id, _)| *id).collect();
                        prop_assert_eq!(removed, expected);
                        model.retain(|_, m| m.1 != s);
                    }
                }
                registry.check_invariants();
                prop_assert_eq!(registry.len(), model.len());
                for u in 0..3 {
                    let lines: Vec<_> = registry.lines(user(u)).copied().collect();
                    let expected: Vec<_> =
                        model.iter().filter(|(_, m)| m.0 == user(u)).map(|(id, _)| *id).collect();
                    prop_assert_eq!(registry.users.contains_key(&user(u)), !expected.is_empty());
                    prop_assert_eq!(lines, expected);
                }
            }
        }
    }

    #[test]
    fn the_oldest_connection_makes_room() {
        let mut registry = Registry::new();
        for n in 0..CONNECTIONS_PER_USER as u64 {
            assert_eq!(
                registry.insert(ConnectionId(n), user(1), session(1), n),
                None
            );
        }
        assert_eq!(
            registry.insert(ConnectionId(99), user(2), session(2), 99),
            None
        );
        let replaced = registry.insert(ConnectionId(100), user(1), session(1), 100);
        let expected = Removed {
            user: user(1),
            line: 0,
            last: false,
        };
        assert_eq!(replaced, Some(expected));
        registry.check_invariants();
    }
}
