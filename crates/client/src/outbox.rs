//! Messages, changes and whatever else is to be written, as long as the server has not answered
//! for it.
//!
//! Each conversation has a lane, first in, first out, and one send of it is under way at a
//! time: were there two, the first could be refused for a moment and the second overtake it.

mod entry;
mod lane;
mod pace;
mod undoing;
mod waiting;

use std::collections::BTreeMap;

use protocol::{
    ClientFrame, Content, ConversationId, ErrorCode, Intent, Marks, SendId, Seq, Timestamp, UserId,
};

use crate::backoff::Backoff;
use crate::{Delivery, Row, RowKey, intent};
use lane::{Lane, Pending, Phase};

pub use entry::OutboxEntry;
pub use waiting::Waiting;

/// Entries that may wait at the same time.
const MOST: usize = 1_000;
/// Sends under way over all conversations; half of what the server takes of one connection.
const MOST_UNDER_WAY: usize = protocol::limits::SENDS_UNDER_WAY / 2;

/// Too many entries wait, or the server would not take this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotTaken;

/// Everything that waits.
#[derive(Debug)]
pub(crate) struct Outbox {
    me: UserId,
    lanes: BTreeMap<ConversationId, Lane>,
    /// Where each entry is.
    places: BTreeMap<SendId, ConversationId>,
    last_order: u64,
}

impl Outbox {
    pub(crate) const fn new(me: UserId) -> Self {
        Self {
            me,
            lanes: BTreeMap::new(),
            places: BTreeMap::new(),
            last_order: 0,
        }
    }

    /// Adds an entry just made. It waits for [`Outbox::saved`].
    pub(crate) fn write(
        &mut self,
        conversation: ConversationId,
        send_id: SendId,
        intent: Intent,
        after: Seq,
        now: Timestamp,
    ) -> Result<OutboxEntry, NotTaken> {
        if self.places.len() >= MOST || self.places.contains_key(&send_id) {
            return Err(NotTaken);
        }
        let content = intent::content(&intent).map_err(|_| NotTaken)?;
        // By time in the first place, so that two tabs which share the storage agree; the
        // lower bits and the comparison order what is written within a millisecond.
        let order = (now.millis() << 10).max(self.last_order.saturating_add(1));
        let entry = OutboxEntry {
            send_id,
            conversation,
            intent,
            after,
            written_at: now,
            order,
        };
        self.insert(entry.clone(), content, Phase::Unsaved, false);
        // Writing more is asking for another try.
        self.kick(conversation);
        Ok(entry)
    }

    /// Adds what an earlier page stored. Whether it was transmitted is not known.
    pub(crate) fn restore(&mut self, entry: OutboxEntry) -> bool {
        if self.places.len() >= MOST || self.places.contains_key(&entry.send_id) {
            return false;
        }
        let Ok(content) = intent::content(&entry.intent) else {
            return false;
        };
        self.insert(entry, content, Phase::Queued, true);
        true
    }

    fn insert(
        &mut self,
        entry: OutboxEntry,
        content: Option<Content>,
        phase: Phase,
        transmitted: bool,
    ) {
        self.last_order = self.last_order.max(entry.order);
        self.places.insert(entry.send_id, entry.conversation);
        let lane = self.lanes.entry(entry.conversation).or_default();
        let is_row = content.as_ref().is_some_and(Content::is_said);
        let row = content.clone().filter(|_| is_row).map(|content| Row {
            key: RowKey {
                author: self.me,
                send_id: entry.send_id,
            },
            seq: None,
            sent_at: entry.written_at,
            content,
            marks: Marks::default(),
            delivery: Delivery::Sending,
            waiting: false,
        });
        let order = (entry.order, entry.send_id);
        let at = lane
            .entries
            .partition_point(|other| (other.entry.order, other.entry.send_id) < order);
        lane.entries.insert(
            at,
            Pending {
                entry,
                phase,
                transmitted,
                author: self.me,
                content,
                delivery: Delivery::Sending,
                row,
            },
        );
        lane.show();
    }

