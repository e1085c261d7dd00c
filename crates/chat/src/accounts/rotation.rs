//! What presenting a refresh token means.

use protocol::Timestamp;

use crate::SessionRecord;

/// What to do with a token that this server made for the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rotation {
    /// It is the valid one: give out its successor.
    Advance,
    /// It was valid before, and another tab was faster a moment ago, or the answer was lost.
    /// Give out the valid one again.
    Repeat,
    /// It was rotated away: somebody has a copy. Revoke the session.
    Revoke,
    /// The session has ended, or the token is none that it can have.
    Refuse,
}

/// A token that was shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown {
    pub(crate) generation: u32,
    /// Whether its hash is the stored one.
    pub(crate) valid: bool,
    /// Whether what was made of the one before is known to have been used by nobody. Whoever
    /// shows that one then holds no more than whoever should have had the answer, and as soon
    /// as one of the two uses it, the other is found out.
    pub(crate) successor_unseen: bool,
}

/// Decides for a token.
pub(crate) fn decide(
    session: &SessionRecord,
    Shown {
        generation,
        valid,
        successor_unseen,
    }: Shown,
    grace_ms: u64,
    now: Timestamp,
) -> Rotation {
    if session.revoked_at.is_some() || session.expires_at <= now {
        return Rotation::Refuse;
    }
    if generation == session.generation {
        return if valid {
            Rotation::Advance
        } else {
            Rotation::Refuse
        };
    }
    if generation > session.generation {
        // The database was set back to an older state: no proof of theft.
        return Rotation::Refuse;
    }
    let just_rotated = now.millis_since(session.refreshed_at) <= grace_ms;
    let is_the_one_before = generation.saturating_add(1) == session.generation;
    if is_the_one_before && (just_rotated || successor_unseen) {
        Rotation::Repeat
    } else {
        Rotation::Revoke
    }
}

#[cfg(test)]
mod tests {
    use protocol::{SessionId, UserId};

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);
    const GRACE: u64 = 30_000;

    fn session(generation: u32) -> SessionRecord {
        SessionRecord {
            id: SessionId::from_parts(NOW, 1),
            user: UserId::from_parts(NOW, 2),
            refresh_hash: [0; 32],
            generation,
            created_at: Timestamp::from_millis(0),
            refreshed_at: NOW,
            expires_at: NOW.plus_millis(1_000_000),
            revoked_at: None,
            device: String::new(),
        }
    }

    #[track_caller]
    fn check(session: &SessionRecord, generation: u32, valid: bool, after: u64, want: Rotation) {
        check_shown(session, shown(generation, valid), after, want);
    }

    const fn shown(generation: u32, valid: bool) -> Shown {
        Shown {
            generation,
            valid,
            successor_unseen: false,
        }
    }

    #[track_caller]
    fn check_shown(session: &SessionRecord, shown: Shown, after: u64, want: Rotation) {
        let now = NOW.plus_millis(after);
        assert_eq!(decide(session, shown, GRACE, now), want);
    }

    #[test]
    fn the_one_before_is_repeated_as_long_as_nobody_used_its_successor() {
        let unseen = |generation, valid| Shown {
            successor_unseen: true,
            ..shown(generation, valid)
        };
        let five = session(5);
        check_shown(&five, unseen(5, true), 999_999, Rotation::Advance);
        check_shown(&five, unseen(4, false), GRACE + 1, Rotation::Repeat);
        check_shown(&five, unseen(4, false), 999_999, Rotation::Repeat);
        check_shown(&five, unseen(3, false), 0, Rotation::Revoke);
        check_shown(&five, unseen(4, false), 1_000_000, Rotation::Refuse);
    }

    #[test]
    fn the_table() {
        let five = session(5);
        check(&five, 5, true, 0, Rotation::Advance);
        check(&five, 5, true, 999_999, Rotation::Advance);
        check(&five, 5, false, 0, Rotation::Refuse);
        check(&five, 4, false, 0, Rotation::Repeat);
        check(&five, 4, false, GRACE, Rotation::Repeat);
        check(&five, 4, false, GRACE + 1, Rotation::Revoke);
        check(&five, 3, false, 0, Rotation::Revoke);
        check(&five, 0, false, 0, Rotation::Revoke);
        check(&five, 6, false, 0, Rotation::Refuse);
        check(&five, u32::MAX, true, 0, Rotation::Refuse);
        check(&session(0), 0, true, 0, Rotation::Advance);
        check(&session(u32::MAX), u32::MAX - 1, false, 0, Rotation::Repeat);
    }

    #[test]
    fn nothing_works_once_the_session_is_over() {
        let revoked = SessionRecord {
            revoked_at: Some(NOW),
            ..session(5)
        };
        for generation in [3, 4, 5, 6] {
            check(&revoked, generation, true, 0, Rotation::Refuse);
            check(&session(5), generation, true, 1_000_000, Rotation::Refuse);
        }
    }
}
