//! हिन्दी.

use super::{DismissingTexts, Locale, Plural};

pub(super) static TEXTS: DismissingTexts = DismissingTexts {
    locale: Locale::Hi,
    for_me: "मेरे लिए हटाएँ",
    ask_text: "“मेरे लिए” चुनने पर दूसरों के पास सब रहेगा।",
    message: "आपने यह संदेश अपने लिए हटा दिया है।",
    full: "आपने यहाँ बहुत सारे अलग-अलग संदेश हटा दिए हैं। पहले बातचीत साफ़ करें।",
    not_deleted: "यह आपके लिए हटाया नहीं जा सका। {reason}",
    clear: "बातचीत साफ़ करें",
    ask_clear: "यह बातचीत साफ़ करें?",
    clear_text: "इसमें अब तक का सब कुछ आपके सभी डिवाइस पर आपके लिए हट जाएगा। बाकी लोगों के पास वह रहेगा। इसे वापस नहीं लाया जा सकता।",
    clear_now: "मेरे लिए साफ़ करें",
    cleared: "बातचीत आपके लिए साफ़ कर दी गई",
    done: Plural {
        one: "{count} संदेश आपके लिए हटाया गया",
        other: "{count} संदेश आपके लिए हटाए गए",
    },
};