    /// An entry is safe on this device and may be transmitted.
    pub(crate) fn saved(&mut self, send_id: SendId) {
        self.change(send_id, |pending| {
            if pending.phase == Phase::Unsaved {
                pending.phase = Phase::Queued;
            }
        });
    }

    /// What to transmit now, marked as under way.
    pub(crate) fn transmit(&mut self, now: Timestamp) -> Vec<ClientFrame> {
        let mut room = MOST_UNDER_WAY.saturating_sub(self.under_way());
        let mut frames = Vec::new();
        for lane in self.lanes.values_mut() {
            if room == 0 {
                break;
            }
            if let Some(frame) = lane.transmit(now) {
                room -= 1;
                frames.push(frame);
            }
        }
        frames
    }

    fn under_way(&self) -> usize {
        self.lanes
            .values()
            .filter(|lane| lane.is_under_way())
            .count()
    }

    /// The server has stored an entry. What it holds, unless that is not known here.
    pub(crate) fn stored(&mut self, send_id: SendId, seq: Seq) -> Option<Content> {
        let lane = self.lane_of(send_id)?;
        lane.progress();
        let pending = lane.find(send_id)?;
        pending.phase = Phase::Stored(seq);
        let content = pending.content.clone();
        lane.show();
        content
    }

    /// The server has refused an entry. The conversation, if the entry is known here, and
    /// whether it was refused for good.
    pub(crate) fn refused(
        &mut self,
        send_id: SendId,
        code: ErrorCode,
        retry_after_ms: Option<u32>,
        backoff: &mut Backoff,
        now: Timestamp,
    ) -> Option<(ConversationId, bool)> {
        let conversation = *self.places.get(&send_id)?;
        let lane = self.lanes.get_mut(&conversation)?;
        // An ended session is the socket's matter; the message outlives it.
        let for_good = !code.is_transient() && code != ErrorCode::Unauthenticated;
        if for_good {
            lane.progress();
        } else if code == ErrorCode::SlowMode {
            // Nothing is wrong, so nothing is given longer and longer pauses.
            lane.progress();
            let told = u64::from(retry_after_ms.unwrap_or(1_000)).max(250);
            lane.slow_until = Some(now.plus_millis(told));
            lane.is_not_stored(send_id);
        } else {
            let told = u64::from(retry_after_ms.unwrap_or(0));
            // At least a moment, or a server in trouble would be hammered by luck.
            let delay = backoff.delay(lane.attempt).max(250).max(told);
            lane.attempt = lane.attempt.saturating_add(1);
            lane.not_before = Some(now.plus_millis(delay));
            lane.last_code = Some(code);
        }
        if let Some(pending) = lane.find(send_id) {
            pending.phase = if for_good {
                Phase::Refused(code)
            } else {
                Phase::Queued
            };
        }
        lane.show();
        Some((conversation, for_good))
    }

    /// Removes an entry: its message is in the timeline, or the user gave it up.
    pub(crate) fn remove(&mut self, send_id: SendId) -> Option<ConversationId> {
        let conversation = self.places.remove(&send_id)?;
        if let Some(lane) = self.lanes.get_mut(&conversation) {
            let was_under_way = lane.is_under_way();
            lane.entries
                .retain(|pending| pending.entry.send_id != send_id);
            if was_under_way && !lane.is_under_way() {
                lane.progress();
            }
            lane.show();
            if lane.entries.is_empty() {
                self.lanes.remove(&conversation);
            }
        }
        Some(conversation)
    }

    /// Removes what is stored up to a place, because the timeline now begins after it.
    pub(crate) fn remove_stored(&mut self, conversation: ConversationId, until: Seq) {
        let Some(lane) = self.lanes.get(&conversation) else {
            return;
        };
        let gone: Vec<SendId> = lane
            .entries
            .iter()
            .filter(|pending| matches!(pending.phase, Phase::Stored(seq) if seq <= until))
            .map(|pending| pending.entry.send_id)
            .collect();
        for send_id in gone {
            self.remove(send_id);
        }
    }

