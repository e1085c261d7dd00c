//! Telling the server what this device has, in conversations of two: once a second at most, and
//! nothing of what was looked at meanwhile.

use std::collections::BTreeSet;

use protocol::{ClientFrame, ConversationId, Seq, Timestamp};

use super::Client;

/// How long what has come waits for more, or for being looked at.
const PAUSE_MS: u64 = 1_000;

/// Where there is something to be told.
#[derive(Debug, Default)]
pub(super) struct Receipts {
    due: BTreeSet<ConversationId>,
    /// When it is told.
    pub(super) at: Option<Timestamp>,
}

impl Client {
    /// Whatever was told may not have arrived.
    pub(super) fn doubt_receipts(&mut self) {
        for it in self.conversations.values_mut() {
            it.confirmed_received = Seq::ZERO;
        }
        self.receipts.due = self.conversations.keys().copied().collect();
    }

    /// Takes note of what has come in this step, and tells what has waited long enough.
    pub(super) fn tell_received(&mut self, now: Timestamp) {
        let me = self.config.me;
        self.receipts.due.extend(&self.work.conversations);
        let conversations = &self.conversations;
        self.receipts.due.retain(|id| {
            let it = conversations.get(id);
            it.is_some_and(|it| it.to_confirm(me).is_some())
        });
        if self.receipts.due.is_empty() {
            self.receipts.at = None;
            return;
        }
        let at = *self.receipts.at.get_or_insert(now.plus_millis(PAUSE_MS));
        if at > now {
            return;
        }
        self.receipts.at = None;
        for conversation in std::mem::take(&mut self.receipts.due) {
            let Some(it) = self.conversations.get_mut(&conversation) else {
                continue;
            };
            if let Some(seq) = it.to_confirm(me) {
                it.confirmed_received = seq;
                self.transmit(ClientFrame::Received { conversation, seq });
            }
        }
    }
}
