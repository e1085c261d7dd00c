//! हिन्दी

use super::{DisappearingTexts, Locale};

pub(super) static TEXTS: DisappearingTexts = DisappearingTexts {
    locale: Locale::Hi,
    title: "ग़ायब होने वाले संदेश",
    hint: "इसके बाद जो लिखा जाएगा वह सबके लिए हट जाएगा। पहले का लिखा बना रहेगा।",
    hour: "एक घंटे बाद",
    day: "एक दिन बाद",
    week: "7 दिन बाद",
    quarter: "90 दिन बाद",
    never: "कभी नहीं",
    line: "नए संदेश {when} ग़ायब हो जाएँगे।",
    turned_on: "{by} तय किया कि नए संदेश {when} ग़ायब हों",
    turned_off: "{by} तय किया कि नए संदेश बने रहें",
    to_set: "ग़ायब होने वाले संदेश: {when}",
};
