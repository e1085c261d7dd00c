//! What was seen of threads, as long as the server has not taken it.
//!
//! How far each was seen is kept with its conversation. Here is when that is told: after a pause,
//! in which the conversation may be read beyond it, so that there is nothing to tell.

use std::collections::BTreeMap;

use protocol::{ConversationId, SavedPlace, Seq, Timestamp};
use serde::{Deserialize, Serialize};

use crate::wishes::Wishes;

/// Milliseconds that what was seen waits.
const PAUSE_MS: u64 = 2_000;

/// How far a thread was seen, as it is stored on this device.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedThread {
    /// The place of its root.
    pub root: Seq,
    /// The newest place that was seen.
    pub seen: Seq,
    /// Whether the server has it. What it has not is told when there is a connection.
    pub told: bool,
}

/// What of them is to be told, by their roots.
#[derive(Debug, Default)]
pub(crate) struct SeenThreads {
    /// Until when each waits; `None` where that has only now been seen.
    pausing: BTreeMap<SavedPlace, Option<Timestamp>>,
    pub(crate) wishes: Wishes<SavedPlace, Seq>,
}

impl SeenThreads {
    /// How many are still to be told.
    pub(crate) fn len(&self) -> usize {
        self.wishes.len() + self.pausing.len()
    }

    /// A thread was seen further than before.
    pub(crate) fn seen(&mut self, root: SavedPlace) {
        self.pausing.entry(root).or_insert(None);
    }

    /// Nobody looks any more: there may be no time for a pause.
    pub(crate) fn hurry(&mut self) {
        for until in self.pausing.values_mut() {
            *until = Some(Timestamp::default());
        }
    }

    /// Whose pause is over.
    pub(crate) fn due(&mut self, now: Timestamp) -> Vec<SavedPlace> {
        let mut due = Vec::new();
        self.pausing.retain(|root, until| {
            let until = *until.get_or_insert_with(|| now.plus_millis(PAUSE_MS));
            if until <= now {
                due.push(*root);
            }
            now < until
        });
        due
    }

    /// The account is not in a conversation any more.
    pub(crate) fn leave(&mut self, id: ConversationId) {
        self.pausing.retain(|root, _| root.conversation != id);
        self.wishes.give_up(|root| root.conversation == id);
    }

    /// When something is to be told next.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        let pauses = self.pausing.values().copied().flatten();
        pauses.chain(self.wishes.deadline()).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{at, here};

    fn root(seq: u64) -> SavedPlace {
        SavedPlace {
            conversation: here(),
            seq: Seq(seq),
        }
    }

    #[test]
    fn is_told_after_a_pause_that_begins_with_the_first_of_several() {
        let mut it = SeenThreads::default();
        it.seen(root(3));
        assert_eq!(it.due(at(10)), []);
        assert_eq!(it.deadline(), Some(at(10 + PAUSE_MS)));
        it.seen(root(3));
        assert_eq!(it.due(at(9 + PAUSE_MS)), []);
        assert_eq!(it.due(at(10 + PAUSE_MS)), [root(3)]);
        assert_eq!((it.len(), it.deadline()), (0, None));
    }

    #[test]
    fn does_not_wait_where_nobody_looks_and_is_over_where_one_has_left() {
        let mut it = SeenThreads::default();
        it.seen(root(3));
        it.hurry();
        assert_eq!(it.due(at(0)), [root(3)]);
        it.seen(root(3));
        it.wishes.wish(root(5), Seq(9));
        it.leave(here());
        assert_eq!(it.len(), 0);
    }
}
