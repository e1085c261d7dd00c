//! English.

use super::{Locale, OwnDataTexts};

pub(super) static TEXTS: OwnDataTexts = OwnDataTexts {
    locale: Locale::En,
    title: "Your data",
    take_along: "Take it along",
    take_hint: "Everything that you can read here, as a file: your profile, your devices, and your conversations with their members and messages. What was deleted is not in it.",
    take_page: "Download as a page",
    take_page_hint: "To read, to print and to keep.",
    take_json: "Download as JSON",
    take_json_hint: "For other programs.",
    take_limit: "A few times an hour. The file is not encrypted: keep it where others cannot read it.",
    file_title: "Your data from BaatCheet",
    file_made: "As of",
    file_began: "Since",
    file_answer: "Answers an earlier message",
    file_cut: "The rest of this conversation is missing: you left it meanwhile, or it cannot be read.",
    file_end: "This is the end of the file; nothing is missing behind it.",
};
