//! हिन्दी

use super::{AccountTexts, Locale, Plural};

pub(super) static TEXTS: AccountTexts = AccountTexts {
    locale: Locale::Hi,
    title: "खाता",
    hint: "यूज़रनेम और ईमेल पता अभी बदले नहीं जा सकते।",
    change_name: "नाम",
    save_name: "नाम सहेजें",
    saving_name: "सहेजा जा रहा है…",
    name_saved: "आपका नाम सहेज लिया गया।",
    change_password: "पासवर्ड",
    current_password: "मौजूदा पासवर्ड",
    new_password: "नया पासवर्ड",
    password_hint: "बदलने पर आपके बाकी सभी डिवाइस साइन आउट हो जाएँगे।",
    save_password: "पासवर्ड बदलें",
    saving_password: "बदला जा रहा है…",
    wrong_password: "यह आपका मौजूदा पासवर्ड नहीं है।",
    password_saved: "आपका पासवर्ड बदल गया।",
    nobody_else: "कोई और डिवाइस साइन इन नहीं था।",
    devices_left: "हो सकता है कुछ डिवाइस अब भी साइन इन हों। उनके सत्र समाप्त करें:",
    others_left: Plural {
        one: "{count} अन्य डिवाइस साइन आउट हुआ।",
        other: "{count} अन्य डिवाइस साइन आउट हुए।",
    },
};
