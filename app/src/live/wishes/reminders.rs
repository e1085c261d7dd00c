//! Reminders, as the user has last wished.

use client::{Client, Input};
use leptos::prelude::*;
use protocol::{ErrorCode, Reminder, SavedPlace, Timestamp};

use crate::live::Live;

/// What has last become of reminders.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReminderNews {
    /// The reminders, the earliest first.
    pub list: Vec<Reminder>,
    /// How many of them the server does not know yet, or knows otherwise.
    pub waiting: usize,
    /// Whether these are all of them.
    pub complete: bool,
    /// Why the last one that was to be set was not.
    pub refused: Option<ErrorCode>,
}

impl ReminderNews {
    pub(in crate::live) fn of(client: &Client) -> Self {
        Self {
            list: client.reminders(),
            waiting: client.reminders_waiting(),
            complete: client.knows_reminders(),
            refused: client.not_reminded(),
        }
    }

    /// The reminder of a message.
    #[must_use]
    pub fn of_place(&self, place: SavedPlace) -> Option<Reminder> {
        self.list.iter().find(|it| it.place == place).copied()
    }
}

impl Live {
    /// Sets a reminder, gives it another time, or puts it aside; shows at once.
    pub fn remind(&self, place: SavedPlace, at: Option<Timestamp>) {
        self.post(Input::Remind { place, at });
    }

    /// What has last become of reminders.
    #[must_use]
    pub fn reminder_news(&self) -> Signal<ReminderNews> {
        self.signals.reminders.into()
    }
}
