//! What is to be different, as long as the server has not answered for it.
//!
//! Of one thing only the last wish counts. A wish names the whole value, so it may be repeated
//! and needs no identity: it is sent until it is answered, and what the server says last is so.

use std::collections::BTreeMap;

use protocol::{ErrorCode, Timestamp};

use crate::backoff::Backoff;

/// Wishes under way at the same time.
const MOST_UNDER_WAY: usize = 8;
/// Milliseconds after which no answer is a failure.
const TIMEOUT_MS: u64 = 10_000;
/// The shortest pause after the server could not take one.
const PAUSE_MS: u64 = 250;

#[derive(Clone, Copy, Debug)]
struct Wish<V> {
    value: V,
    /// The number of its request and when that has got no answer, while it is under way.
    under_way: Option<(u32, Timestamp)>,
}

/// Everything that waits, by what there is one wish of at most.
#[derive(Debug)]
pub(crate) struct Wishes<K, V> {
    wishes: BTreeMap<K, Wish<V>>,
    not_before: Option<Timestamp>,
    attempt: u32,
}

impl<K, V> Default for Wishes<K, V> {
    fn default() -> Self {
        Self {
            wishes: BTreeMap::new(),
            not_before: None,
            attempt: 0,
        }
    }
}

impl<K: Ord + Copy, V: Clone> Wishes<K, V> {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.wishes.len()
    }

    /// Of what something is wished.
    pub(crate) fn keys(&self) -> impl Iterator<Item = K> {
        self.wishes.keys().copied()
    }

    /// What is wished of one thing.
    pub(crate) fn get(&self, slot: K) -> Option<V> {
        Some(self.wishes.get(&slot)?.value.clone())
    }

    /// What is wished of the things from one to another, both included.
    pub(crate) fn range(&self, from: K, to: K) -> impl Iterator<Item = V> {
        let wishes = self.wishes.range(from..=to);
        wishes.map(|(_, wish)| wish.value.clone())
    }

    /// Takes a wish in place of an earlier one.
    pub(crate) fn wish(&mut self, slot: K, value: V) {
        let under_way = None;
        self.wishes.insert(slot, Wish { value, under_way });
    }

    /// Takes what an earlier page stored, unless there is something newer.
    pub(crate) fn restore(&mut self, slot: K, value: V) {
        if !self.wishes.contains_key(&slot) {
            self.wish(slot, value);
        }
    }

    /// What to transmit now, with the number of each request, marked as under way. `number`
    /// numbers requests.
    pub(crate) fn transmit(
        &mut self,
        now: Timestamp,
        mut number: impl FnMut() -> u32,
    ) -> Vec<(u32, K, V)> {
        let late = |wish: &Wish<V>| wish.under_way.is_some_and(|(_, until)| until <= now);
        for wish in self.wishes.values_mut().filter(|wish| late(wish)) {
            wish.under_way = None;
        }
        if self.not_before.is_some_and(|at| now < at) {
            return Vec::new();
        }
        self.not_before = None;
        let is_under_way = |wish: &Wish<V>| wish.under_way.is_some();
        let under_way = self.wishes.values().filter(|wish| is_under_way(wish));
        let room = MOST_UNDER_WAY.saturating_sub(under_way.count());
        let waiting = self.wishes.iter_mut();
        let waiting = waiting.filter(|(_, wish)| !is_under_way(wish)).take(room);
        let requests = waiting.map(|(slot, wish)| {
            let request = number();
            wish.under_way = Some((request, now.plus_millis(TIMEOUT_MS)));
            (request, *slot, wish.value.clone())
        });
        requests.collect()
    }

    fn slot_of(&self, request: u32) -> Option<K> {
        let is_it = |wish: &Wish<V>| wish.under_way.is_some_and(|(number, _)| number == request);
        let mut wishes = self.wishes.iter();
        wishes.find(|(_, wish)| is_it(wish)).map(|(slot, _)| *slot)
    }

    /// Whether a request is one of these, and is not answered for.
    pub(crate) fn asked(&self, request: u32) -> bool {
        self.slot_of(request).is_some()
    }

    /// A request was answered. The wish that it was for, unless there is a newer one.
    pub(crate) fn answered(&mut self, request: u32) -> Option<K> {
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
    ) -> Option<K> {
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

    /// Gives up what is wished of some things. Returns those.
    pub(crate) fn give_up(&mut self, is_given_up: impl Fn(&K) -> bool) -> Vec<K> {
        let slots = self.wishes.keys().copied().filter(|slot| is_given_up(slot));
        let gone: Vec<K> = slots.collect();
        for slot in &gone {
            self.wishes.remove(slot);
        }
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::at;

    type It = Wishes<u8, bool>;

    /// Sends what waits, numbered from `first` on.
    fn send(it: &mut It, now: u64, mut first: u32) -> Vec<(u32, u8, bool)> {
        it.transmit(at(now), || {
            first += 1;
            first - 1
        })
    }

    #[test]
    fn of_one_thing_the_last_wish_counts() {
        let mut it = It::default();
        it.wish(1, true);
        it.wish(2, true);
        it.wish(1, false);
        assert_eq!(send(&mut it, 0, 1), [(1, 1, false), (2, 2, true)]);
        assert!(send(&mut it, 1, 3).is_empty(), "they are under way");
        it.restore(1, true);
        assert_eq!(it.get(1), Some(false));
        assert_eq!(it.answered(1), Some(1));
        assert_eq!(it.answered(1), None);
    }

    #[test]
    fn an_answer_to_what_is_not_wished_any_more_ends_nothing() {
        let mut it = It::default();
        it.wish(1, true);
        assert_eq!(send(&mut it, 0, 1), [(1, 1, true)]);
        it.wish(1, false);
        assert_eq!(it.answered(1), None);
        assert_eq!(send(&mut it, 0, 2), [(2, 1, false)]);
        assert_eq!(it.range(0, 9).collect::<Vec<_>>(), [false]);
        it.answered(2);
        assert_eq!(it.range(0, 9).count(), 0);
    }

    #[test]
    fn what_got_no_answer_is_sent_again_and_what_was_refused_for_good_is_not() {
        let mut backoff = Backoff::new(1);
        let mut it = It::default();
        it.wish(1, true);
        send(&mut it, 0, 1);
        assert_eq!(it.deadline(), Some(at(TIMEOUT_MS)));
        assert_eq!(send(&mut it, TIMEOUT_MS, 2), [(2, 1, true)]);
        it.reset();
        assert_eq!(send(&mut it, 20_000, 3), [(3, 1, true)]);
        let later = ErrorCode::StorageUnavailable;
        assert_eq!(it.refused(3, later, &mut backoff, at(20_000)), None);
        assert!(send(&mut it, 20_000, 4).is_empty(), "not at once");
        let again = it.deadline().unwrap();
        assert_eq!(it.transmit(again, || 5).len(), 1);
        assert!(it.asked(5) && !it.asked(4));
        let gone = it.refused(5, ErrorCode::NotFound, &mut backoff, again);
        assert_eq!(gone, Some(1));
        assert_eq!(it.deadline(), None);
    }

    #[test]
    fn few_are_under_way_at_the_same_time() {
        let mut it = It::default();
        for n in 0..20 {
            it.wish(n, true);
        }
        assert_eq!(send(&mut it, 0, 0).len(), MOST_UNDER_WAY);
        it.answered(3);
        assert_eq!(send(&mut it, 0, 100).len(), 1);
        assert_eq!(it.give_up(|slot| *slot == 0), [0]);
        assert_eq!(it.len(), 18);
    }
}
