//! What waits beside messages: changes of messages, and what is done to a group.

use protocol::{ChangeKind, Content, ConversationId, Intent, Message, Origin, SendId, Seq};

use super::Outbox;
use super::lane::{Lane, Pending, Phase};
use crate::{Delivery, Row};

/// Something asked for that no row shows by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// Its identity, for [`crate::Input::Retry`] and [`crate::Input::Discard`].
    pub send_id: SendId,
    /// Where.
    pub conversation: ConversationId,
    /// What was asked for.
    pub intent: Intent,
    /// How far it is.
    pub delivery: Delivery,
}

impl Waiting {
    fn of(pending: &Pending) -> Self {
        Self {
            send_id: pending.entry.send_id,
            conversation: pending.entry.conversation,
            intent: pending.entry.intent.clone(),
            delivery: pending.delivery,
        }
    }
}

impl Pending {
    /// The change that shows on its target while it waits.
    fn change(&self) -> Option<(&protocol::Change, Origin)> {
        let Some(Content::Change(change)) = &self.content else {
            return None;
        };
        let origin = Origin {
            seq: Seq::ZERO,
            author: self.author,
            at: self.entry.written_at,
        };
        (!self.is_refused()).then_some((change, origin))
    }

    fn is_refused(&self) -> bool {
        matches!(self.phase, Phase::Refused(_))
    }
}

impl Outbox {
    /// What a conversation waits for beside messages, in the order in which it was asked for.
    pub(crate) fn waiting_in(&self, conversation: ConversationId) -> impl Iterator<Item = Waiting> {
        self.lane(conversation)
            .filter(|pending| pending.row.is_none() && pending.delivery != Delivery::Sent)
            .map(Waiting::of)
    }

    /// Everything that was refused for good and that no row shows. `is_shown` tells which
    /// conversations have rows.
    pub(crate) fn failures(&self, is_shown: impl Fn(ConversationId) -> bool) -> Vec<Waiting> {
        let lanes = self.lanes.iter();
        lanes
            .flat_map(|(id, lane)| {
                let shown = is_shown(*id);
                let failed = lane.entries.iter().filter(|it| it.is_refused());
                failed.filter(move |it| it.row.is_none() || !shown)
            })
            .map(Waiting::of)
            .collect()
    }

    /// What the entries will hold that are still to be stored.
    pub(crate) fn contents(&self, conversation: ConversationId) -> impl Iterator<Item = &Content> {
        let waits =
            |pending: &&Pending| !matches!(pending.phase, Phase::Refused(_) | Phase::Stored(_));
        let waiting = self.lane(conversation).filter(waits);
        waiting.filter_map(|pending| pending.content.as_ref())
    }

    /// Whether an entry accepts what was asked.
    pub(crate) fn accepts(&self, send_id: SendId) -> bool {
        let lane = self.places.get(&send_id).map(|id| self.lane(*id));
        let mut entries = lane.into_iter().flatten();
        entries.any(|it| it.entry.send_id == send_id && it.entry.intent == Intent::Accept)
    }

    /// The places that changes which wait are about.
    pub(crate) fn targets(&self, conversation: ConversationId) -> impl Iterator<Item = Seq> {
        self.lane(conversation)
            .filter_map(|pending| Some(pending.change()?.0.target))
    }

    /// Changes a row as all that waits will; whether anything does.
    pub(crate) fn apply(&self, conversation: ConversationId, row: &mut Row) -> bool {
        let (target, version) = (row.seq, row.marks.version);
        let applied = target.is_some_and(|target| {
            self.each(conversation, target, version, |origin, kind| {
                row.fold(origin, kind)
            })
        });
        row.marks.version = version;
        applied
    }

    /// The same for an entry that is previewed.
    pub(crate) fn apply_to_entry(&self, entry: &mut Message) {
        let (target, version) = (entry.seq, entry.marks.version);
        self.each(entry.conversation, target, version, |origin, kind| {
            entry.fold(origin, kind)
        });
        entry.marks.version = version;
    }

    /// Lets everything that waits for a place be folded, as if it came next. Whether any was.
    fn each(
        &self,
        conversation: ConversationId,
        target: Seq,
        version: Seq,
        mut fold: impl FnMut(Origin, &ChangeKind) -> bool,
    ) -> bool {
        let mut seq = version;
        let mut any = false;
        for (change, origin) in self.lane(conversation).filter_map(Pending::change) {
            if change.target == target {
                seq = seq.next();
                any |= fold(Origin { seq, ..origin }, &change.kind);
            }
        }
        any
    }

    /// The same for the places that are pinned.
    pub(crate) fn apply_to_pins(&self, conversation: ConversationId, pins: &mut Vec<Seq>) {
        for (change, _) in self.lane(conversation).filter_map(Pending::change) {
            crate::summary::repin(pins, change.target, &change.kind);
        }
    }

    fn lane(&self, conversation: ConversationId) -> impl Iterator<Item = &Pending> {
        let lane: Option<&Lane> = self.lanes.get(&conversation);
        lane.into_iter().flat_map(|lane| &lane.entries)
    }
}
