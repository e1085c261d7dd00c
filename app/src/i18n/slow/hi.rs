//! हिन्दी

use super::{Locale, Plural, SlowTexts};

pub(super) static TEXTS: SlowTexts = SlowTexts {
    locale: Locale::Hi,
    title: "धीमी गति",
    hint: "सदस्य कितनी बार लिख सकते हैं। एडमिन को रुकना नहीं पड़ता।",
    off: "बंद",
    ten_seconds: "हर 10 सेकंड में एक संदेश",
    half_minute: "हर 30 सेकंड में एक संदेश",
    minute: "हर मिनट में एक संदेश",
    five_minutes: "हर 5 मिनट में एक संदेश",
    quarter_hour: "हर 15 मिनट में एक संदेश",
    hour: "हर घंटे में एक संदेश",
    pace: "धीमी गति: {pace}।",
    wait: "धीमी गति: आप {time} में फिर लिख सकते हैं।",
    wait_spoken: "धीमी गति: आप {time} में फिर लिख सकते हैं। जो लिखा है वह बना रहेगा।",
    over: "अब आप फिर लिख सकते हैं।",
    turned_on: "{by} धीमी गति चालू की: {pace}",
    turned_off: "{by} धीमी गति बंद की",
    to_set: "धीमी गति: {pace}",
    is_on: "धीमी गति चालू है। फिर लिखने से पहले थोड़ा रुकें।",
    seconds: Plural {
        one: "{count} सेकंड",
        other: "{count} सेकंड",
    },
    minutes: Plural {
        one: "{count} मिनट",
        other: "{count} मिनट",
    },
};
