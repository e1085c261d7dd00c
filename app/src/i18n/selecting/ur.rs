//! اردو.

use super::{Locale, Plural, SelectingTexts};

pub(super) static TEXTS: SelectingTexts = SelectingTexts {
    locale: Locale::Ur,
    begin: "منتخب کریں",
    leave: "انتخاب ختم کریں",
    region: "منتخب پیغامات",
    copy: "نام اور وقت کے ساتھ کاپی کریں",
    save: "محفوظ کریں",
    selected: "منتخب۔",
    at_most: "ایک ساتھ زیادہ سے زیادہ {count}۔",
    not_deletable: "حذف کرنا بند ہے: آپ ان سب کو سب کے لیے حذف نہیں کر سکتے۔",
    too_many_forward: "آگے بھیجنا بند ہے: ایک ساتھ زیادہ سے زیادہ {count} پیغامات۔",
    ask_delete: "یہ پیغامات حذف کریں؟",
    count: Plural {
        one: "{count} منتخب",
        other: "{count} منتخب",
    },
    copied: Plural {
        one: "{count} پیغام کاپی ہو گیا",
        other: "{count} پیغامات کاپی ہو گئے",
    },
    saved: Plural {
        one: "{count} پیغام محفوظ ہو گیا",
        other: "{count} پیغامات محفوظ ہو گئے",
    },
    ask_delete_text: Plural {
        one: "{count} پیغام سب کے لیے حذف کریں؟",
        other: "{count} پیغامات سب کے لیے حذف کریں؟",
    },
};
