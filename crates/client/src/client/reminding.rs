//! Reminders that the user sets, and that come.

use protocol::{ConversationId, ErrorCode, Reminder, SavedPlace, ServerFrame, Timestamp};

use super::Client;
use crate::{Change, Effect, ReminderWish};

impl Client {
    /// A reminder is to be set, moved or put aside. It shows at once, and is told to the server
    /// until that has answered.
    pub(super) fn remind(&mut self, place: SavedPlace, at: Option<Timestamp>) {
        let remind_at = at;
        let before = self.reminders.get(place);
        let is_so = before.map(|before| before.at) == at;
        // One that has come is put aside, or waits for another time.
        if is_so {
            return;
        }
        self.reminders.refused = None;
        self.reminders.wishes.wish(place, at);
        self.effect(Effect::SaveReminder(ReminderWish { place, remind_at }));
        self.change(Change::Reminders);
    }

    /// The server says what one reminder is, or which there are.
    pub(super) fn reminders_there(&mut self, frame: ServerFrame) {
        match frame {
            ServerFrame::Reminder {
                request,
                place,
                reminder,
            } => self.reminder_there(request, place, reminder),
            ServerFrame::Reminders { reminders } => self.reminders.named(reminders),
            _ => {}
        }
    }

    fn reminder_there(
        &mut self,
        request: Option<u32>,
        place: SavedPlace,
        reminder: Option<Reminder>,
    ) {
        if let Some(place) = request.and_then(|it| self.reminders.wishes.answered(it)) {
            self.effect(Effect::ForgetReminder(place));
        }
        self.reminders.told.tell(place, reminder);
        self.change(Change::Reminders);
    }

    /// A resume has named all there are.
    pub(super) fn reminders_resumed(&mut self) {
        if self.reminders.resumed() {
            self.change(Change::Reminders);
        }
    }

    /// A wish was refused for good: what the server says is so.
    pub(super) fn reminder_refused(&mut self, place: SavedPlace, code: ErrorCode) {
        self.reminders.refused = Some(code);
        self.effect(Effect::ForgetReminder(place));
        self.change(Change::Reminders);
    }

    /// The account is not in a conversation any more.
    pub(super) fn reminders_gone(&mut self, id: ConversationId) {
        for place in self.reminders.leave(id) {
            self.effect(Effect::ForgetReminder(place));
        }
        self.change(Change::Reminders);
    }

    /// Why a reminder could not be set, until another is.
    #[must_use]
    pub const fn not_reminded(&self) -> Option<ErrorCode> {
        self.reminders.refused
    }

    /// How many of what was wished of reminders the server has not answered for.
    #[must_use]
    pub fn reminders_waiting(&self) -> usize {
        self.reminders.wishes.len()
    }

    /// Whether all reminders are known: before the first resume they are not.
    #[must_use]
    pub const fn knows_reminders(&self) -> bool {
        self.reminders.told.is_complete()
    }

    /// All reminders, the earliest first, as the user has last wished.
    #[must_use]
    pub fn reminders(&self) -> Vec<Reminder> {
        let mut all = self.reminders.all();
        all.retain(|reminder| !self.is_dismissed(reminder.place));
        all
    }
}
