//! English.

use super::{Locale, Plural, SlowTexts};

pub(super) static TEXTS: SlowTexts = SlowTexts {
    locale: Locale::En,
    title: "Slow mode",
    hint: "How often a member can write. Admins do not wait.",
    off: "off",
    ten_seconds: "a message every 10 seconds",
    half_minute: "a message every 30 seconds",
    minute: "a message every minute",
    five_minutes: "a message every 5 minutes",
    quarter_hour: "a message every 15 minutes",
    hour: "a message every hour",
    pace: "Slow mode: {pace}.",
    wait: "Slow mode: you can write again in {time}.",
    wait_spoken: "Slow mode: you can write again in {time}. What you have written stays.",
    over: "You can write again.",
    turned_on: "{by} turned on slow mode: {pace}",
    turned_off: "{by} turned slow mode off",
    to_set: "Slow mode: {pace}",
    is_on: "Slow mode is on. Please wait before you write again.",
    seconds: Plural {
        one: "{count} second",
        other: "{count} seconds",
    },
    minutes: Plural {
        one: "{count} minute",
        other: "{count} minutes",
    },
};
