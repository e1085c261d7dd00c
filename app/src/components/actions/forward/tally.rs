//! What is told of messages that were sent on.

use std::collections::BTreeSet;

use protocol::ConversationId;

use crate::live::Queued;

/// What has become of messages that were handed over together.
#[derive(Debug)]
pub(super) struct Tally {
    /// Not answered for yet.
    open: usize,
    /// The conversations of which nothing was refused.
    reached: BTreeSet<ConversationId>,
    /// How many there were.
    chosen: usize,
}

/// What is told of them at the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Told {
    /// How many conversations get all of it.
    pub(super) reached: usize,
    /// Whether none is left out.
    pub(super) is_all: bool,
}

impl Tally {
    /// So many are open, for these conversations.
    pub(super) fn new(chosen: BTreeSet<ConversationId>, open: usize) -> Self {
        Self {
            open,
            chosen: chosen.len(),
            reached: chosen,
        }
    }

    /// One is answered for. What is told, if it was the last.
    pub(super) fn count(&mut self, id: ConversationId, queued: Queued) -> Option<Told> {
        if queued == Queued::Refused {
            self.reached.remove(&id);
        }
        self.open = self.open.saturating_sub(1);
        let reached = self.reached.len();
        (self.open == 0).then_some(Told {
            reached,
            is_all: reached == self.chosen,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_counts_what_was_taken_once_all_is_answered_for() {
        let id = |n: u8| ConversationId::from_bytes([n; 16]);
        let chosen = || BTreeSet::from([id(1), id(2)]);
        let told = |reached, is_all| Some(Told { reached, is_all });
        let (safe, refused) = (Queued::Safe, Queued::Refused);
        for (answers, expected) in [
            ([(1, safe), (2, safe), (1, safe), (2, safe)], told(2, true)),
            // Half of it is not all of it.
            (
                [(1, safe), (2, safe), (1, safe), (2, refused)],
                told(1, false),
            ),
            (
                [(1, refused), (2, refused), (1, refused), (2, refused)],
                told(0, false),
            ),
        ] {
            let mut tally = Tally::new(chosen(), answers.len());
            let mut heard = answers.map(|(n, queued)| tally.count(id(n), queued));
            assert_eq!(heard[3].take(), expected);
            assert_eq!(heard, [None; 4]);
        }
    }
}