    /// The user asked to try an entry again.
    pub(crate) fn retry(&mut self, send_id: SendId) -> Option<ConversationId> {
        let conversation = *self.places.get(&send_id)?;
        self.change(send_id, |pending| {
            if matches!(pending.phase, Phase::Refused(_)) {
                pending.phase = Phase::Queued;
            }
        });
        self.kick(conversation);
        Some(conversation)
    }

    /// Makes a lane that got no answer try again, with the same ids.
    fn kick(&mut self, conversation: ConversationId) {
        if let Some(lane) = self.lanes.get_mut(&conversation) {
            lane.not_before = None;
            if lane.late {
                lane.start_over();
            }
        }
    }

    /// The connection is gone: what was under way is queued again.
    pub(crate) fn reset(&mut self) -> Vec<ConversationId> {
        for lane in self.lanes.values_mut() {
            lane.not_before = None;
            lane.attempt = 0;
            lane.start_over();
        }
        self.lanes.keys().copied().collect()
    }

    /// A connection is there. What has waited for it may have been found on the disk, and sent,
    /// by another tab.
    pub(crate) fn connected(&mut self) {
        for lane in self.lanes.values_mut() {
            for pending in &mut lane.entries {
                pending.transmitted = true;
            }
        }
    }

    /// Finds lanes that got no answer for too long; returns their first unanswered entries.
    pub(crate) fn expire(&mut self, now: Timestamp) -> Vec<(ConversationId, SendId)> {
        let mut late = Vec::new();
        for (conversation, lane) in &mut self.lanes {
            if !lane.late && lane.deadline().is_some_and(|at| at <= now) {
                lane.late = true;
                lane.show();
                if let Some(head) = lane.head(now) {
                    late.push((*conversation, head.entry.send_id));
                }
            }
        }
        late
    }

    /// When something is to be done next; only on a live connection.
    pub(crate) fn deadline(&self, now: Timestamp) -> Option<Timestamp> {
        let silence = self
            .lanes
            .values()
            .filter(|lane| !lane.late)
            .filter_map(Lane::deadline);
        let pause = self
            .lanes
            .values()
            .filter(|lane| !lane.is_under_way())
            .filter_map(|lane| lane.pause(now));
        silence.chain(pause).min()
    }

    /// The echoes of a conversation's messages, in the order they were written.
    pub(crate) fn rows(&self, conversation: ConversationId) -> impl Iterator<Item = &Row> {
        self.lanes.get(&conversation).into_iter().flat_map(|lane| {
            lane.entries
                .iter()
                .filter_map(|pending| pending.row.as_ref())
        })
    }

    /// Whether anything of a conversation waits.
    pub(crate) fn has(&self, conversation: ConversationId) -> bool {
        self.lanes.contains_key(&conversation)
    }

    pub(crate) fn contains(&self, send_id: SendId) -> bool {
        self.places.contains_key(&send_id)
    }

    /// Entries that will be sent as soon as there is a connection.
    pub(crate) fn waiting(&self) -> usize {
        self.count(|phase| !matches!(phase, Phase::Refused(_) | Phase::Stored(_)))
    }

    /// Entries that would be lost with this device.
    pub(crate) fn unsent(&self) -> usize {
        self.count(|phase| !matches!(phase, Phase::Stored(_)))
    }

    fn count(&self, which: impl Fn(Phase) -> bool) -> usize {
        self.lanes
            .values()
            .flat_map(|lane| &lane.entries)
            .filter(|pending| which(pending.phase))
            .count()
    }

    fn lane_of(&mut self, send_id: SendId) -> Option<&mut Lane> {
        let conversation = self.places.get(&send_id)?;
        self.lanes.get_mut(conversation)
    }

    fn change(&mut self, send_id: SendId, change: impl FnOnce(&mut Pending)) {
        if let Some(lane) = self.lane_of(send_id) {
            if let Some(pending) = lane.find(send_id) {
                change(pending);
            }
            lane.show();
        }
    }
}

#[cfg(test)]
mod tests;
