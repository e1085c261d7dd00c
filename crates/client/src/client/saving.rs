//! Messages that the user saves to look at again; and how what is wished reaches the server.

use protocol::{ConversationId, ErrorCode, SavedPlace, Seq, ServerFrame, Timestamp};

use super::Client;
use crate::{Change, Effect, SavedWish};

impl Client {
    /// A message is to be saved, or no longer. It shows at once, and is told to the server until
    /// that has answered.
    pub(super) fn save(&mut self, place: SavedPlace, on: bool) {
        if self.saved.contains(place) == on {
            return;
        }
        self.saved.refused = None;
        self.saved.wishes.wish(place, on);
        self.effect(Effect::SaveWish(SavedWish { place, on }));
        self.saved_changed(place);
    }

    /// The server says what is the account's own matter.
    pub(super) fn own_there(&mut self, frame: ServerFrame) {
        match frame {
            ServerFrame::Saved { request, place, on } => self.saved_there(request, place, on),
            ServerFrame::AllSaved { places } => self.saved.named(places),
            ServerFrame::Dismissed {
                request,
                conversation,
                dismissed,
            } => self.dismissed_there(request, conversation, dismissed),
            drafts @ (ServerFrame::DraftKept { .. }
            | ServerFrame::Draft { .. }
            | ServerFrame::DraftUnavailable { .. }) => self.drafts_there(drafts),
            ServerFrame::Folder {
                request,
                folder,
                name,
            } => self.folder_there(request, folder, name),
            ServerFrame::Folders { folders } => self.folders.named(folders),
            ServerFrame::ThreadsSeen { request, threads } => self.threads_there(request, &threads),
            reminders => self.reminders_there(reminders),
        }
    }

    /// The server says whether a message is saved.
    fn saved_there(&mut self, request: Option<u32>, place: SavedPlace, on: bool) {
        if let Some(place) = request.and_then(|it| self.saved.wishes.answered(it)) {
            self.effect(Effect::ForgetWish(place));
        }
        self.saved.tell(place, on);
        self.saved_changed(place);
    }

    /// A resume has named all that are saved.
    pub(super) fn saved_resumed(&mut self) {
        for place in self.saved.told.resumed() {
            self.saved_changed(place);
        }
    }

    /// A wish was refused for good: what the server says is so.
    pub(super) fn save_refused(&mut self, place: SavedPlace, code: ErrorCode) {
        self.saved.refused = Some(code);
        self.effect(Effect::ForgetWish(place));
        self.saved_changed(place);
    }

    fn saved_changed(&mut self, place: SavedPlace) {
        self.change(Change::Saved);
        if self.conversations.contains_key(&place.conversation) {
            self.rows_changed(place.conversation);
        }
    }

    /// Sends what is wished and waits.
    pub(super) fn tell_wishes(&mut self, now: Timestamp) {
        let mut frames = self.folders.frames(now, || self.fetches.number());
        frames.extend(self.arrangements.frames(now, || self.fetches.number()));
        frames.extend(self.saved.frames(now, || self.fetches.number()));
        frames.extend(self.reminders.frames(now, || self.fetches.number()));
        frames.extend(self.dismissals.frames(now, || self.fetches.number()));
        frames.extend(self.thread_frames(now));
        for frame in frames {
            self.transmit(frame);
        }
    }

    /// When something is to be done for it next.
    pub(super) fn wish_deadline(&self) -> Option<Timestamp> {
        let wishes = [
            self.arrangements.deadline(),
            self.saved.wishes.deadline(),
            self.reminders.wishes.deadline(),
            self.dismissals.wishes.deadline(),
            self.drafts.deadline(),
            self.folders.wishes.deadline(),
            self.seen_threads.deadline(),
        ];
        wishes.into_iter().flatten().min()
    }

    /// Why a message could not be saved; each refusal is told once.
    #[must_use]
    pub const fn take_not_saved(&mut self) -> Option<ErrorCode> {
        self.saved.refused.take()
    }

    /// Whether a message is saved, as the user has last wished.
    #[must_use]
    pub fn is_saved(&self, conversation: ConversationId, seq: Seq) -> bool {
        self.saved.contains(SavedPlace { conversation, seq })
    }

    /// The same, where it is known: before the first resume little is.
    #[must_use]
    pub fn saved_state(&self, place: SavedPlace) -> Option<bool> {
        self.saved.state(place)
    }

    /// The message that the server has last said to be saved.
    #[must_use]
    pub const fn newest_saved(&self) -> Option<SavedPlace> {
        self.saved.newest
    }
}
