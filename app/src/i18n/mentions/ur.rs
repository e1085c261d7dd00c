//! اردو

use super::{Locale, MentionTexts, Plural};

pub(super) static TEXTS: MentionTexts = MentionTexts {
    locale: Locale::Ur,
    suggestions: "کس کا ذکر کریں",
    everybody: "گروپ کے سب لوگ",
    admins_only: "اتنے بڑے گروپ میں سب کا ذکر صرف ایڈمن کر سکتے ہیں۔",
    ask_all: "سب کا ذکر کریں؟",
    send_all: "بھیجیں",
    mentioned_you: "{name} نے آپ کا ذکر کیا: {text}",
    mentioned_you_in: "{name} نے {conversation} میں آپ کا ذکر کیا",
    ask_all_text: Plural {
        one: "اس کی اطلاع {count} شخص کو جائے گی۔",
        other: "اس کی اطلاع {count} لوگوں کو جائے گی۔",
    },
    mentions: Plural {
        one: "آپ کا {count} ذکر",
        other: "آپ کے {count} ذکر",
    },
    next: Plural {
        one: "{count} ذکر",
        other: "{count} ذکر",
    },
};
