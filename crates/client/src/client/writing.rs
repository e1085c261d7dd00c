//! Writing messages.

use protocol::{ConversationId, MessageBody, SendId, Timestamp};

use super::Client;
use crate::{Change, Draft, Effect};

/// Longest draft that is kept, in bytes. A message is at most half as long.
const DRAFT_BYTES: usize = 2 * protocol::limits::MESSAGE_BYTES;

impl Client {
    pub(super) fn write(
        &mut self,
        id: ConversationId,
        text: MessageBody,
        send_id: SendId,
        now: Timestamp,
    ) {
        let after = self
            .known(id)
            .map_or(protocol::Seq::ZERO, |it| it.known.max(it.timeline.last()));
        match self.outbox.write(id, send_id, text, after, now) {
            Ok(entry) => {
                self.effect(Effect::SaveOutbox(entry));
                self.clear_divider(id);
                self.composing(id, false, now);
                self.rows_changed(id);
                self.list_changed(id);
            }
            Err(crate::outbox::Full) => self.change(Change::SendRefused { send_id }),
        }
    }

    pub(super) fn retry(&mut self, send_id: SendId) {
        if let Some(conversation) = self.outbox.retry(send_id) {
            self.rows_changed(conversation);
            self.list_changed(conversation);
        }
    }

    pub(super) fn discard(&mut self, send_id: SendId) {
        if let Some(conversation) = self.outbox.remove(send_id) {
            self.effect(Effect::ForgetOutbox(send_id));
            self.rows_changed(conversation);
            self.list_changed(conversation);
        }
    }

    pub(super) fn draft(&mut self, id: ConversationId, draft: Option<Draft>) {
        let draft = draft.filter(|it| !it.text.is_empty() && it.text.len() <= DRAFT_BYTES);
        let Some(it) = self.known(id) else {
            return;
        };
        if it.draft == draft {
            return;
        }
        it.draft.clone_from(&draft);
        self.effect(Effect::SaveDraft {
            conversation: id,
            draft,
        });
        self.change(Change::List(id));
    }
}
