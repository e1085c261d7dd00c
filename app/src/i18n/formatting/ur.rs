//! اردو.

use super::{FormattingTexts, Locale};

pub(super) static TEXTS: FormattingTexts = FormattingTexts {
    locale: Locale::Ur,
    more: "فارمیٹنگ اور دیگر اختیارات",
    title: "فارمیٹنگ",
    emoji: "ایموجی",
    bold: "جلی",
    italic: "ترچھا",
    strike: "قلم زد",
    code: "کوڈ",
    list: "فہرست",
    quote: "اقتباس",
    hidden: "چھپا ہوا متن",
    link: "لنک",
};
