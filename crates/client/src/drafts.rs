//! Which drafts of this device the server does not have, and which it has.
//!
//! What was written here last wins over what the server says, until the server has taken it;
//! from then on the one counts that it takes last.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{ConversationId, Seq, Timestamp};
use serde::{Deserialize, Serialize};

use crate::wishes::Wishes;

/// Milliseconds without a change after which a draft is sent, beside those that the composer
/// waits.
const PAUSE_MS: u64 = 1_500;

/// What stands in a composer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// The text as typed.
    pub text: String,
    /// The caret, in UTF-16 units as the browser counts.
    pub caret: u32,
    /// The place of the message that it answers.
    #[serde(default)]
    pub reply_to: Option<Seq>,
}

/// A draft as it is stored on this device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SavedDraft {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// What it says; `None` where nothing stands in the composer.
    pub draft: Option<Draft>,
    /// Whether the server has it so. What it has not is sent when there is a connection.
    pub told: bool,
}

/// What is known of drafts beside what they say.
#[derive(Debug, Default)]
pub(crate) struct Drafts {
    /// Of these something stands here that is not sent before a time.
    pausing: BTreeMap<ConversationId, Timestamp>,
    /// Of these something stands here that another tab sends, or that the server does not take.
    apart: BTreeSet<ConversationId>,
    /// Of these something stands here that is to be sent now.
    pub(crate) wishes: Wishes<ConversationId, ()>,
    /// Of these the server may have one.
    kept: BTreeSet<ConversationId>,
    /// Whether that is so of no others.
    complete: bool,
    /// Which a resume has named so far, while there is one.
    resuming: Option<BTreeSet<ConversationId>>,
    /// Nobody looks: there may be no time for a pause.
    pub(crate) hidden: bool,
}

impl Drafts {
    /// Whether what stands here wins over what the server says.
    pub(crate) fn is_own(&self, id: ConversationId) -> bool {
        let wished = self.wishes.get(id).is_some();
        wished || self.pausing.contains_key(&id) || self.apart.contains(&id)
    }

    /// How many are still to be sent.
    pub(crate) fn len(&self) -> usize {
        self.wishes.len() + self.pausing.len()
    }

    /// Something else was written here. `at_once`: without a pause.
    pub(crate) fn written(&mut self, id: ConversationId, at_once: bool, now: Timestamp) {
        self.settle(id);
        if at_once || self.hidden {
            self.wishes.wish(id, ());
        } else {
            self.pausing.insert(id, now.plus_millis(PAUSE_MS));
        }
    }

    /// Nothing stands here any more.
    pub(crate) fn cleared(&mut self, id: ConversationId) {
        self.settle(id);
        // Most messages are sent before anything of them was.
        if self.may_have(id) {
            self.wishes.wish(id, ());
        }
    }

    /// Another tab has changed it, and sends it.
    pub(crate) fn elsewhere(&mut self, id: ConversationId, is_some: bool) {
        self.settle(id);
        if is_some || self.may_have(id) {
            self.apart.insert(id);
        }
    }

    fn may_have(&self, id: ConversationId) -> bool {
        !self.complete || self.kept.contains(&id)
    }

    /// What stands here is what the server has.
    pub(crate) fn settle(&mut self, id: ConversationId) {
        self.wishes.give_up(|wished| *wished == id);
        self.pausing.remove(&id);
        self.apart.remove(&id);
    }

    /// The account is not in a conversation any more.
    pub(crate) fn leave(&mut self, id: ConversationId) {
        self.settle(id);
        self.kept.remove(&id);
    }

    /// An earlier page stored it.
    pub(crate) fn restore(&mut self, id: ConversationId, told: bool) {
        self.kept.insert(id);
        if !told && !self.is_own(id) {
            self.wishes.wish(id, ());
        }
    }

    /// The server says what one is from now on. Whether that is to be taken over.
    pub(crate) fn tell(&mut self, id: ConversationId, is_some: bool, is_same: bool) -> bool {
        if is_some {
            self.kept.insert(id);
        } else {
            self.kept.remove(&id);
        }
        if let Some(named) = &mut self.resuming {
            named.insert(id);
        }
        if is_same {
            self.settle(id);
        }
        !self.is_own(id)
    }

