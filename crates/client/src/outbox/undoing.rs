//! What need not, or cannot, be written any more.

use protocol::{ConversationId, ErrorCode, Intent, SendId};

use super::Outbox;
use super::lane::Phase;
use crate::intent;

/// What becomes of a conversation's entries when the account is not in it any more.
#[derive(Debug, Default)]
pub(crate) struct Gone {
    /// Removed: they are stored, or this is what they asked for.
    pub(crate) over: Vec<SendId>,
    /// Refused, as the server would.
    pub(crate) failed: Vec<SendId>,
}

impl Outbox {
    /// Whether nobody but this tab can know of an entry, or the server has refused it: it can be
    /// taken back as if it had never been. `None` if it does not wait.
    pub(crate) fn can_be_taken_back(&self, send_id: SendId) -> Option<bool> {
        let lane = self.lanes.get(self.places.get(&send_id)?)?;
        let mut entries = lane.entries.iter();
        let pending = entries.find(|pending| pending.entry.send_id == send_id)?;
        Some(!pending.transmitted || matches!(pending.phase, Phase::Refused(_)))
    }

    /// Entries that were never transmitted and that an intent makes needless.
    pub(crate) fn undone_by(&self, conversation: ConversationId, later: &Intent) -> Vec<SendId> {
        let lane = self.lanes.get(&conversation);
        lane.into_iter()
            .flat_map(|lane| &lane.entries)
            .filter(|it| !it.transmitted && intent::undoes(later, &it.entry.intent))
            .map(|it| it.entry.send_id)
            .collect()
    }

    /// The account is not in a conversation any more: nothing that waits for it will be taken.
    pub(crate) fn gone(&mut self, conversation: ConversationId) -> Gone {
        let mut gone = Gone::default();
        let Some(lane) = self.lanes.get_mut(&conversation) else {
            return gone;
        };
        lane.progress();
        for pending in &mut lane.entries {
            let is_stored = matches!(pending.phase, Phase::Stored(_));
            let is_out = matches!(pending.entry.intent, Intent::Leave | Intent::Dissolve);
            if is_stored || is_out {
                gone.over.push(pending.entry.send_id);
            } else if !matches!(pending.phase, Phase::Refused(_)) {
                pending.phase = Phase::Refused(ErrorCode::NotFound);
                gone.failed.push(pending.entry.send_id);
            }
        }
        lane.show();
        for send_id in &gone.over {
            self.remove(*send_id);
        }
        gone
    }
}
