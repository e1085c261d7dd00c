//! हिन्दी.

use super::{Locale, Plural, SelectingTexts};

pub(super) static TEXTS: SelectingTexts = SelectingTexts {
    locale: Locale::Hi,
    begin: "चुनें",
    leave: "चुनना बंद करें",
    region: "चुने गए संदेश",
    copy: "नाम और समय के साथ कॉपी करें",
    save: "सहेजें",
    selected: "चुना गया।",
    at_most: "एक साथ अधिकतम {count}।",
    not_deletable: "हटाना बंद है: आप इन सबको सभी के लिए नहीं हटा सकते।",
    too_many_forward: "आगे भेजना बंद है: एक साथ अधिकतम {count} संदेश।",
    ask_delete: "ये संदेश हटाएँ?",
    count: Plural {
        one: "{count} चुना गया",
        other: "{count} चुने गए",
    },
    copied: Plural {
        one: "{count} संदेश कॉपी हुआ",
        other: "{count} संदेश कॉपी हुए",
    },
    saved: Plural {
        one: "{count} संदेश सहेजा गया",
        other: "{count} संदेश सहेजे गए",
    },
    ask_delete_text: Plural {
        one: "{count} संदेश सबके लिए हटाएँ?",
        other: "{count} संदेश सबके लिए हटाएँ?",
    },
};
