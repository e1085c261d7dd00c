//! اردو.

use super::{DismissingTexts, Locale, Plural};

pub(super) static TEXTS: DismissingTexts = DismissingTexts {
    locale: Locale::Ur,
    for_me: "میرے لیے حذف کریں",
    ask_text: "“میرے لیے” چننے پر دوسروں کے پاس سب رہے گا۔",
    message: "آپ نے یہ پیغام اپنے لیے حذف کر دیا ہے۔",
    full: "آپ یہاں بہت سے الگ الگ پیغامات حذف کر چکے ہیں۔ پہلے گفتگو صاف کریں۔",
    not_deleted: "یہ آپ کے لیے حذف نہیں ہو سکا۔ {reason}",
    clear: "گفتگو صاف کریں",
    ask_clear: "یہ گفتگو صاف کریں؟",
    clear_text: "اس میں اب تک کا سب کچھ آپ کے تمام آلات پر آپ کے لیے حذف ہو جائے گا۔ دوسروں کے پاس وہ رہے گا۔ اسے واپس نہیں لایا جا سکتا۔",
    clear_now: "میرے لیے صاف کریں",
    cleared: "گفتگو آپ کے لیے صاف کر دی گئی",
    done: Plural {
        one: "{count} پیغام آپ کے لیے حذف کر دیا گیا",
        other: "{count} پیغامات آپ کے لیے حذف کر دیے گئے",
    },
};
