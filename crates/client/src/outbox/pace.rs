//! Slow mode: what it holds back, and until when.

use protocol::{ConversationId, Timestamp};

use super::Outbox;
use super::lane::{Pending, Phase};

impl Outbox {
    /// When the newest message of a conversation that waits was written, and until when slow
    /// mode holds it back, by this device's clock.
    pub(crate) fn pace(
        &self,
        conversation: ConversationId,
    ) -> (Option<Timestamp>, Option<Timestamp>) {
        let lane = self.lanes.get(&conversation);
        let rows = lane.into_iter().flat_map(|lane| &lane.entries);
        let sent_at = |pending: &Pending| pending.row.as_ref().map(|row| row.sent_at);
        let is_ours = |pending: &&Pending| !matches!(pending.phase, Phase::Refused(_));
        let written = rows.filter(is_ours).filter_map(sent_at).max();
        (written, lane.and_then(|lane| lane.slow_until))
    }

    /// What was told of the pace of a conversation does not hold any more. If it is still too
    /// soon, the server says so again.
    pub(crate) fn pace_changed(&mut self, conversation: ConversationId) {
        if let Some(lane) = self.lanes.get_mut(&conversation) {
            lane.slow_until = None;
        }
    }
}
