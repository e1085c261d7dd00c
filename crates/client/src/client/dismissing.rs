//! What the user deletes for themselves alone. It leaves the screen and the device's storage at
//! once, and is told to the server until that has answered.

use protocol::{
    Content, ConversationId, Dismissal, Dismissed, ErrorCode, HistoryPage, Message, SavedPlace,
};

use super::Client;
use crate::conversation::Conversation;
use crate::fetch::Request;
use crate::{Change, DismissalWish, Effect, Row};

impl Conversation {
    /// This is dismissed from now on, and nothing else; `back` is shown again as it was. Returns
    /// what is to be stored.
    pub(super) fn dismiss(&mut self, dismissed: &Dismissed, back: &[Message]) -> Vec<Message> {
        let mut changed = self.timeline.dismiss(dismissed);
        changed.extend(self.timeline.put_back(back));
        self.window.dismiss(dismissed, back);
        if let Some(thread) = &mut self.thread {
            thread.dismiss(dismissed);
        }
        self.show_last();
        changed
    }

    /// Lets the list show the newest entry that is not dismissed, as far as it is held. Where all
    /// are, it stands where the newest of them puts it, on every device alike.
    pub(crate) fn show_last(&mut self) {
        let dismissed = self.timeline.dismissed();
        let newest = self.timeline.rows().next_back();
        let newest_said = self.timeline.entries().rev().find(|row| !row.is_change());
        let Some(last) = self
            .summary
            .as_mut()
            .and_then(|it| it.last_message.as_mut())
        else {
            return;
        };
        let is_gone = last.dismiss(dismissed) || last.content == Content::Dismissed;
        let is_newer = |row: &&Row| row.seq > Some(last.seq);
        let silent = newest_said.filter(|row| is_gone && is_newer(row));
        let better = newest.filter(|row| is_gone || is_newer(row)).or(silent);
        if let Some(better) = better.and_then(|row| row.entry(self.id)) {
            *last = better;
        }
    }

    /// What says nothing here although the server says that it is not dismissed any more is to be
    /// read again; whether there is any.
    fn doubt_shown(&mut self, told: &Dismissed) -> bool {
        let in_window = self.window.doubt_shown(told);
        self.timeline.doubt_shown(told) || in_window
    }
}

impl Client {
    /// Something is to be deleted for the user alone, or shown again.
    pub(super) fn dismiss(&mut self, place: SavedPlace, dismissal: Dismissal) {
        let SavedPlace { conversation, seq } = place;
        match self.dismissals.of(conversation).apply(seq, dismissal) {
            Ok(true) => {}
            Ok(false) => return,
            Err(code) => return self.not_dismissing(code),
        }
        let original = || self.conversations.get(&conversation)?.entry(seq);
        let original = original().and_then(|row| row.entry(conversation));
        if let (Some(original), Dismissal::This) = (original, dismissal) {
            self.dismissals.keep(original);
        }
        self.dismissals.refused = None;
        self.dismissals.wishes.wish(place, dismissal);
        self.effect(Effect::SaveDismissal(DismissalWish { place, dismissal }));
        self.dismissed_changed(conversation);
    }

    /// The server says what the account has dismissed in a conversation.
    pub(super) fn dismissed_there(
        &mut self,
        request: Option<u32>,
        id: ConversationId,
        dismissed: Dismissed,
    ) {
        if let Some(place) = request.and_then(|it| self.dismissals.wishes.answered(it)) {
            self.effect(Effect::ForgetDismissal(place));
        }
        self.dismissals.tell(id, dismissed);
        self.dismissed_changed(id);
        // What another device has shown again is not held here.
        if let Some(it) = self.conversations.get_mut(&id)
            && it.doubt_shown(self.dismissals.told(id))
        {
            self.fetches.want(id);
        }
    }

    /// A wish was refused for good: what the server says is so.
    pub(super) fn dismissal_refused(&mut self, place: SavedPlace, code: ErrorCode) {
        self.effect(Effect::ForgetDismissal(place));
        self.dismissed_changed(place.conversation);
        if let Some(it) = self.conversations.get_mut(&place.conversation)
            && it.doubt_shown(self.dismissals.told(place.conversation))
        {
            self.fetches.want(place.conversation);
        }
        self.not_dismissing(code);
    }

    fn not_dismissing(&mut self, code: ErrorCode) {
        self.dismissals.refused = Some(code);
        self.change(Change::Dismissals);
    }

    /// The account is not in a conversation any more.
    pub(super) fn dismissals_gone(&mut self, id: ConversationId) {
        for place in self.dismissals.leave(id) {
            self.effect(Effect::ForgetDismissal(place));
        }
    }

    /// Brings all that is held of a conversation up to what is dismissed of it.
    pub(super) fn dismissed_changed(&mut self, id: ConversationId) {
        let dismissed = self.dismissals.of(id);
        let Some(it) = self.conversations.get_mut(&id) else {
            return;
        };
        if *it.timeline.dismissed() == dismissed {
            return;
        }
        let up_to = dismissed.up_to();
        let is_cleared = up_to > it.timeline.dismissed().up_to();
        let back = self.dismissals.give_back(id, &dismissed);
        let changed = it.dismiss(&dismissed, &back);
        it.recount();
        self.work.messages.entry(id).or_default().extend(changed);
        if is_cleared {
            // An earlier page may have stored more than is held.
            let conversation = id;
            self.effect(Effect::ForgetMessages {
                conversation,
                up_to,
            });
        }
        self.change(Change::Dismissals);
        self.change(Change::Reminders);
        self.rows_changed(id);
        self.list_changed(id);
    }

    /// What is not dismissed any more was read again.
    pub(super) fn shown_again(&mut self, request: Request, page: HistoryPage) {
        let id = request.conversation;
        let Some(it) = self.conversations.get_mut(&id) else {
            return;
        };
        it.patience.succeeded();
        it.timeline.read_again(request.to);
        let changed = it.timeline.renew(page.messages);
        it.show_last();
        it.recount();
        for entry in &changed {
            self.names.want_all_of(entry);
        }
        self.work.messages.entry(id).or_default().extend(changed);
        self.fetches.want(id);
        self.rows_changed(id);
        self.list_changed(id);
    }

    /// Whether a message is deleted for the user, as they have last wished.
    #[must_use]
    pub fn is_dismissed(&self, place: SavedPlace) -> bool {
        let held = self.conversations.get(&place.conversation);
        let told = || self.dismissals.told(place.conversation);
        held.map_or_else(told, |it| it.timeline.dismissed())
            .contains(place.seq)
    }

    /// Why something could not be deleted for the user; each refusal is told once.
    #[must_use]
    pub const fn take_not_dismissed(&mut self) -> Option<ErrorCode> {
        self.dismissals.refused.take()
    }
}
