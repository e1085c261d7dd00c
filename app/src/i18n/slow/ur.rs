//! اردو

use super::{Locale, Plural, SlowTexts};

pub(super) static TEXTS: SlowTexts = SlowTexts {
    locale: Locale::Ur,
    title: "سست رفتار",
    hint: "ارکان کتنی بار لکھ سکتے ہیں۔ ایڈمن کو رکنا نہیں پڑتا۔",
    off: "بند",
    ten_seconds: "ہر 10 سیکنڈ میں ایک پیغام",
    half_minute: "ہر 30 سیکنڈ میں ایک پیغام",
    minute: "ہر منٹ میں ایک پیغام",
    five_minutes: "ہر 5 منٹ میں ایک پیغام",
    quarter_hour: "ہر 15 منٹ میں ایک پیغام",
    hour: "ہر گھنٹے میں ایک پیغام",
    pace: "سست رفتار: {pace}۔",
    wait: "سست رفتار: آپ {time} میں دوبارہ لکھ سکتے ہیں۔",
    wait_spoken: "سست رفتار: آپ {time} میں دوبارہ لکھ سکتے ہیں۔ جو لکھا ہے وہ رہے گا۔",
    over: "اب آپ دوبارہ لکھ سکتے ہیں۔",
    turned_on: "{by} سست رفتار چالو کی: {pace}",
    turned_off: "{by} سست رفتار بند کی",
    to_set: "سست رفتار: {pace}",
    is_on: "سست رفتار چالو ہے۔ دوبارہ لکھنے سے پہلے ذرا رکیں۔",
    seconds: Plural {
        one: "{count} سیکنڈ",
        other: "{count} سیکنڈ",
    },
    minutes: Plural {
        one: "{count} منٹ",
        other: "{count} منٹ",
    },
};
