//! Telling the server how far the user has read.

use protocol::{ClientFrame, ConversationId, Seq, Timestamp};

use super::Client;
use crate::unread;

/// The shortest pause before read cursors are told again.
const PAUSE_MS: u64 = 1_000;

/// Read cursors that the server could not take.
#[derive(Debug, Default)]
pub(super) struct Cursors {
    /// When they are told again.
    pub(super) again_at: Option<Timestamp>,
    /// How often the server refused since the connection is live.
    refused: u32,
}

impl Client {
    pub(super) fn mark_read(&mut self, id: ConversationId, seq: Seq) {
        let Some(it) = self.conversations.get_mut(&id) else {
            return;
        };
        // What is around a place that was gone to says nothing of what stands between.
        if it.window.is_shown() {
            return;
        }
        let seq = seq.min(it.known);
        let Some(summary) = &mut it.summary else {
            return;
        };
        if !unread::mark(summary, seq) {
            return;
        }
        it.recount();
        self.list_changed(id);
        if self.session.is_live() {
            self.transmit(ClientFrame::MarkRead {
                conversation: id,
                seq,
            });
        }
    }

    /// The server says how far the user has read, perhaps on another device.
    pub(super) fn read_elsewhere(&mut self, id: ConversationId, seq: Seq, counts: (u32, u32)) {
        let Some(it) = self.conversations.get_mut(&id) else {
            return;
        };
        it.confirmed_read = seq;
        if let Some(summary) = &mut it.summary {
            unread::told(summary, seq, counts);
            it.recount();
            self.list_changed(id);
        }
    }

    /// Tells the server of every read cursor that it is not known to have.
    pub(super) fn tell_cursors(&mut self) {
        self.cursors.again_at = None;
        self.doubt_receipts();
        let cursors: Vec<_> = self
            .conversations
            .values()
            .filter(|it| it.read() > it.confirmed_read)
            .map(|it| (it.id, it.read()))
            .collect();
        for (conversation, seq) in cursors {
            self.transmit(ClientFrame::MarkRead { conversation, seq });
        }
    }

    /// The server could not do something just now. It does not say what; a read cursor is the
    /// one thing that nobody asks for again.
    pub(super) fn refused_for_now(&mut self, now: Timestamp) {
        if self.cursors.again_at.is_none() {
            let delay = self.backoff.delay(self.cursors.refused).max(PAUSE_MS);
            self.cursors.refused = self.cursors.refused.saturating_add(1);
            self.cursors.again_at = Some(now.plus_millis(delay));
        }
    }

    /// Tells them again when the pause is over.
    pub(super) fn tell_cursors_again(&mut self, now: Timestamp) {
        if self.cursors.again_at.is_some_and(|at| at <= now) {
            self.tell_cursors();
        }
    }
}
