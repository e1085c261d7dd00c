//! हिन्दी.

use super::{Locale, Plural, SavedTexts};

pub(super) static TEXTS: SavedTexts = SavedTexts {
    locale: Locale::Hi,
    title: "सहेजे गए संदेश",
    save: "सहेजें",
    saved: "सहेजा गया",
    remove: "सहेजे हुए से हटाएँ",
    removed: "सहेजे गए संदेशों से हटाया गया",
    removed_row: "हटाया गया।",
    undo: "पहले जैसा करें",
    hint: "आप जो सहेजते हैं, वह केवल आपको दिखता है।",
    empty: "आपने अभी कुछ नहीं सहेजा है",
    empty_hint: "संदेश के मेन्यू में “सहेजें” चुनें, और वह यहाँ फिर मिलेगा।",
    unreadable: "अब आप यह संदेश नहीं पढ़ सकते।",
    more: "और दिखाएँ",
    loading_more: "और लोड हो रहे हैं…",
    failed: "सहेजे गए संदेश लोड नहीं हो सके।",
    offline: "आप ऑफ़लाइन हैं। कनेक्शन होने पर सहेजे गए संदेश दिखेंगे।",
    remove_named: "सहेजे हुए से हटाएँ: {text}",
    list: "सहेजे गए संदेश, सबसे बाद में सहेजा गया पहले",
    now_saved: "सहेजा गया। यह “सहेजे गए संदेश” में मिलेगा।",
    full: "और संदेश सहेजने की जगह नहीं है। पहले कुछ हटाएँ।",
    not_saved: "संदेश सहेजा नहीं जा सका। {reason}",
    count: Plural {
        one: "{count} संदेश",
        other: "{count} संदेश",
    },
};
