//! हिन्दी

use super::{Locale, Plural, ThreadTexts};

pub(super) static TEXTS: ThreadTexts = ThreadTexts {
    locale: Locale::Hi,
    title: "थ्रेड",
    answer: "इस थ्रेड में जवाब दें",
    new: "नया",
    open_thread: "थ्रेड खोलें",
    no_answers: "अभी तक किसी ने जवाब नहीं दिया।",
    before_joining: "जिस संदेश की बात है, वह आपके आने से पहले लिखा गया था।",
    failed: "थ्रेड लोड नहीं हो सका।",
    more: "पहले के जवाब दिखाएँ",
    loading_more: "पहले के जवाब लोड हो रहे हैं…",
    answers: Plural {
        one: "{count} जवाब",
        other: "{count} जवाब",
    },
    new_answers: Plural {
        one: "{count} नया",
        other: "{count} नए",
    },
};
