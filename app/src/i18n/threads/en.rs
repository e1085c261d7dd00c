//! English.

use super::{Locale, Plural, ThreadTexts};

pub(super) static TEXTS: ThreadTexts = ThreadTexts {
    locale: Locale::En,
    title: "Thread",
    answer: "Answer in this thread",
    new: "New",
    open_thread: "Open thread",
    no_answers: "Nobody has answered yet.",
    before_joining: "The message that this is about was written before you came.",
    failed: "The thread could not be loaded.",
    more: "Show earlier answers",
    loading_more: "Loading earlier answers…",
    answers: Plural {
        one: "{count} answer",
        other: "{count} answers",
    },
    new_answers: Plural {
        one: "{count} new",
        other: "{count} new",
    },
};
