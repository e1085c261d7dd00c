//! English.

use super::{DisappearingTexts, Locale};

pub(super) static TEXTS: DisappearingTexts = DisappearingTexts {
    locale: Locale::En,
    title: "Disappearing messages",
    hint: "What is written from then on goes for everybody. What was written before stays.",
    hour: "after an hour",
    day: "after a day",
    week: "after 7 days",
    quarter: "after 90 days",
    never: "never",
    line: "New messages disappear {when}.",
    turned_on: "{by} set new messages to disappear {when}",
    turned_off: "{by} set new messages to stay",
    to_set: "Disappearing messages: {when}",
};
