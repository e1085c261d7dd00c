//! हिन्दी

use super::{Locale, MentionTexts, Plural};

pub(super) static TEXTS: MentionTexts = MentionTexts {
    locale: Locale::Hi,
    suggestions: "किसका ज़िक्र करें",
    everybody: "समूह के सभी लोग",
    admins_only: "इतने बड़े समूह में सबका ज़िक्र केवल एडमिन कर सकते हैं।",
    ask_all: "सबका ज़िक्र करें?",
    send_all: "भेजें",
    mentioned_you: "{name} ने आपका ज़िक्र किया: {text}",
    mentioned_you_in: "{name} ने {conversation} में आपका ज़िक्र किया",
    ask_all_text: Plural {
        one: "इसकी सूचना {count} व्यक्ति को जाएगी।",
        other: "इसकी सूचना {count} लोगों को जाएगी।",
    },
    mentions: Plural {
        one: "आपका {count} ज़िक्र",
        other: "आपके {count} ज़िक्र",
    },
    next: Plural {
        one: "{count} ज़िक्र",
        other: "{count} ज़िक्र",
    },
};
