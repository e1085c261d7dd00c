//! How conversations are to be arranged, as long as the server has not answered for it.
//!
//! Of one field of a conversation only the last wish counts. A wish may be repeated, so it needs
//! no identity: it is sent until it is answered, and what the server says last is so.

use std::collections::BTreeMap;

use protocol::{
    Arrangement, ClientFrame, ConversationId, ErrorCode, PreferenceField, Preferences, Seq,
    Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::backoff::Backoff;

/// Wishes under way at the same time.
const MOST_UNDER_WAY: usize = 8;
/// Milliseconds after which no answer is a failure.
const TIMEOUT_MS: u64 = 10_000;
/// The shortest pause after the server could not take one.
const PAUSE_MS: u64 = 250;

/// A wish as it is stored on this device.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedArrangement {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// What is to be different.
    pub change: Arrangement,
}

impl SavedArrangement {
    /// What there is one wish of at most.
    #[must_use]
    pub const fn slot(&self) -> (ConversationId, PreferenceField) {
        (self.conversation, self.change.field())
    }
}

#[derive(Clone, Copy, Debug)]
struct Wish {
    change: Arrangement,
    /// The number of its request and when that has got no answer, while it is under way.
    under_way: Option<(u32, Timestamp)>,
}

/// Everything that waits.
#[derive(Debug, Default)]
pub(crate) struct Arrangements {
    wishes: BTreeMap<(ConversationId, PreferenceField), Wish>,
    not_before: Option<Timestamp>,
    attempt: u32,
}