    /// A resume says that there is one that cannot be read at present: what stands here stays.
    pub(crate) fn unavailable(&mut self, id: ConversationId) {
        self.kept.insert(id);
        if let Some(named) = &mut self.resuming {
            named.insert(id);
        }
    }

    /// A frame goes out: the server may have it from now on.
    pub(crate) fn sent(&mut self, id: ConversationId) {
        self.kept.insert(id);
    }

    /// The server does not take it: it stays here alone.
    pub(crate) fn keep_apart(&mut self, id: ConversationId) {
        self.settle(id);
        self.apart.insert(id);
    }

    /// A resume begins: it will name all.
    pub(crate) fn welcomed(&mut self) {
        self.resuming = Some(BTreeSet::new());
    }

    /// A resume has named all. Which conversations it has named; `None` if there was none.
    pub(crate) fn resumed(&mut self) -> Option<BTreeSet<ConversationId>> {
        let named = self.resuming.take()?;
        self.complete = true;
        self.kept.clone_from(&named);
        // The tab that wanted to send them may be gone.
        for id in std::mem::take(&mut self.apart) {
            self.wishes.wish(id, ());
        }
        Some(named)
    }

    /// No pause any more: the conversation was left, or nobody looks.
    pub(crate) fn hurry(&mut self) {
        for (id, _) in std::mem::take(&mut self.pausing) {
            self.wishes.wish(id, ());
        }
    }

    /// Which are to be sent now, with the number of each request.
    pub(crate) fn transmit(
        &mut self,
        now: Timestamp,
        number: impl FnMut() -> u32,
    ) -> Vec<(u32, ConversationId)> {
        let is_over = |(id, until): (&ConversationId, &Timestamp)| (*until <= now).then_some(*id);
        let over: Vec<_> = self.pausing.iter().filter_map(is_over).collect();
        for id in over {
            self.pausing.remove(&id);
            self.wishes.wish(id, ());
        }
        let requests = self.wishes.transmit(now, number).into_iter();
        requests.map(|(request, id, ())| (request, id)).collect()
    }

    /// When something is to be sent next.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        let pauses = self.pausing.values().copied();
        pauses.chain(self.wishes.deadline()).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{at, here};

    fn requests(it: &mut Drafts, now: u64) -> usize {
        it.transmit(at(now), || 1).len()
    }

    #[test]
    fn is_sent_after_a_pause_that_begins_again_with_each_change() {
        let mut it = Drafts::default();
        it.written(here(), false, at(0));
        assert_eq!(it.deadline(), Some(at(PAUSE_MS)));
        it.written(here(), false, at(1_000));
        assert_eq!(requests(&mut it, PAUSE_MS), 0);
        assert_eq!(requests(&mut it, 1_000 + PAUSE_MS), 1);
        assert!(it.is_own(here()), "until it is answered");
        it.wishes.answered(1);
        assert!(!it.is_own(here()));
    }

    #[test]
    fn does_not_wait_where_nobody_looks() {
        let mut it = Drafts::default();
        it.written(here(), false, at(0));
        it.hurry();
        assert_eq!(requests(&mut it, 0), 1);
        it.hidden = true;
        it.written(here(), false, at(1));
        assert_eq!(requests(&mut it, 1), 1);
    }

    #[test]
    fn what_the_server_never_had_is_not_taken_from_it() {
        let mut it = Drafts::default();
        it.cleared(here());
        assert_eq!(it.len(), 1, "it is not known what it has");
        it.settle(here());
        it.welcomed();
        assert_eq!(it.resumed(), Some(BTreeSet::new()));
        it.written(here(), false, at(0));
        it.cleared(here());
        assert!(it.len() == 0 && !it.is_own(here()));
        it.written(here(), true, at(0));
        it.sent(here());
        it.cleared(here());
        assert_eq!(it.len(), 1);
    }

    #[test]
    fn what_is_written_here_wins_until_the_server_has_it() {
        let mut it = Drafts::default();
        assert!(it.tell(here(), true, false));
        it.written(here(), false, at(0));
        assert!(!it.tell(here(), true, false));
        assert!(it.tell(here(), true, true), "it is the same");
        it.elsewhere(here(), true);
        assert!(!it.tell(here(), false, false));
        assert_eq!(it.len(), 0, "the other tab sends it");
        it.welcomed();
        it.resumed();
        assert_eq!(it.len(), 1, "if it is still there");
    }
}
