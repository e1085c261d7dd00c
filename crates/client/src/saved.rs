//! Which messages are saved: what the server says, and over it what was wished here.

use protocol::{ClientFrame, ErrorCode, SavedPlace, Timestamp};
use serde::{Deserialize, Serialize};

use crate::told::Told;
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
    pub(crate) told: Told<SavedPlace, ()>,
    /// The one that the server has last said to be saved.
    pub(crate) newest: Option<SavedPlace>,
    pub(crate) wishes: Wishes<SavedPlace, bool>,
    /// Why the last one that was refused was, until it is told.
    pub(crate) refused: Option<ErrorCode>,
}

impl Saved {
    /// Whether a message is saved, as was last wished.
    pub(crate) fn contains(&self, place: SavedPlace) -> bool {
        let told = || self.told.get(place).is_some();
        self.wishes.get(place).unwrap_or_else(told)
    }

    /// The same, where it is known.
    pub(crate) fn state(&self, place: SavedPlace) -> Option<bool> {
        let is_known = self.told.is_complete() || self.wishes.get(place).is_some();
        (is_known || self.told.get(place).is_some()).then(|| self.contains(place))
    }

    /// A resume names some.
    pub(crate) fn named(&mut self, places: Vec<SavedPlace>) {
        self.told.named(places.into_iter().map(|place| (place, ())));
    }

    /// The server says what one is from now on.
    pub(crate) fn tell(&mut self, place: SavedPlace, on: bool) {
        let is_news = self.told.tell(place, on.then_some(()));
        if on && is_news {
            self.newest = Some(place);
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
        it.told.welcomed();
        it.named(vec![place(2)]);
        it.named(vec![place(3), place(4)]);
        // Meanwhile, on another device.
        it.tell(place(4), false);
        it.tell(place(5), true);
        assert!(it.contains(place(1)), "as long as it is not known better");
        let changed = it.told.resumed();
        let saved: Vec<_> = (1..=5).filter(|seq| it.contains(place(*seq))).collect();
        assert_eq!(saved, [2, 3, 5]);
        assert_eq!(changed, [place(1), place(3)].into());
        assert_eq!(it.told.resumed(), [].into());
        assert_eq!(it.state(place(1)), Some(false));
        it.told.welcomed();
        assert_eq!(it.told.resumed().len(), 3, "nothing was named");
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
        it.told.welcomed();
        it.told.resumed();
        assert!(it.contains(place(2)), "a wish outlives the connection");
    }
}
