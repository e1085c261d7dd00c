//! English.

use super::{Locale, Plural, SavedTexts};

pub(super) static TEXTS: SavedTexts = SavedTexts {
    locale: Locale::En,
    title: "Saved messages",
    save: "Save",
    saved: "Saved",
    remove: "Remove from saved",
    removed: "Removed from saved messages",
    removed_row: "Removed.",
    undo: "Undo",
    hint: "Only you see what you save.",
    empty: "You have saved nothing yet",
    empty_hint: "Choose “Save” in the menu of a message, and you find it here again.",
    unreadable: "You cannot read this message any more.",
    more: "Show more",
    loading_more: "Loading more…",
    failed: "Saved messages could not be loaded.",
    offline: "You are offline. Saved messages are shown when there is a connection.",
    remove_named: "Remove from saved: {text}",
    list: "Saved messages, the one saved last first",
    now_saved: "Saved. You find it under “Saved messages”.",
    full: "There is no room for more saved messages. Remove some first.",
    not_saved: "The message could not be saved. {reason}",
    count: Plural {
        one: "{count} message",
        other: "{count} messages",
    },
};
