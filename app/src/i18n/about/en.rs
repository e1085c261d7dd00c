//! English.

use super::{AboutTexts, Locale, Plural};

pub(super) static TEXTS: AboutTexts = AboutTexts {
    locale: Locale::En,
    seen_by: "Seen by",
    nobody_seen: "Nobody has seen it yet.",
    all_seen: "Everybody has seen it.",
    nobody_reacted: "There are no reactions any more.",
    history: "Edit history",
    now: "Now",
    failed: "This could not be loaded.",
    message_gone: "The message was deleted.",
    seen_count: Plural {
        one: "Seen by {count} person",
        other: "Seen by {count} people",
    },
    waiting_count: Plural {
        one: "Not seen yet by {count} person",
        other: "Not seen yet by {count} people",
    },
};
