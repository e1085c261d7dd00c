//! English.

use super::{ForwardingTexts, Locale, Plural};

pub(super) static TEXTS: ForwardingTexts = ForwardingTexts {
    locale: Locale::En,
    forward: "Forward",
    forwarded: "Forwarded",
    find: "Find a conversation",
    none_found: "No conversation is called like that.",
    at_most: "At most {count} conversations at once.",
    refused: "Not everything was forwarded: too many messages are waiting.",
    chosen: Plural {
        one: "{count} conversation chosen",
        other: "{count} conversations chosen",
    },
    forwarded_to: Plural {
        one: "Forwarded to {count} conversation",
        other: "Forwarded to {count} conversations",
    },
};
