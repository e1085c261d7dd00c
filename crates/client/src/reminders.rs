//! Of which messages one is to be reminded: what the server says, and over it what was wished
//! here.

use std::collections::BTreeSet;

use protocol::{ClientFrame, ConversationId, ErrorCode, Reminder, SavedPlace, Timestamp};
use serde::{Deserialize, Serialize};

use crate::told::Told;
use crate::wishes::Wishes;

/// A wish as it is stored on this device.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReminderWish {
    /// Of which message.
    pub place: SavedPlace,
    /// When; `None` puts the reminder aside.
    pub remind_at: Option<Timestamp>,
}

/// All that is known of reminders.
#[derive(Debug, Default)]
pub(crate) struct Reminders {
    pub(crate) told: Told<SavedPlace, Reminder>,
    pub(crate) wishes: Wishes<SavedPlace, Option<Timestamp>>,
    /// Why the last one that was refused was.
    pub(crate) refused: Option<ErrorCode>,
}

impl Reminders {
    /// The reminder of a message, as was last wished.
    pub(crate) fn get(&self, place: SavedPlace) -> Option<Reminder> {
        match self.wishes.get(place) {
            Some(wished) => wished.map(|at| waits(place, at)),
            None => self.told.get(place).copied(),
        }
    }

    /// All of them, the earliest first.
    pub(crate) fn all(&self) -> Vec<Reminder> {
        let places: BTreeSet<_> = self.told.keys().chain(self.wishes.keys()).collect();
        let all = places.into_iter().filter_map(|place| self.get(place));
        let mut all: Vec<_> = all.collect();
        all.sort_unstable_by_key(|it| (it.at, it.place));
        all
    }

    /// A resume names them.
    pub(crate) fn named(&mut self, reminders: Vec<Reminder>) {
        let named = reminders.into_iter().map(|it| (it.place, it));
        self.told.named(named);
    }

    /// A resume has named all. Whether anything else is known now, if only that there are no
    /// others.
    pub(crate) fn resumed(&mut self) -> bool {
        let was_complete = self.told.is_complete();
        let is_news = !self.told.resumed().is_empty();
        is_news || was_complete != self.told.is_complete()
    }

    /// The account is not in a conversation any more. Returns what was wished of it.
    pub(crate) fn leave(&mut self, id: ConversationId) -> Vec<SavedPlace> {
        self.told.forget(|place, _| place.conversation == id);
        self.wishes.give_up(|place| place.conversation == id)
    }

    /// The frames to transmit now.
    pub(crate) fn frames(
        &mut self,
        now: Timestamp,
        number: impl FnMut() -> u32,
    ) -> Vec<ClientFrame> {
        let requests = self.wishes.transmit(now, number).into_iter();
        let frames =
            requests.map(|(request, place, at)| ClientFrame::Remind { request, place, at });
        frames.collect()
    }
}

const fn waits(place: SavedPlace, at: Timestamp) -> Reminder {
    let due = false;
    Reminder { place, at, due }
}

#[cfg(test)]
mod tests {
    use protocol::Seq;

    use super::*;
    use crate::fixtures::{at, here};

    fn place(seq: u64) -> SavedPlace {
        SavedPlace {
            conversation: here(),
            seq: Seq(seq),
        }
    }

    fn told(seq: u64, time: u64) -> Reminder {
        waits(place(seq), at(time))
    }

    fn tell(it: &mut Reminders, reminder: Reminder) {
        it.told.tell(reminder.place, Some(reminder));
    }

    #[test]
    fn the_earliest_is_first_and_a_wish_lies_over_what_the_server_says() {
        let mut it = Reminders::default();
        tell(&mut it, told(1, 30));
        tell(&mut it, told(2, 20));
        assert_eq!(it.all(), [told(2, 20), told(1, 30)]);
        it.wishes.wish(place(2), None);
        it.wishes.wish(place(1), Some(at(5)));
        it.wishes.wish(place(3), Some(at(9)));
        assert_eq!(it.all(), [told(1, 5), told(3, 9)]);
        assert_eq!(it.get(place(2)), None);
        it.told.welcomed();
        it.resumed();
        assert_eq!(it.all().len(), 2, "wishes outlive the connection");
    }

    #[test]
    fn a_resume_names_all_and_what_changes_meanwhile_counts() {
        let mut it = Reminders::default();
        tell(&mut it, told(1, 30));
        it.told.welcomed();
        it.named(vec![told(2, 20), told(3, 10)]);
        it.told.tell(place(3), None);
        let rung = Reminder {
            due: true,
            ..told(2, 20)
        };
        tell(&mut it, rung);
        assert!(
            it.get(place(1)).is_some(),
            "as long as it is not known better"
        );
        assert!(it.resumed());
        assert_eq!(it.all(), [rung]);
        assert!(!it.resumed(), "there was one resume");
        it.told.welcomed();
        it.named(vec![rung]);
        assert!(!it.resumed(), "it is as it was");
        it.told.welcomed();
        assert!(it.resumed());
        assert_eq!(it.all(), [], "nothing was named");
    }

    #[test]
    fn of_a_conversation_that_was_left_there_is_none() {
        let mut it = Reminders::default();
        tell(&mut it, told(1, 30));
        it.wishes.wish(place(2), Some(at(9)));
        assert_eq!(it.leave(here()), [place(2)]);
        assert_eq!(it.all(), []);
    }
}
