//! اردو

use super::{AboutTexts, Locale, Plural};

pub(super) static TEXTS: AboutTexts = AboutTexts {
    locale: Locale::Ur,
    seen_by: "کس نے دیکھا",
    nobody_seen: "ابھی تک کسی نے نہیں دیکھا۔",
    all_seen: "سب نے دیکھ لیا ہے۔",
    nobody_reacted: "اب کوئی ردِعمل نہیں ہے۔",
    history: "تبدیلیوں کی تاریخ",
    now: "اب",
    failed: "یہ لوڈ نہ ہو سکا۔",
    message_gone: "پیغام حذف کر دیا گیا۔",
    seen_count: Plural {
        one: "{count} شخص نے دیکھا",
        other: "{count} لوگوں نے دیکھا",
    },
    waiting_count: Plural {
        one: "{count} شخص نے ابھی تک نہیں دیکھا",
        other: "{count} لوگوں نے ابھی تک نہیں دیکھا",
    },
};
