//! How the user has arranged conversations: muted, archived, favourites, marked as unread.

use protocol::{
    Arrangement, ConversationId, ConversationSummary, PreferenceField, Preferences, Timestamp,
};

use super::Client;
use crate::{Change, Effect, SavedArrangement};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// The server's clock as this device knows it.
#[derive(Debug, Default)]
pub(super) struct ServerClock {
    /// How far this device's clock is behind it.
    ahead_ms: i64,
    /// Its time at the present step.
    now: Timestamp,
    /// When the next mute ends.
    mute_ends: Option<Timestamp>,
}

impl ServerClock {
    /// The server said what time it is.
    pub(super) fn told(&mut self, told: Timestamp, now: Timestamp) {
        self.ahead_ms = signed(told).saturating_sub(signed(now));
    }

    /// Its time at a moment of this device.
    pub(super) fn at(&self, now: Timestamp) -> Timestamp {
        moved(now, self.ahead_ms)
    }

    /// When this device has to look again; timers of browsers do not reach far.
    pub(super) fn deadline(&self, now: Timestamp) -> Option<Timestamp> {
        Some(self.reaches(self.mute_ends?, now))
    }

    /// When this device has to look again for something that is at a time of the server's.
    pub(super) fn reaches(&self, time: Timestamp, now: Timestamp) -> Timestamp {
        let here = moved(time, self.ahead_ms.saturating_neg());
        here.min(now.plus_millis(DAY_MS))
    }

    /// Its time at the present step.
    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }
}

fn signed(time: Timestamp) -> i64 {
    i64::try_from(time.millis()).unwrap_or(i64::MAX)
}

fn moved(time: Timestamp, by_ms: i64) -> Timestamp {
    let moved = signed(time).saturating_add(by_ms);
    Timestamp::from_millis(u64::try_from(moved).unwrap_or(0))
}

impl Client {
    /// What the user wants to be different. It shows at once, and is told to the server until
    /// that has answered.
    pub(super) fn arrange(&mut self, id: ConversationId, change: Arrangement) {
        let Some(summary) = self.conversation(id) else {
            return;
        };
        let shown = summary.shown_seq();
        let preferences = self.arranged(summary);
        if preferences.arranged(change, shown, self.server_clock.now) == preferences {
            return;
        }
        let saved = SavedArrangement {
            conversation: id,
            change,
        };
        self.arrangements.wish(saved.slot(), change);
        self.effect(Effect::SaveArrangement(saved));
        self.list_changed(id);
    }

    /// A conversation is looked at: it need not be marked for that any more.
    pub(super) fn unmark(&mut self, id: ConversationId) {
        self.arrange(id, Arrangement::MarkUnread(false));
    }

    /// The server says how a conversation is arranged.
    pub(super) fn arranged_there(
        &mut self,
        request: Option<u32>,
        id: ConversationId,
        preferences: Preferences,
    ) {
        if let Some(slot) = request.and_then(|it| self.arrangements.answered(it)) {
            self.forget_arrangement(slot);
        }
        let summary = self.conversations.get_mut(&id);
        if let Some(summary) = summary.and_then(|it| it.summary.as_mut()) {
            summary.preferences = preferences;
            self.list_changed(id);
        }
    }

    pub(super) fn forget_arrangement(&mut self, slot: (ConversationId, PreferenceField)) {
        self.effect(Effect::ForgetArrangement {
            conversation: slot.0,
            field: slot.1,
        });
        self.list_changed(slot.0);
    }

    /// The preferences of a conversation as all wishes will make them.
    pub(super) fn arranged(&self, summary: &ConversationSummary) -> Preferences {
        let at = (summary.shown_seq(), self.server_clock.now);
        self.arrangements.apply(summary.id, summary.preferences, at)
    }

    /// How a conversation is arranged, as the user has last wished.
    #[must_use]
    pub fn preferences(&self, id: ConversationId) -> Preferences {
        let summary = self.conversation(id);
        summary.map_or_else(Preferences::default, |it| self.arranged(it))
    }

    /// The time of the server's clock when something last happened.
    #[must_use]
    pub const fn server_now(&self) -> Timestamp {
        self.server_clock.now
    }

    /// The time of the server's clock at a moment of this device's.
    #[must_use]
    pub fn server_time(&self, now: Timestamp) -> Timestamp {
        self.server_clock.at(now)
    }

    /// Whether nothing is to be said of a conversation's messages.
    pub(super) fn is_silent(&self, id: ConversationId) -> bool {
        if self.is_request(id) {
            return true;
        }
        let preferences = self.preferences(id);
        let is_muted = preferences.is_muted(self.server_clock.now)
            && preferences.mute != protocol::Mute::ExceptMentions;
        is_muted || self.availability().is_quiet(self.server_clock.now)
    }

    /// The time has moved on; shows anew what was muted until then.
    pub(super) fn pass_time(&mut self, now: Timestamp) {
        let before = self.server_clock.now;
        let now = self.server_clock.at(now);
        self.server_clock.now = now;
        let is_over = self.server_clock.mute_ends.is_some_and(|end| end <= now);
        if is_over || now < before {
            let all = self.conversations.values();
            let all = all.filter_map(|it| it.summary.as_ref());
            let other = all.filter(|it| {
                let preferences = self.arranged(it);
                preferences.is_muted(before) != preferences.is_muted(now)
            });
            for id in other.map(|it| it.id).collect::<Vec<_>>() {
                self.change(Change::List(id));
            }
            self.watch_mutes();
        }
    }

    /// Finds out when the next mute ends, if the list has changed.
    pub(super) fn watch_mutes(&mut self) {
        let is_list = |change: &Change| matches!(change, Change::List(_));
        if !self.work.changes.iter().any(is_list) {
            return;
        }
        let now = self.server_clock.now;
        let all = self.conversations.values();
        let all = all.filter_map(|it| it.summary.as_ref());
        let ends = all.filter_map(|it| self.arranged(it).mute_ends(now));
        self.server_clock.mute_ends = ends.min();
    }
}
