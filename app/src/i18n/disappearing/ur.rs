//! اردو

use super::{DisappearingTexts, Locale};

pub(super) static TEXTS: DisappearingTexts = DisappearingTexts {
    locale: Locale::Ur,
    title: "غائب ہونے والے پیغامات",
    hint: "اس کے بعد جو لکھا جائے گا وہ سب کے لیے ہٹ جائے گا۔ پہلے کا لکھا رہے گا۔",
    hour: "ایک گھنٹے بعد",
    day: "ایک دن بعد",
    week: "7 دن بعد",
    quarter: "90 دن بعد",
    never: "کبھی نہیں",
    line: "نئے پیغامات {when} غائب ہو جائیں گے۔",
    turned_on: "{by} طے کیا کہ نئے پیغامات {when} غائب ہوں",
    turned_off: "{by} طے کیا کہ نئے پیغامات رہیں",
    to_set: "غائب ہونے والے پیغامات: {when}",
};
