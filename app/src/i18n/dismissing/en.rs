//! English.

use super::{DismissingTexts, Locale, Plural};

pub(super) static TEXTS: DismissingTexts = DismissingTexts {
    locale: Locale::En,
    for_me: "Delete for me",
    ask_text: "“For me” takes nothing from the others.",
    message: "You deleted this message for yourself.",
    full: "You have deleted too many single messages here. Clear the conversation first.",
    not_deleted: "It was not deleted for you. {reason}",
    clear: "Clear conversation",
    ask_clear: "Clear this conversation?",
    clear_text: "Everything in it up to now is deleted for you, on all your devices. The others keep it. This cannot be undone.",
    clear_now: "Clear for me",
    cleared: "Conversation cleared for you",
    done: Plural {
        one: "{count} message deleted for you",
        other: "{count} messages deleted for you",
    },
};
