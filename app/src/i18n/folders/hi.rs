//! हिन्दी.

use super::{FolderTexts, Locale, Plural};

pub(super) static TEXTS: FolderTexts = FolderTexts {
    locale: Locale::Hi,
    title: "फ़ोल्डर",
    folder: "फ़ोल्डर",
    menu: "फ़ोल्डर…",
    of_conversation: "{name} का फ़ोल्डर",
    none: "कोई फ़ोल्डर नहीं",
    new: "नया फ़ोल्डर",
    make: "फ़ोल्डर बनाएँ",
    name: "फ़ोल्डर का नाम",
    rename_named: "फ़ोल्डर {name} का नाम बदलें",
    delete_named: "फ़ोल्डर {name} हटाएँ",
    rename: "नाम बदलें",
    ask_delete: "फ़ोल्डर {name} हटाएँ?",
    delete_text: "इसकी बातचीतें आपकी सूची में बनी रहेंगी। फ़ोल्डर आपके सभी डिवाइस से हट जाएगा।",
    delete_now: "फ़ोल्डर हटाएँ",
    deleted: "फ़ोल्डर {name} हटा दिया गया।",
    put_into: "फ़ोल्डर {folder} में",
    put_nowhere: "किसी फ़ोल्डर में नहीं",
    none_here: "इस फ़ोल्डर में कुछ नहीं है। कोई बातचीत यहाँ रखने के लिए उसके मेन्यू में “फ़ोल्डर…” चुनें।",
    not_changed: "फ़ोल्डर बदला नहीं जा सका। {reason}",
    full: Plural {
        one: "आपके पास पहले से {count} फ़ोल्डर है। पहले उसे हटाएँ।",
        other: "आपके पास पहले से {count} फ़ोल्डर हैं। पहले एक हटाएँ।",
    },
};
