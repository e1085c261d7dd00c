//! Who types: our own composer, told sparingly, and the others, who fall silent by themselves.

use std::collections::BTreeMap;

use protocol::limits::{TYPING_EXPIRES_MS, TYPING_INTERVAL_MS};
use protocol::{ConversationId, Timestamp, UserId};

/// People remembered as typing.
const MOST: usize = 500;

/// Our own composer.
#[derive(Debug, Default)]
pub(crate) struct Composer {
    /// Where something is being written and when that was last told.
    told: Option<(ConversationId, Timestamp)>,
    /// Whether the others believe that we type.
    active: bool,
}

impl Composer {
    /// A key was pressed, or the composer was left. Returns the frames to send.
    pub(crate) fn composing(
        &mut self,
        conversation: ConversationId,
        active: bool,
        now: Timestamp,
    ) -> Vec<(ConversationId, bool)> {
        let mut frames = Vec::new();
        if let Some((before, _)) = self.told.filter(|(before, _)| *before != conversation) {
            if self.active {
                frames.push((before, false));
            }
            *self = Self::default();
        }
        if active {
            let due = self
                .told
                .is_none_or(|(_, at)| now.millis_since(at) >= TYPING_INTERVAL_MS);
            if due {
                self.told = Some((conversation, now));
                self.active = true;
                frames.push((conversation, true));
            }
        } else if self.active {
            self.active = false;
            frames.push((conversation, false));
        }
        frames
    }

    /// The connection is gone, and with it what the others believed.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }
}

/// The others.
#[derive(Debug, Default)]
pub(crate) struct Typists {
    since: BTreeMap<(ConversationId, UserId), Typist>,
}

#[derive(Clone, Copy, Debug)]
struct Typist {
    began: Timestamp,
    until: Timestamp,
}

impl Typists {
    /// Somebody types or stopped; whether that changes who is shown.
    pub(crate) fn tell(
        &mut self,
        conversation: ConversationId,
        user: UserId,
        active: bool,
        now: Timestamp,
    ) -> bool {
        let key = (conversation, user);
        if !active {
            return self.since.remove(&key).is_some();
        }
        let until = now.plus_millis(TYPING_EXPIRES_MS);
        if let Some(typist) = self.since.get_mut(&key) {
            typist.until = until;
            return false;
        }
        if self.since.len() >= MOST {
            return false;
        }
        self.since.insert(key, Typist { began: now, until });
        true
    }

    /// Removes who was silent for too long; returns where.
    pub(crate) fn expire(&mut self, now: Timestamp) -> Vec<ConversationId> {
        let mut changed = Vec::new();
        self.since.retain(|(conversation, _), typist| {
            let silent = typist.until <= now;
            if silent {
                changed.push(*conversation);
            }
            !silent
        });
        changed
    }

    /// Nothing is told of a conversation any more; whether somebody typed there.
    pub(crate) fn leave(&mut self, conversation: ConversationId) -> bool {
        let before = self.since.len();
        self.since.retain(|(place, _), _| *place != conversation);
        self.since.len() != before
    }

    /// Nobody is known to type any more; returns where somebody was.
    pub(crate) fn forget(&mut self) -> Vec<ConversationId> {
        std::mem::take(&mut self.since)
            .into_keys()
            .map(|(conversation, _)| conversation)
            .collect()
    }

    /// Who types in a conversation, the longest first.
    pub(crate) fn in_conversation(&self, conversation: ConversationId) -> Vec<UserId> {
        let mut typists: Vec<(Timestamp, UserId)> = self
            .since
            .iter()
            .filter(|((place, _), _)| *place == conversation)
            .map(|((_, user), typist)| (typist.began, *user))
            .collect();
        typists.sort_unstable();
        typists.into_iter().map(|(_, user)| user).collect()
    }

    /// When the next one falls silent.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        self.since.values().map(|typist| typist.until).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_millis(1_000_000 + seconds * 1_000)
    }

    fn conversation(n: u128) -> ConversationId {
        ConversationId::from_parts(Timestamp::from_millis(1), n)
    }

    fn user(n: u128) -> UserId {
        UserId::from_parts(Timestamp::from_millis(1), n)
    }

    #[test]
    fn twelve_seconds_of_typing_are_three_frames() {
        let mut composer = Composer::default();
        let frames: Vec<_> = (0..12)
            .flat_map(|second| composer.composing(conversation(1), true, at(second)))
            .collect();
        assert_eq!(frames, vec![(conversation(1), true); 3]);
    }

    #[test]
    fn stopping_is_told_once_and_only_after_a_start() {
        let mut composer = Composer::default();
        assert!(composer.composing(conversation(1), false, at(0)).is_empty());
        composer.composing(conversation(1), true, at(1));
        assert_eq!(
            composer.composing(conversation(1), false, at(2)),
            [(conversation(1), false)]
        );
        assert!(composer.composing(conversation(1), false, at(2)).is_empty());
        // Starting again at once would be a second start within the interval.
        assert!(composer.composing(conversation(1), true, at(3)).is_empty());
        assert_eq!(
            composer.composing(conversation(1), true, at(6)),
            [(conversation(1), true)]
        );
    }

    #[test]
    fn writing_elsewhere_stops_here() {
        let mut composer = Composer::default();
        composer.composing(conversation(1), true, at(0));
        assert_eq!(
            composer.composing(conversation(2), true, at(1)),
            [(conversation(1), false), (conversation(2), true)]
        );
    }

    #[test]
    fn silence_of_six_seconds_is_an_end() {
        let mut typists = Typists::default();
        assert!(typists.tell(conversation(1), user(1), true, at(0)));
        assert!(typists.tell(conversation(1), user(2), true, at(1)));
        assert!(!typists.tell(conversation(1), user(1), true, at(5)));
        assert_eq!(typists.in_conversation(conversation(1)), [user(1), user(2)]);
        assert!(typists.in_conversation(conversation(2)).is_empty());
        assert_eq!(typists.deadline(), Some(at(7)));
        assert_eq!(typists.expire(at(7)), [conversation(1)]);
        assert_eq!(typists.in_conversation(conversation(1)), [user(1)]);
        assert!(typists.tell(conversation(1), user(1), false, at(8)));
        assert!(!typists.tell(conversation(1), user(1), false, at(8)));
    }
}
