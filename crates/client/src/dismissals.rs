//! What is deleted for oneself alone: what the server says, and over it what was wished here.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use protocol::{
    ClientFrame, ConversationId, Dismissal, Dismissed, ErrorCode, Message, ResumePoint, SavedPlace,
    Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::wishes::Wishes;

/// Messages that are kept in memory to be shown again at once.
const MOST_ORIGINALS: usize = 200;

/// A wish as it is stored on this device.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DismissalWish {
    /// Which message or notice.
    pub place: SavedPlace,
    /// What is to become of it.
    pub dismissal: Dismissal,
}

/// All that is known of it.
#[derive(Debug, Default)]
pub(crate) struct Dismissals {
    told: BTreeMap<ConversationId, Dismissed>,
    pub(crate) wishes: Wishes<SavedPlace, Dismissal>,
    /// Why the last one that was refused was, until it is told.
    pub(crate) refused: Option<ErrorCode>,
    /// What was dismissed here, as it was before. It is in no storage.
    originals: VecDeque<Message>,
}

impl Dismissals {
    /// What the server says of a conversation.
    pub(crate) fn told(&self, id: ConversationId) -> &Dismissed {
        static NOTHING: Dismissed = Dismissed::NONE;
        self.told.get(&id).unwrap_or(&NOTHING)
    }

    /// The places of a conversation, as was last wished.
    pub(crate) fn of(&self, id: ConversationId) -> Dismissed {
        let mut dismissed = self.told(id).clone();
        for place in self.wishes.keys().filter(|it| it.conversation == id) {
            let wish = self.wishes.get(place);
            // For what there is no room the server refuses it.
            if wish.is_some_and(|wish| dismissed.apply(place.seq, wish).is_err()) {
                break;
            }
        }
        dismissed
    }

    /// The server says what it is from now on.
    pub(crate) fn tell(&mut self, id: ConversationId, dismissed: Dismissed) {
        if dismissed.is_empty() {
            self.told.remove(&id);
        } else {
            self.told.insert(id, dismissed);
        }
    }

    /// A resume will say it of these. Of others it is not known any more.
    pub(crate) fn greet(&mut self, named: &[ResumePoint]) {
        let named: BTreeSet<_> = named.iter().map(|point| point.conversation).collect();
        self.told.retain(|id, _| named.contains(id));
    }

    /// Keeps a message as it is, to be shown again.
    pub(crate) fn keep(&mut self, original: Message) {
        if self.originals.len() >= MOST_ORIGINALS {
            self.originals.pop_front();
        }
        self.originals.push_back(original);
    }

    /// Gives back what is kept of a conversation and not dismissed any more.
    pub(crate) fn give_back(&mut self, id: ConversationId, now: &Dismissed) -> Vec<Message> {
        let is_back = |it: &Message| it.conversation == id && !now.contains(it.seq);
        let (back, kept) = std::mem::take(&mut self.originals)
            .into_iter()
            .partition(is_back);
        self.originals = kept;
        back.into()
    }

    /// The account is not in a conversation any more. Returns what was wished of it.
    pub(crate) fn leave(&mut self, id: ConversationId) -> Vec<SavedPlace> {
        self.told.remove(&id);
        self.originals.retain(|it| it.conversation != id);
        self.wishes.give_up(|place| place.conversation == id)
    }

    /// The frames to transmit now.
    pub(crate) fn frames(
        &mut self,
        now: Timestamp,
        number: impl FnMut() -> u32,
    ) -> Vec<ClientFrame> {
        let requests = self.wishes.transmit(now, number).into_iter();
        let frames = requests.map(|(request, place, dismissal)| ClientFrame::Dismiss {
            request,
            place,
            dismissal,
        });
        frames.collect()
    }
}
