//! हिन्दी.

use super::{FormattingTexts, Locale};

pub(super) static TEXTS: FormattingTexts = FormattingTexts {
    locale: Locale::Hi,
    more: "फ़ॉर्मैटिंग और अन्य विकल्प",
    title: "फ़ॉर्मैटिंग",
    emoji: "इमोजी",
    bold: "बोल्ड",
    italic: "इटैलिक",
    strike: "स्ट्राइकथ्रू",
    code: "कोड",
    list: "सूची",
    quote: "उद्धरण",
    hidden: "छिपा हुआ पाठ",
    link: "लिंक",
};
