//! What is wished and shows at once: how conversations are arranged, which messages are saved.

mod folders;
mod reminders;

use client::Input;
use leptos::prelude::*;
use protocol::{Arrangement, ConversationId, Dismissal, ErrorCode, SavedPlace};

use super::Live;
use super::core::Core;
pub use folders::FolderNews;
pub use reminders::ReminderNews;

/// What has last become of saved messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SavedNews {
    /// Tells two apart that are equal otherwise.
    pub number: u64,
    /// The message that the server has last said to be saved.
    pub newest: Option<SavedPlace>,
}

/// A wish that was refused for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// Tells two apart that have the same reason.
    pub number: u64,
    /// Why.
    pub code: ErrorCode,
}

impl Refusal {
    /// The one after another.
    pub(super) fn next(before: Option<Self>, code: ErrorCode) -> Self {
        let number = before.map_or(1, |before| before.number + 1);
        Self { number, code }
    }
}

impl Live {
    /// Arranges a conversation for the user; shows at once.
    pub fn arrange(&self, conversation: ConversationId, change: Arrangement) {
        self.post(Input::Arrange {
            conversation,
            change,
        });
    }

    /// Saves a message, or no longer; shows at once.
    pub fn save(&self, place: SavedPlace, on: bool) {
        self.post(Input::Save { place, on });
    }

    /// Deletes something for the user alone, or shows it again; shows at once.
    pub fn dismiss(&self, place: SavedPlace, dismissal: Dismissal) {
        self.post(Input::Dismiss { place, dismissal });
    }

    /// The last refusal to delete something for the user. Each is another.
    #[must_use]
    pub fn not_dismissed(&self) -> Signal<Option<Refusal>> {
        self.signals.not_dismissed.into()
    }

    /// Whether something is deleted for the user, as they have last wished.
    #[must_use]
    pub fn is_dismissed(&self, place: SavedPlace) -> bool {
        let asked = |core: &Core| core.client().is_dismissed(place);
        self.core.try_with_value(asked).unwrap_or_default()
    }

    /// The last refusal to save a message. Each is another.
    #[must_use]
    pub fn not_saved(&self) -> Signal<Option<Refusal>> {
        self.signals.not_saved.into()
    }

    /// What has last become of saved messages.
    #[must_use]
    pub fn saved_news(&self) -> Signal<SavedNews> {
        self.signals.saved.into()
    }

    /// Whether a message is saved, as the user has last wished, where it is known.
    #[must_use]
    pub fn saved_state(&self, place: SavedPlace) -> Option<bool> {
        self.core
            .try_with_value(|core| core.client().saved_state(place))
            .flatten()
    }
}
