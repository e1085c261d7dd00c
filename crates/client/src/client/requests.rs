//! Message requests: what the user has asked of others, and others of them, with what waits on
//! this device.

use protocol::{ConversationId, ConversationSummary, ErrorCode, Request, Section, SendId};

use super::Client;

impl Client {
    /// Whether one of two in a conversation waits for the other to answer, as it will be when all
    /// is sent that waits here.
    #[must_use]
    pub fn request(&self, id: ConversationId) -> Option<Request> {
        self.asked_in(self.conversation(id)?)
    }

    pub(super) fn asked_in(&self, summary: &ConversationSummary) -> Option<Request> {
        let request = summary.request?;
        let mut waiting = self.outbox.contents(summary.id);
        waiting.try_fold(request, |request, content| {
            request.after(self.config.me, content)
        })
    }

    /// Where a conversation stands in the list, with everything that the user wishes. What somebody
    /// asks whom they block, nowhere.
    pub(super) fn section_of(&self, summary: &ConversationSummary) -> Section {
        let request = self.asked_in(summary);
        let is_blocked = |request: Request| self.people.blocked().contains(&request.by);
        if request.is_some_and(is_blocked) {
            return Section::Hidden;
        }
        summary.section_with(self.arranged(summary), request, self.server_now())
    }

    /// Whether a conversation asks the user for something that they have not answered.
    pub(super) fn is_request(&self, id: ConversationId) -> bool {
        let request = self.request(id);
        request.is_some_and(|request| request.is_to(self.config.me))
    }

    /// An entry was refused for good. What is accepted needs not be accepted again: nobody is
    /// told. Whether it is that.
    pub(super) fn was_answered(&mut self, send_id: SendId, code: ErrorCode) -> bool {
        let is_over = code == ErrorCode::Forbidden && self.outbox.accepts(send_id);
        if is_over {
            self.discard(send_id);
        }
        is_over
    }

    /// Somebody is blocked, or no longer: what they ask shows itself, or does not.
    pub(super) fn requests_changed(&mut self) {
        let all = self.conversations.values();
        let all = all.filter_map(|it| it.summary.as_ref());
        let asking = all.filter(|summary| summary.request.is_some());
        for id in asking.map(|it| it.id).collect::<Vec<_>>() {
            self.list_changed(id);
        }
    }
}
