//! English.

use super::{Locale, Plural, SelectingTexts};

pub(super) static TEXTS: SelectingTexts = SelectingTexts {
    locale: Locale::En,
    begin: "Select",
    leave: "Stop selecting",
    region: "Selected messages",
    copy: "Copy with names and times",
    save: "Save",
    selected: "Selected.",
    at_most: "At most {count} at once.",
    not_deletable: "Deleting is off: you may not delete all of these for everybody.",
    too_many_forward: "Forwarding is off: at most {count} messages at once.",
    ask_delete: "Delete these messages?",
    count: Plural {
        one: "{count} selected",
        other: "{count} selected",
    },
    copied: Plural {
        one: "{count} message copied",
        other: "{count} messages copied",
    },
    saved: Plural {
        one: "{count} message saved",
        other: "{count} messages saved",
    },
    ask_delete_text: Plural {
        one: "Delete {count} message for everybody?",
        other: "Delete {count} messages for everybody?",
    },
};
