//! Writing: messages, and everything else that is to be stored.

use protocol::{ClientFrame, Content, ConversationId, Emoji, Intent, SendId, Seq, Timestamp};

use super::Client;
use crate::{Amend, Change, Effect, Row, RowKey};

impl Client {
    /// Somebody begins to write, or stops.
    pub(super) fn composing(&mut self, id: ConversationId, active: bool, now: Timestamp) {
        if !self.session.is_live() {
            return;
        }
        for (conversation, active) in self.composer.composing(id, active, now) {
            self.transmit(ClientFrame::Typing {
                conversation,
                active,
            });
        }
    }

    pub(super) fn write(
        &mut self,
        id: ConversationId,
        intent: Intent,
        send_id: SendId,
        now: Timestamp,
    ) {
        for needless in self.outbox.undone_by(id, &intent) {
            self.discard(needless);
        }
        if self.is_so(id, &intent) {
            return;
        }
        let after = self
            .known(id)
            .map_or(Seq::ZERO, |it| it.known.max(it.timeline.last()));
        let is_text = matches!(intent, Intent::Text { .. });
        let is_message = is_text || matches!(intent, Intent::Poll { .. });
        let is_composed = is_text || matches!(intent, Intent::Edit { .. });
        let leads_to_end = is_message && !self.is_for_thread(id, &intent);
        match self.outbox.write(id, send_id, intent, after, now) {
            Ok(entry) => {
                self.effect(Effect::SaveOutbox(entry));
                if leads_to_end {
                    self.go_to_newest(id);
                    self.clear_divider(id);
                }
                if is_composed {
                    self.composing(id, false, now);
                }
                self.rows_changed(id);
                self.list_changed(id);
            }
            Err(crate::outbox::NotTaken) => self.change(Change::SendRefused { send_id }),
        }
    }

    /// Whether it is written in the thread on screen, which leaves the rest where it is.
    fn is_for_thread(&self, id: ConversationId, intent: &Intent) -> bool {
        let content = crate::intent::content(intent).ok().flatten();
        content.is_some_and(|content| self.answers_in_thread(id, &content))
    }

    /// Whether there is nothing to do: what waits already leads to this.
    fn is_so(&self, id: ConversationId, intent: &Intent) -> bool {
        let row_to_be = |target: Seq| {
            let mut row = self.conversations.get(&id)?.entry(target)?.clone();
            self.outbox.apply(id, &mut row);
            row.content.is_said().then_some(row)
        };
        let to_be = |target| row_to_be(target).map(|row| row.marks);
        match intent {
            Intent::Vote { target, choices } => row_to_be(*target).is_some_and(|row| {
                let me = self.config.me;
                matches!(row.content, Content::Poll(poll) if poll.ballot(me).unwrap_or_default() == *choices)
            }),
            Intent::React { target, emoji, on } => to_be(*target)
                .zip(Emoji::parse(emoji).ok())
                .is_some_and(|(marks, emoji)| marks.has_reacted(self.config.me, &emoji) == *on),
            Intent::Pin { target, on } => to_be(*target).is_some_and(|marks| marks.pinned == *on),
            _ => false,
        }
    }

    /// How the words of a message can be changed now.
    ///
    /// An edit names a place, so it is offered for messages that have one. What was never
    /// transmitted is taken back instead. In between, while the server has not answered, there is
    /// neither: whichever was done, the other copy might stand.
    #[must_use]
    pub fn amend(&self, id: ConversationId, key: RowKey) -> Amend {
        if key.author != self.config.me {
            return Amend::No;
        }
        match self.outbox.can_be_taken_back(key.send_id) {
            Some(true) => return Amend::TakeBack,
            Some(false) => return Amend::No,
            None => {}
        }
        let is_text = |row: &&Row| row.key == key && matches!(row.content, Content::Text(_));
        let shown = || self.shown(id).filter(is_text).last();
        let row = self.stored_rows(id).rfind(is_text).or_else(shown);
        row.and_then(|row| row.seq).map_or(Amend::No, Amend::Edit)
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

    /// Finds sends that got no answer for too long.
    pub(super) fn expire(&mut self, now: Timestamp) {
        for (conversation, send_id) in self.outbox.expire(now) {
            self.rows_changed(conversation);
            self.list_changed(conversation);
            self.work.announcements.push(Change::SendFailed {
                conversation,
                send_id,
            });
        }
    }
}
