//! Which messages are saved: what the server says, and over it what was wished here.

use std::collections::BTreeSet;

use protocol::{ClientFrame, ErrorCode, SavedPlace, Timestamp};
use serde::{Deserialize, Serialize};

use crate::wishes::Wishes;

/// A wish as it is stored on this device.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedWish {
    /// Which message.
    pub place: SavedPlace,
    /// Whether it is to be saved.
    pub on: bool,
}

/// All that is known of saved messages.
#[derive(Debug, Default)]
pub(crate) struct Saved {
    told: BTreeSet<SavedPlace>,
    /// Whether all are known.
    complete: bool,
    /// The one that the server has last said to be saved.
    pub(crate) newest: Option<SavedPlace>,
    /// What a resume has named so far, while there is one.
    resuming: Option<BTreeSet<SavedPlace>>,
    pub(crate) wishes: Wishes<SavedPlace, bool>,
    /// Why the last one that was refused was, until it is told.
    pub(crate) refused: Option<ErrorCode>,
}

impl Saved {
    /// Whether a message is saved, as was last wished.
    pub(crate) fn contains(&self, place: SavedPlace) -> bool {
        let told = || self.told.contains(&place);
        self.wishes.get(place).unwrap_or_else(told)
    }

    /// The same, where it is known.
    pub(crate) fn state(&self, place: SavedPlace) -> Option<bool> {
        let is_known = self.complete || self.wishes.get(place).is_some();
        (is_known || self.told.contains(&place)).then(|| self.contains(place))
    }

    /// A resume begins: it will name all that are saved.
    pub(crate) fn welcomed(&mut self) {
        self.resuming = Some(BTreeSet::new());
    }

    /// A resume names some.
    pub(crate) fn named(&mut self, places: Vec<SavedPlace>) {
        self.resuming.get_or_insert_default().extend(places);
    }

    /// A resume has named all. Returns those of which something else is known now.
    pub(crate) fn resumed(&mut self) -> BTreeSet<SavedPlace> {
        let Some(all) = self.resuming.take() else {
            return BTreeSet::new();
        };
        self.complete = true;
        let before = std::mem::replace(&mut self.told, all);
        before.symmetric_difference(&self.told).copied().collect()
    }

    /// The server says what one is from now on.
    pub(crate) fn tell(&mut self, place: SavedPlace, on: bool) {
        if on && !self.told.contains(&place) {
            self.newest = Some(place);
        }
        for set in [Some(&mut self.told), self.resuming.as_mut()]
            .into_iter()
            .flatten()
        {
            if on {
                set.insert(place);
            } else {
                set.remove(&place);
            }
        }
    }

    /// The frames to transmit now.
    pub(crate) fn frames(
        &mut self,
        now: Timestamp,
        number: impl FnMut() -> u32,
    ) -> Vec<ClientFrame> {
        let requests = self.wishes.transmit(now, number).into_iter();
        let frames = requests.map(|(request, place, on)| ClientFrame::Save { request, place, on });
        frames.collect()
    }
}

#[cfg(test)]
mod tests {
    use protocol::Seq;

    use super::*;
    use crate::fixtures::here;

    fn place(seq: u64) -> SavedPlace {
        SavedPlace {
            conversation: here(),
            seq: Seq(seq),
        }
    }

    #[test]
    fn a_resume_names_all_in_several_frames_and_what_it_does_not_is_not_saved() {
        let mut it = Saved::default();
        it.tell(place(1), true);
        it.tell(place(2), true);
        it.welcomed();
        it.named(vec![place(2)]);
        it.named(vec![place(3), place(4)]);
        // Meanwhile, on another device.
        it.tell(place(4), false);
        it.tell(place(5), true);
        assert!(it.contains(place(1)), "as long as it is not known better");
        let changed = it.resumed();
        let saved: Vec<_> = (1..=5).filter(|seq| it.contains(place(*seq))).collect();
        assert_eq!(saved, [2, 3, 5]);
        assert_eq!(changed, [place(1), place(3)].into());
        assert_eq!(it.resumed(), BTreeSet::new());
        assert_eq!(it.state(place(1)), Some(false));
        it.welcomed();
        assert_eq!(it.resumed().len(), 3, "nothing was named");
    }

    #[test]
    fn a_wish_lies_over_what_the_server_says() {
        let mut it = Saved::default();
        it.tell(place(1), true);
        assert_eq!(it.state(place(1)), Some(true));
        assert_eq!(it.state(place(2)), None, "it may be");
        assert_eq!(it.newest, Some(place(1)));
        it.wishes.wish(place(1), false);
        it.wishes.wish(place(2), true);
        assert!(!it.contains(place(1)) && it.contains(place(2)));
        it.welcomed();
        it.resumed();
        assert!(it.contains(place(2)), "a wish outlives the connection");
    }
}
