//! اردو

use super::{ForwardingTexts, Locale, Plural};

pub(super) static TEXTS: ForwardingTexts = ForwardingTexts {
    locale: Locale::Ur,
    forward: "آگے بھیجیں",
    forwarded: "آگے بھیجا گیا",
    find: "گفتگو تلاش کریں",
    none_found: "اس نام کی کوئی گفتگو نہیں ہے۔",
    at_most: "ایک بار میں زیادہ سے زیادہ {count} گفتگوئیں۔",
    refused: "سب کچھ آگے نہیں بھیجا گیا: بہت سے پیغامات رکے ہوئے ہیں۔",
    chosen: Plural {
        one: "{count} گفتگو چنی گئی",
        other: "{count} گفتگوئیں چنی گئیں",
    },
    forwarded_to: Plural {
        one: "{count} گفتگو میں آگے بھیجا گیا",
        other: "{count} گفتگوؤں میں آگے بھیجا گیا",
    },
};
