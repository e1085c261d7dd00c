//! हिन्दी

use super::{AboutTexts, Locale, Plural};

pub(super) static TEXTS: AboutTexts = AboutTexts {
    locale: Locale::Hi,
    seen_by: "किसने देखा",
    nobody_seen: "अभी तक किसी ने नहीं देखा।",
    all_seen: "सबने देख लिया है।",
    nobody_reacted: "अब कोई प्रतिक्रिया नहीं है।",
    history: "बदलावों का इतिहास",
    now: "अब",
    failed: "यह लोड नहीं हो सका।",
    message_gone: "संदेश हटा दिया गया।",
    seen_count: Plural {
        one: "{count} व्यक्ति ने देखा",
        other: "{count} लोगों ने देखा",
    },
    waiting_count: Plural {
        one: "{count} व्यक्ति ने अभी तक नहीं देखा",
        other: "{count} लोगों ने अभी तक नहीं देखा",
    },
};
