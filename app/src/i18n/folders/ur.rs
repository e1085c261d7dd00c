//! اردو.

use super::{FolderTexts, Locale, Plural};

pub(super) static TEXTS: FolderTexts = FolderTexts {
    locale: Locale::Ur,
    title: "فولڈر",
    folder: "فولڈر",
    menu: "فولڈر…",
    of_conversation: "{name} کا فولڈر",
    none: "کوئی فولڈر نہیں",
    new: "نیا فولڈر",
    make: "فولڈر بنائیں",
    name: "فولڈر کا نام",
    rename_named: "فولڈر {name} کا نام بدلیں",
    delete_named: "فولڈر {name} حذف کریں",
    rename: "نام بدلیں",
    ask_delete: "فولڈر {name} حذف کریں؟",
    delete_text: "اس کی گفتگوئیں آپ کی فہرست میں رہیں گی۔ فولڈر آپ کے تمام آلات سے ہٹ جائے گا۔",
    delete_now: "فولڈر حذف کریں",
    deleted: "فولڈر {name} حذف کر دیا گیا۔",
    put_into: "فولڈر {folder} میں",
    put_nowhere: "کسی فولڈر میں نہیں",
    none_here: "اس فولڈر میں کچھ نہیں ہے۔ کوئی گفتگو یہاں رکھنے کے لیے اس کے مینو میں “فولڈر…” چنیں۔",
    not_changed: "فولڈر بدلا نہیں جا سکا۔ {reason}",
    full: Plural {
        one: "آپ کے پاس پہلے سے {count} فولڈر ہے۔ پہلے اسے حذف کریں۔",
        other: "آپ کے پاس پہلے سے {count} فولڈر ہیں۔ پہلے ایک حذف کریں۔",
    },
};
