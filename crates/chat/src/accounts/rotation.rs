//! What presenting a refresh token means.

use protocol::Timestamp;

use crate::SessionRecord;

/// What to do with a token that this server made for the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rotation {
    /// It is the valid one: give out its successor.
    Advance,
    /// It was valid a moment ago: another tab was faster. Give out the valid one again.
    Repeat,
    /// It was rotated away: somebody has a copy. Revoke the session.
    Revoke,
    /// The session has ended, or the token is none that it can have.
    Refuse,
}

/// Decides for a token of `generation`; `valid` says whether its hash is the stored one.
pub(crate) fn decide(
    session: &SessionRecord,
    generation: u32,
    valid: bool,
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
    if generation.saturating_add(1) == session.generation && just_rotated {
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
        let now = NOW.plus_millis(after);
        assert_eq!(decide(session, generation, valid, GRACE, now), want);
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
