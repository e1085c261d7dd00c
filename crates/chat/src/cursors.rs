//! Read cursors on their way to the store. They are saved some time later and many at once:
//! one that is lost shows something as unread that was read, which harms nobody.

use std::sync::Arc;

use protocol::permission::Action;
use protocol::{ConversationId, Seq, ServerFrame, UserId};

use crate::ChatError;
use crate::conversation_state::Log;
use crate::engine::{Engine, guarded};
use crate::store::ReadCursor;

/// Cursors saved in one transaction.
const BATCH: usize = 1_000;

impl Engine {
    /// Moves somebody's cursor forward and tells their connections, under the conversation's
    /// lock, so that the count they are told fits the messages they were given.
    pub(crate) async fn mark_read(
        self: &Arc<Self>,
        user: UserId,
        conversation: ConversationId,
        seq: Seq,
    ) -> Result<(), ChatError> {
        let mut moved = false;
        self.with(conversation, |log, _| {
            log.permit(user, Action::MarkRead)?;
            if log.read(user, seq) {
                moved = true;
                let to = log.member(user).map_or(seq, |member| member.read_seq);
                self.note_cursor(conversation, user, to);
            }
            if moved {
                let unread = log.unread(user)?;
                let seq = log.member(user).map_or(seq, |member| member.seen());
                let frame = ServerFrame::Read {
                    conversation,
                    seq,
                    unread,
                };
                self.hub.tell(user, &frame);
                self.show_reading(log, (conversation, user), seq);
            }
            Ok(())
        })
        .await
    }

    /// Tells the others how far somebody has read.
    fn show_reading(&self, log: &Log, (conversation, user): (ConversationId, UserId), seq: Seq) {
        if !log.shows_reading() {
            return;
        }
        let others = log.members.iter().filter(|other| {
            let may_see = other.told && other.joined_after < seq;
            other.user != user && may_see
        });
        let mut others: Vec<_> = others.map(|other| other.user).collect();
        self.hub.apart.hide(user, &mut others);
        let frame = ServerFrame::Seen {
            conversation,
            user,
            seq,
        };
        self.hub.delivery().notices(&others, &frame);
    }

    pub(crate) fn note_cursor(&self, conversation: ConversationId, user: UserId, seq: Seq) {
        let mut cursors = self.cursors.lock();
        let noted = cursors.entry((conversation, user)).or_default();
        *noted = (*noted).max(seq);
    }

    /// Saves what was noted up to now. What cannot be saved stays noted.
    pub(crate) async fn save_cursors(&self) {
        let noted: Vec<_> = self
            .cursors
            .lock()
            .iter()
            .map(|(at, seq)| (*at, *seq))
            .collect();
        for batch in noted.chunks(BATCH) {
            let cursors: Vec<_> = batch
                .iter()
                .map(|&((conversation, user), seq)| ReadCursor {
                    conversation,
                    user,
                    seq,
                })
                .collect();
            if let Err(error) = guarded(self.store.save_read_cursors(&cursors)).await {
                tracing::warn!(%error, cursors = noted.len(), "read cursors are saved later");
                return;
            }
            let mut unsaved = self.cursors.lock();
            for (at, seq) in batch {
                if unsaved.get(at).is_some_and(|noted| noted <= seq) {
                    unsaved.remove(at);
                }
            }
        }
    }
}
