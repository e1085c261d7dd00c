//! How far the others have read, and their devices are: their cursors may have moved without a message, or may not be
//! shown any more.

use bytes::Bytes;
use protocol::limits::SUMMARY_MEMBERS;
use protocol::{ConversationId, Seq, ServerFrame};

use super::Resume;
use crate::conversation_state::Log;
use crate::cursors::delivered;
use crate::hub::{Room, Showing};
use crate::privacy::hidden_cursor;

/// Other members up to whom a resume says how far each has read. In larger conversations the
/// list of members says it.
pub(super) const READERS: usize = 15;

impl Resume<'_> {
    /// What is to be said of the others. Of those who hide it, that they do: this client may hold
    /// what was shown before.
    pub(super) fn readers(&self, log: &Log, conversation: ConversationId) -> Vec<Bytes> {
        let hidden = self.hidden_readers(log, conversation);
        if log.members.len() > READERS + 1 {
            return hidden.collect();
        }
        let others = log.members.iter().filter(|other| {
            let showing = self.engine.showing_cursor(&self.viewer, log, other.user);
            other.user != self.line.user && showing == Showing::Shown
        });
        let with_devices = others.clone().filter_map(|other| {
            let seq = other.shown_delivered()?;
            Some(self.encode(&delivered(conversation, other.user, seq)))
        });
        let seen = others
            .filter(|other| other.shown_read() > Seq::ZERO)
            .map(|other| {
                self.encode(&ServerFrame::Seen {
                    conversation,
                    user: other.user,
                    seq: other.shown_read(),
                })
            });
        seen.chain(with_devices).chain(hidden).collect()
    }

    /// Of whom it is said that they hide it.
    fn hidden_readers(
        &self,
        log: &Log,
        conversation: ConversationId,
    ) -> impl Iterator<Item = Bytes> {
        let hidden = log.members.iter().filter(|other| {
            let showing = self.engine.showing_cursor(&self.viewer, log, other.user);
            showing == Showing::Hidden
        });
        hidden.map(move |other| self.encode(&hidden_cursor(conversation, other.user)))
    }

    /// How many those are.
    pub(super) fn hidden(&self, room: &Room) -> usize {
        if room.members.len() > SUMMARY_MEMBERS {
            return 0;
        }
        let hides = |user| self.engine.showing_reading(&self.viewer, user) == Showing::Hidden;
        room.members.iter().filter(|user| hides(**user)).count()
    }
}
