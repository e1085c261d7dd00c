//! English.

use super::{FormattingTexts, Locale};

pub(super) static TEXTS: FormattingTexts = FormattingTexts {
    locale: Locale::En,
    more: "Formatting and more",
    title: "Formatting",
    emoji: "Emoji",
    bold: "Bold",
    italic: "Italic",
    strike: "Strikethrough",
    code: "Code",
    list: "List",
    quote: "Quote",
    hidden: "Hidden text",
    link: "Link",
};
