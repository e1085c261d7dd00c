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
    /// When its tokens were made, while nobody has shown an access token as young: the answer
    /// that brought them may have been lost.
    pub(crate) unseen_since: Option<Timestamp>,
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
        // What is there already is at least as new.
        if Endings(state.endings) == read_at && state.known.peek(&session).is_none() {
            state.known.insert(session, known);
        }
    }

    /// A session was refreshed and is known to be this. `read_at` is from before.
    pub(crate) fn refreshed(&self, session: SessionId, known: Known, read_at: Endings) {
        let mut state = self.state.lock();
        if let Some(mut before) = state.known.get_mut(&session) {
            before.expires_at = known.expires_at;
            before.unseen_since = known.unseen_since;
            return;
        }
        if Endings(state.endings) == read_at {
            state.known.insert(session, known);
        }
    }

    /// Somebody has shown an access token that was made then.
    pub(crate) fn seen(&self, session: SessionId, issued_at: Timestamp) {
        let mut state = self.state.lock();
        if let Some(mut known) = state.known.get_mut(&session)
            && known.unseen_since.is_some_and(|since| since <= issued_at)
        {
            known.unseen_since = None;
        }
    }

    /// How many sessions have ended, to hand to [`Self::refreshed`].
    pub(crate) fn endings(&self) -> Endings {
        Endings(self.state.lock().endings)
    }

    /// A session may have ended: the next check reads.
    pub(crate) fn forget(&self, session: SessionId) {
        let mut state = self.state.lock();
        state.endings += 1;
        state.known.remove(&session);
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
            unseen_since: None,
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
        let extended = |millis| Known {
            expires_at: NOW.plus_millis(millis),
            ..alive()
        };
        cache.refreshed(session(1), extended(99), read_at);
        cache.learn(session(1), alive(), read_at);
        assert_eq!(cache.get(session(1)), Ok(extended(99)));
        cache.end(session(1));
        cache.refreshed(session(1), extended(100), cache.endings());
        assert_eq!(cache.get(session(1)).map(|k| k.ended), Ok(true));
    }

    #[test]
    fn tokens_are_unseen_until_one_as_young_is_shown() {
        let cache = SessionCache::new();
        let unseen = Known {
            unseen_since: Some(NOW),
            ..alive()
        };
        let unseen_since = || cache.get(session(1)).unwrap().unseen_since;
        cache.refreshed(session(1), unseen, cache.endings());
        cache.seen(session(1), Timestamp::from_millis(NOW.millis() - 1));
        assert_eq!(unseen_since(), Some(NOW));
        cache.seen(session(1), NOW);
        assert_eq!(unseen_since(), None);
        cache.refreshed(session(1), unseen, cache.endings());
        assert_eq!(unseen_since(), Some(NOW));
    }

    #[test]
    fn a_refresh_that_an_ending_overtook_is_not_remembered() {
        let cache = SessionCache::new();
        let before = cache.endings();
        cache.end(session(1));
        cache.refreshed(session(1), alive(), before);
        assert!(cache.get(session(1)).is_err());
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
    fn what_is_forgotten_is_read_again_and_not_by_a_read_that_began_before() {
        let cache = SessionCache::new();
        let read_at = reading(&cache, session(1));
        cache.learn(session(1), alive(), read_at);
        cache.forget(session(1));
        cache.learn(session(1), alive(), read_at);
        let read_at = reading(&cache, session(1));
        cache.learn(session(1), alive(), read_at);
        assert_eq!(cache.get(session(1)), Ok(alive()));
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
