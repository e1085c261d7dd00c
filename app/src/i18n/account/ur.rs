//! اردو

use super::{AccountTexts, Locale, Plural};

pub(super) static TEXTS: AccountTexts = AccountTexts {
    locale: Locale::Ur,
    title: "اکاؤنٹ",
    hint: "یوزر نیم اور ای میل پتہ ابھی بدلے نہیں جا سکتے۔",
    change_name: "نام",
    save_name: "نام محفوظ کریں",
    saving_name: "محفوظ ہو رہا ہے…",
    name_saved: "آپ کا نام محفوظ ہو گیا۔",
    change_password: "پاس ورڈ",
    current_password: "موجودہ پاس ورڈ",
    new_password: "نیا پاس ورڈ",
    password_hint: "بدلنے پر آپ کے باقی تمام آلات سائن آؤٹ ہو جائیں گے۔",
    save_password: "پاس ورڈ بدلیں",
    saving_password: "بدلا جا رہا ہے…",
    wrong_password: "یہ آپ کا موجودہ پاس ورڈ نہیں ہے۔",
    password_saved: "آپ کا پاس ورڈ بدل گیا۔",
    nobody_else: "کوئی اور آلہ سائن اِن نہیں تھا۔",
    devices_left: "ہو سکتا ہے کچھ آلات اب بھی سائن اِن ہوں۔ ان کے سیشن ختم کریں:",
    others_left: Plural {
        one: "{count} دوسرا آلہ سائن آؤٹ ہوا۔",
        other: "{count} دوسرے آلات سائن آؤٹ ہوئے۔",
    },
};
