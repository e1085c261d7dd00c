//! English.

use super::{Locale, MentionTexts, Plural};

pub(super) static TEXTS: MentionTexts = MentionTexts {
    locale: Locale::En,
    suggestions: "People to mention",
    everybody: "Everybody in the group",
    admins_only: "In a group as large as this only admins can mention everybody.",
    ask_all: "Mention everybody?",
    send_all: "Send",
    mentioned_you: "{name} mentioned you: {text}",
    mentioned_you_in: "{name} mentioned you in {conversation}",
    ask_all_text: Plural {
        one: "This will notify {count} person.",
        other: "This will notify {count} people.",
    },
    mentions: Plural {
        one: "{count} mention of you",
        other: "{count} mentions of you",
    },
    next: Plural {
        one: "{count} mention",
        other: "{count} mentions",
    },
};
