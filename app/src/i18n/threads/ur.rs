//! اردو

use super::{Locale, Plural, ThreadTexts};

pub(super) static TEXTS: ThreadTexts = ThreadTexts {
    locale: Locale::Ur,
    title: "تھریڈ",
    answer: "اس تھریڈ میں جواب دیں",
    new: "نیا",
    open_thread: "تھریڈ کھولیں",
    no_answers: "ابھی تک کسی نے جواب نہیں دیا۔",
    before_joining: "جس پیغام کی بات ہے، وہ آپ کے آنے سے پہلے لکھا گیا تھا۔",
    failed: "تھریڈ لوڈ نہیں ہو سکا۔",
    more: "پہلے کے جواب دکھائیں",
    loading_more: "پہلے کے جواب لوڈ ہو رہے ہیں…",
    answers: Plural {
        one: "{count} جواب",
        other: "{count} جواب",
    },
    new_answers: Plural {
        one: "{count} نیا",
        other: "{count} نئے",
    },
};