impl Arrangements {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.wishes.len()
    }

    /// Takes a wish in place of an earlier one for the same field.
    pub(crate) fn wish(&mut self, saved: SavedArrangement) {
        let wish = Wish {
            change: saved.change,
            under_way: None,
        };
        self.wishes.insert(saved.slot(), wish);
    }

    /// Takes what an earlier page stored, unless there is something newer.
    pub(crate) fn restore(&mut self, saved: SavedArrangement) {
        if !self.wishes.contains_key(&saved.slot()) {
            self.wish(saved);
        }
    }

    /// What to transmit now, marked as under way. `number` numbers requests.
    pub(crate) fn transmit(
        &mut self,
        now: Timestamp,
        mut number: impl FnMut() -> u32,
    ) -> Vec<ClientFrame> {
        let late = |wish: &Wish| wish.under_way.is_some_and(|(_, until)| until <= now);
        for wish in self.wishes.values_mut().filter(|wish| late(wish)) {
            wish.under_way = None;
        }
        if self.not_before.is_some_and(|at| now < at) {
            return Vec::new();
        }
        self.not_before = None;
        let is_under_way = |wish: &Wish| wish.under_way.is_some();
        let under_way = self.wishes.values().filter(|wish| is_under_way(wish));
        let room = MOST_UNDER_WAY.saturating_sub(under_way.count());
        let waiting = self.wishes.iter_mut();
        let waiting = waiting.filter(|(_, wish)| !is_under_way(wish)).take(room);
        let frames = waiting.map(|((conversation, _), wish)| {
            let request = number();
            wish.under_way = Some((request, now.plus_millis(TIMEOUT_MS)));
            ClientFrame::Arrange {
                request,
                conversation: *conversation,
                change: wish.change,
            }
        });
        frames.collect()
    }

    fn slot_of(&self, request: u32) -> Option<(ConversationId, PreferenceField)> {
        let is_it = |wish: &Wish| wish.under_way.is_some_and(|(number, _)| number == request);
        let mut wishes = self.wishes.iter();
        wishes.find(|(_, wish)| is_it(wish)).map(|(slot, _)| *slot)
    }

    /// A request was answered. The wish that it was for, unless there is a newer one.
    pub(crate) fn answered(&mut self, request: u32) -> Option<(ConversationId, PreferenceField)> {
        let slot = self.slot_of(request)?;
        self.wishes.remove(&slot);
        self.attempt = 0;
        Some(slot)
    }

    /// A request was refused. The wish, if it is given up.
    pub(crate) fn refused(
        &mut self,
        request: u32,
        code: ErrorCode,
        backoff: &mut Backoff,
        now: Timestamp,
    ) -> Option<(ConversationId, PreferenceField)> {
        let slot = self.slot_of(request)?;
        // An ended session is the socket's matter.
        if !code.is_transient() && code != ErrorCode::Unauthenticated {
            self.wishes.remove(&slot);
            return Some(slot);
        }
        if let Some(wish) = self.wishes.get_mut(&slot) {
            wish.under_way = None;
        }
        let delay = backoff.delay(self.attempt).max(PAUSE_MS);
        self.attempt = self.attempt.saturating_add(1);
        self.not_before = Some(now.plus_millis(delay));
        None
    }

    /// The connection is gone: nothing that was under way is answered any more.
    pub(crate) fn reset(&mut self) {
        for wish in self.wishes.values_mut() {
            wish.under_way = None;
        }
        self.not_before = None;
        self.attempt = 0;
    }

    /// When something is to be done next; only on a live connection.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        let silence = self.wishes.values().filter_map(|wish| wish.under_way);
        silence.map(|(_, until)| until).chain(self.not_before).min()
    }

    /// What the server says, as all wishes will make it.
    pub(crate) fn apply(
        &self,
        conversation: ConversationId,
        preferences: Preferences,
        (shown, now): (Seq, Timestamp),
    ) -> Preferences {
        let from = (conversation, PreferenceField::Mute);
        let to = (conversation, PreferenceField::MarkUnread);
        let wishes = self.wishes.range(from..=to);
        wishes.fold(preferences, |preferences, (_, wish)| {
            preferences.arranged(wish.change, shown, now)
        })
    }

    /// The account is not in a conversation any more. Returns what was wished there.
    pub(crate) fn gone(
        &mut self,
        conversation: ConversationId,
    ) -> Vec<(ConversationId, PreferenceField)> {
        let slots = self.wishes.keys().copied();
        let gone: Vec<_> = slots.filter(|(id, _)| *id == conversation).collect();
        for slot in &gone {
            self.wishes.remove(slot);
        }
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{at, here};

    fn saved(change: Arrangement) -> SavedArrangement {
        SavedArrangement {
            conversation: here(),
            change,
        }
    }

    fn sent(frames: &[ClientFrame]) -> Vec<(u32, Arrangement)> {
        let sent = frames.iter().map(|frame| match frame {
            ClientFrame::Arrange {
                request, change, ..
            } => (*request, *change),
            other => panic!("{other:?}"),
        });
        sent.collect()
    }

    /// Sends what waits, numbered from `first` on.
    fn send(it: &mut Arrangements, now: u64, mut first: u32) -> Vec<(u32, Arrangement)> {
        let frames = it.transmit(at(now), || {
            first += 1;
            first - 1
        });
        sent(&frames)
    }

    const ON: Arrangement = Arrangement::Favourite(true);
    const OFF: Arrangement = Arrangement::Favourite(false);

    #[test]
    fn of_one_field_the_last_wish_counts() {
        let mut it = Arrangements::default();
        it.wish(saved(ON));
        it.wish(saved(Arrangement::MarkUnread(true)));
        it.wish(saved(OFF));
        let all = send(&mut it, 0, 1);
        assert_eq!(all, [(1, OFF), (2, Arrangement::MarkUnread(true))]);
        assert!(send(&mut it, 1, 3).is_empty(), "they are under way");
        it.restore(saved(ON));
        assert_eq!(it.answered(1), Some((here(), PreferenceField::Favourite)));
        assert_eq!(it.answered(1), None);
    }

    #[test]
    fn an_answer_to_what_is_not_wished_any_more_ends_nothing() {
        let mut it = Arrangements::default();
        it.wish(saved(ON));
        assert_eq!(send(&mut it, 0, 1), [(1, ON)]);
        it.wish(saved(OFF));
        assert_eq!(it.answered(1), None);
        assert_eq!(send(&mut it, 0, 2), [(2, OFF)]);
        let quiet = (Seq(0), at(0));
        let told = Preferences {
            favourite: true,
            ..Preferences::default()
        };
        assert!(!it.apply(here(), told, quiet).favourite);
        it.answered(2);
        assert!(it.apply(here(), told, quiet).favourite);
    }

    #[test]
    fn what_got_no_answer_is_sent_again_and_what_was_refused_for_good_is_not() {
        let mut backoff = Backoff::new(1);
        let mut it = Arrangements::default();
        it.wish(saved(ON));
        send(&mut it, 0, 1);
        assert_eq!(it.deadline(), Some(at(TIMEOUT_MS)));
        assert_eq!(send(&mut it, TIMEOUT_MS, 2), [(2, ON)]);
        it.reset();
        assert_eq!(send(&mut it, 20_000, 3), [(3, ON)]);
        let later = ErrorCode::StorageUnavailable;
        assert_eq!(it.refused(3, later, &mut backoff, at(20_000)), None);
        assert!(send(&mut it, 20_000, 4).is_empty(), "not at once");
        let again = it.deadline().unwrap();
        assert_eq!(it.transmit(again, || 5).len(), 1);
        let slot = (here(), PreferenceField::Favourite);
        let gone = it.refused(5, ErrorCode::NotFound, &mut backoff, again);
        assert_eq!(gone, Some(slot));
        assert_eq!(it.deadline(), None);
    }

    #[test]
    fn few_are_under_way_at_the_same_time() {
        let mut it = Arrangements::default();
        for n in 0..20 {
            it.wish(SavedArrangement {
                conversation: ConversationId::from_bytes([n; 16]),
                change: ON,
            });
        }
        assert_eq!(send(&mut it, 0, 0).len(), MOST_UNDER_WAY);
        it.answered(3);
        assert_eq!(send(&mut it, 0, 100).len(), 1);
        assert_eq!(it.gone(ConversationId::from_bytes([0; 16])).len(), 1);
    }
}
