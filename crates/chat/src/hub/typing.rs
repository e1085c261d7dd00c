//! Who types where: expiry times, and how often it is forwarded.

use std::collections::HashMap;

use protocol::limits::{TYPING_EXPIRES_MS, TYPING_INTERVAL_MS};
use protocol::{ConversationId, Timestamp, UserId};

/// Composers send every [`TYPING_INTERVAL_MS`]; the network brings some of it early.
const TOLERANCE_MS: u64 = 500;

/// Composers followed at the same time over all accounts; further ones are not shown.
const MOST: usize = 65_536;

/// Composers followed for one account.
const MOST_PER_USER: usize = 8;

/// Composers in use.
#[derive(Default)]
pub(crate) struct Typists {
    // Few per account, so a list.
    by_user: HashMap<UserId, Vec<Composer>>,
    count: usize,
}

struct Composer {
    conversation: ConversationId,
    shown: bool,
    forwarded_at: Timestamp,
    seen_at: Timestamp,
}

impl Typists {
    /// Takes note of a frame; whether it is to be forwarded.
    pub(crate) fn note(
        &mut self,
        user: UserId,
        conversation: ConversationId,
        active: bool,
        now: Timestamp,
    ) -> bool {
        let composers = self.by_user.entry(user).or_default();
        let has_room = composers.len() < MOST_PER_USER && self.count < MOST;
        let found = composers
            .iter_mut()
            .find(|c| c.conversation == conversation);
        match (found, active) {
            (Some(composer), true) => {
                composer.seen_at = now;
                let since = now.millis_since(composer.forwarded_at);
                let forward = since + TOLERANCE_MS >= TYPING_INTERVAL_MS;
                if forward {
                    composer.shown = true;
                    composer.forwarded_at = now;
                }
                forward
            }
            // It stays until it expires, so that on and off in turns is not forwarded faster.
            (Some(composer), false) => std::mem::replace(&mut composer.shown, false),
            (None, true) if has_room => {
                self.count += 1;
                composers.push(Composer {
                    conversation,
                    shown: true,
                    forwarded_at: now,
                    seen_at: now,
                });
                true
            }
            (None, _) => {
                if composers.is_empty() {
                    self.by_user.remove(&user);
                }
                false
            }
        }
    }

    /// Forgets those not heard of for [`TYPING_EXPIRES_MS`]; returns those that were shown.
    pub(crate) fn expire(&mut self, now: Timestamp) -> Vec<(UserId, ConversationId)> {
        let mut ended = Vec::new();
        let mut forgotten = 0;
        self.by_user.retain(|user, composers| {
            composers.retain(|composer| {
                let keep = now.millis_since(composer.seen_at) < TYPING_EXPIRES_MS;
                if !keep {
                    forgotten += 1;
                    if composer.shown {
                        ended.push((*user, composer.conversation));
                    }
                }
                keep
            });
            !composers.is_empty()
        });
        self.count -= forgotten;
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> UserId {
        UserId::from_bytes([1; 16])
    }

    fn conversation(n: u8) -> ConversationId {
        ConversationId::from_bytes([n; 16])
    }

    fn at(millis: u64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn forwarded_once_per_interval() {
        let mut typists = Typists::default();
        assert!(typists.note(user(), conversation(1), true, at(0)));
        assert!(!typists.note(user(), conversation(1), true, at(100)));
        assert!(typists.note(user(), conversation(1), true, at(4_900)));
        assert!(!typists.note(user(), conversation(1), true, at(5_100)));
    }

    #[test]
    fn on_and_off_in_turns_is_not_faster() {
        let mut typists = Typists::default();
        assert!(typists.note(user(), conversation(1), true, at(0)));
        assert!(typists.note(user(), conversation(1), false, at(1)));
        let forwarded = (2..1_000)
            .filter(|n| typists.note(user(), conversation(1), n % 2 == 0, at(*n)))
            .count();
        assert_eq!(forwarded, 0);
    }

    #[test]
    fn silence_ends_it_once() {
        let mut typists = Typists::default();
        typists.note(user(), conversation(1), true, at(0));
        typists.note(user(), conversation(1), true, at(3_000));
        assert_eq!(typists.expire(at(8_999)), vec![]);
        assert_eq!(typists.expire(at(9_000)), vec![(user(), conversation(1))]);
        assert_eq!(typists.expire(at(90_000)), vec![]);
        assert!(typists.by_user.is_empty());
        assert_eq!(typists.count, 0);
    }

    #[test]
    fn what_was_ended_by_its_author_does_not_end_again() {
        let mut typists = Typists::default();
        typists.note(user(), conversation(1), true, at(0));
        assert!(typists.note(user(), conversation(1), false, at(10)));
        assert!(!typists.note(user(), conversation(1), false, at(20)));
        assert_eq!(typists.expire(at(60_000)), vec![]);
    }

    #[test]
    fn the_number_of_composers_is_bounded() {
        let mut typists = Typists::default();
        let shown = (0..100)
            .filter(|n| typists.note(user(), conversation(*n), true, at(0)))
            .count();
        assert_eq!(shown, MOST_PER_USER);
        assert!(!typists.note(user(), conversation(200), false, at(0)));
    }
}
