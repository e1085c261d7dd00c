//! Which sessions live, so that checking a token does not read the database each time.

use parking_lot::Mutex;
use protocol::{SessionId, Timestamp, UserId};
use quick_cache::unsync::Cache;

/// Sessions that are remembered; about 10 MB when full.
const CAPACITY: usize = 100_000;

/// What is known of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    /// Whose.
    pub(crate) user: UserId,
    /// When it ends unless it is refreshed before.
    pub(crate) expires_at: Timestamp,
    /// Whether it was signed out or revoked.
    pub(crate) ended: bool,
}

/// How many sessions had ended when a read began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Endings(u64);

pub(crate) struct SessionCache {
    state: Mutex<State>,
}

struct State {
    known: Cache<SessionId, Known>,
    endings: u64,
}

impl SessionCache {
    pub(crate) fn new() -> Self {
        Self::with_capacity(CAPACITY)
    }

    fn with_capacity(capacity: usize) -> Self {
        Self {
            state: Mutex::new(State {
                known: Cache::new(capacity),
                endings: 0,
            }),
        }
    }

    /// What is known, or what to hand to [`Self::learn`] after the database was read.
    pub(crate) fn get(&self, session: SessionId) -> Result<Known, Endings> {
        let state = self.state.lock();
        state
            .known
            .get(&session)
            .copied()
            .ok_or(Endings(state.endings))
    }

    /// Remembers what was read, unless any session ended since the read began: then it may be
    /// out of date, and the next check reads again.
    pub(crate) fn learn(&self, session: SessionId, known: Known, read_at: Endings) {
        let mut state = self.state.lock();
        if Endings(state.endings) == read_at {
            state.known.insert(session, known);
        }
    }

    /// A session was refreshed.
    pub(crate) fn extend(&self, session: SessionId, expires_at: Timestamp) {
        let mut state = self.state.lock();
        if let Some(mut known) = state.known.get_mut(&session) {
            known.expires_at = expires_at;
        }
    }

    /// A session has ended.
    pub(crate) fn end(&self, session: SessionId) {
        let mut state = self.state.lock();
        state.endings += 1;
        if let Some(mut known) = state.known.get_mut(&session) {
            known.ended = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000);

    fn session(n: u128) -> SessionId {
        SessionId::from_parts(NOW, n)
    }

    fn alive() -> Known {
        Known {
            user: UserId::from_parts(NOW, 1),
            expires_at: NOW.plus_millis(10),
            ended: false,
        }
    }

    fn reading(cache: &SessionCache, id: SessionId) -> Endings {
        cache.get(id).expect_err("nothing is known yet")
    }

    #[test]
    fn remembers_extends_and_ends() {
        let cache = SessionCache::new();
        let read_at = reading(&cache, session(1));
        cache.learn(session(1), alive(), read_at);
        assert_eq!(cache.get(session(1)), Ok(alive()));
        cache.extend(session(1), NOW.plus_millis(99));
        assert_eq!(
            cache.get(session(1)).map(|k| k.expires_at),
            Ok(NOW.plus_millis(99))
        );
        cache.end(session(1));
        cache.extend(session(1), NOW.plus_millis(100));
        assert_eq!(cache.get(session(1)).map(|k| k.ended), Ok(true));
    }

    #[test]
    fn a_read_that_an_ending_overtook_is_not_remembered() {
        let cache = SessionCache::new();
        let read_at = reading(&cache, session(1));
        cache.end(session(1));
        cache.learn(session(1), alive(), read_at);
        assert!(cache.get(session(1)).is_err());
    }

    #[test]
    fn is_bounded() {
        let cache = SessionCache::with_capacity(50);
        for n in 0..10_000 {
            let read_at = reading(&cache, session(n));
            cache.learn(session(n), alive(), read_at);
        }
        assert!(cache.state.lock().known.len() <= 50);
    }
}
