//! Messages whose words have changed and that the index has not followed yet.
//!
//! The index follows a log in its order, and under load it may be far behind. What was deleted
//! must not stay in it for so long, and what was edited has to be found by its new words. So
//! changes are mended ahead of what they come after, and a search looks at those that are not
//! yet. It is what this process has committed: what came before is read from the log.

use std::collections::{BTreeMap, HashMap, VecDeque};

use protocol::{ConversationId, Seq};

/// Messages in all; of further ones the log tells in its order.
const MESSAGES: usize = 100_000;

/// Messages that are mended in one step.
const STEP: usize = 64;

/// The last change of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    at: Seq,
    mended: bool,
}

/// By conversation, and by the place of the message.
#[derive(Default)]
pub(super) struct Changed {
    of: HashMap<ConversationId, BTreeMap<Seq, Change>>,
    messages: usize,
    waiting: VecDeque<ConversationId>,
}

impl Changed {
    /// The entry at `at` changes the words of the message at `place`.
    pub(super) fn note(&mut self, id: ConversationId, place: Seq, at: Seq) {
        if self.messages >= MESSAGES {
            return;
        }
        let change = Change { at, mended: false };
        if self
            .of
            .entry(id)
            .or_default()
            .insert(place, change)
            .is_none()
        {
            self.messages += 1;
        }
    }

    /// A second has passed: what is not mended waits for its turn.
    pub(super) fn wait(&mut self) {
        let is_left = |changes: &BTreeMap<Seq, Change>| changes.values().any(|it| !it.mended);
        let ids = self.of.iter().filter(|(_, changes)| is_left(changes));
        self.waiting = ids.map(|(id, _)| *id).collect();
    }

    /// What is to be mended next: places, with those of their changes.
    pub(super) fn next(&mut self) -> Option<(ConversationId, Vec<(Seq, Seq)>)> {
        loop {
            let id = self.waiting.pop_front()?;
            let left = self.of.get(&id).into_iter().flatten();
            let left = left.filter(|(_, change)| !change.mended);
            let some: Vec<_> = left.take(STEP).map(|(seq, it)| (*seq, it.at)).collect();
            if some.len() == STEP {
                self.waiting.push_back(id);
            }
            if !some.is_empty() {
                return Some((id, some));
            }
        }
    }

    /// These are mended, unless they have changed again.
    pub(super) fn mended(&mut self, id: ConversationId, places: &[(Seq, Seq)]) {
        let Some(changes) = self.of.get_mut(&id) else {
            return;
        };
        for (place, at) in places {
            if let Some(change) = changes.get_mut(place)
                && change.at <= *at
            {
                change.mended = true;
            }
        }
    }

    /// Whether the change at `at` is mended already.
    pub(super) fn is_mended(&self, id: ConversationId, place: Seq, at: Seq) -> bool {
        let change = self.of.get(&id).and_then(|changes| changes.get(&place));
        change.is_some_and(|change| change.mended && at <= change.at)
    }

    /// What is not mended.
    pub(super) fn left(&self, id: ConversationId) -> Vec<Seq> {
        let changes = self.of.get(&id).into_iter().flatten();
        let left = changes.filter(|(_, change)| !change.mended);
        left.map(|(place, _)| *place).collect()
    }

    /// The index has followed the log up to a place.
    pub(super) fn followed(&mut self, id: ConversationId, to: Seq) {
        let Some(changes) = self.of.get_mut(&id) else {
            return;
        };
        let before = changes.len();
        changes.retain(|_, change| change.at > to);
        self.messages -= before - changes.len();
        if changes.is_empty() {
            self.of.remove(&id);
        }
    }

    /// The conversation is no more.
    pub(super) fn forget(&mut self, id: ConversationId) {
        self.followed(id, Seq(u64::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: ConversationId = ConversationId::from_bytes([1; 16]);

    #[test]
    fn a_change_is_mended_once_and_again_if_it_changes_again() {
        let mut changed = Changed::default();
        changed.note(ID, Seq(3), Seq(10));
        changed.note(ID, Seq(4), Seq(11));
        assert_eq!(changed.next(), None, "before a second has passed");
        changed.wait();
        let both = vec![(Seq(3), Seq(10)), (Seq(4), Seq(11))];
        assert_eq!(changed.next(), Some((ID, both.clone())));
        assert_eq!(changed.next(), None);
        changed.note(ID, Seq(3), Seq(12));
        changed.mended(ID, &both);
        assert_eq!(changed.left(ID), [Seq(3)]);
        assert!(changed.is_mended(ID, Seq(4), Seq(11)));
        assert!(!changed.is_mended(ID, Seq(4), Seq(13)));
        assert!(!changed.is_mended(ID, Seq(3), Seq(10)));
        changed.wait();
        assert_eq!(changed.next(), Some((ID, vec![(Seq(3), Seq(12))])));
    }

    #[test]
    fn what_was_followed_is_forgotten() {
        let mut changed = Changed::default();
        for place in 1..=3 {
            changed.note(ID, Seq(place), Seq(10 + place));
        }
        changed.followed(ID, Seq(12));
        assert_eq!((changed.left(ID), changed.messages), (vec![Seq(3)], 1));
        changed.forget(ID);
        assert_eq!((changed.left(ID), changed.messages), (vec![], 0));
        changed.wait();
        assert_eq!(changed.next(), None);
    }

    #[test]
    fn many_are_mended_in_steps() {
        let mut changed = Changed::default();
        for place in 1..=100 {
            changed.note(ID, Seq(place), Seq(1_000 + place));
        }
        changed.wait();
        for count in [STEP, 100 - STEP] {
            let (_, some) = changed.next().unwrap();
            assert_eq!(some.len(), count);
            changed.mended(ID, &some);
        }
        assert_eq!(changed.next(), None);
    }

    #[test]
    fn there_is_a_most() {
        let mut changed = Changed::default();
        for place in 1..=MESSAGES as u64 + 5 {
            changed.note(ID, Seq(place), Seq(place));
        }
        assert_eq!(changed.left(ID).len(), MESSAGES);
    }
}
