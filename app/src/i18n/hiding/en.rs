//! English.

use super::{HidingTexts, Locale};

pub(super) static TEXTS: HidingTexts = HidingTexts {
    locale: Locale::En,
    title: "What others see",
    reading: "Hide what I have read",
    reading_hint: "Nobody sees what you have read or what has reached your devices, and you do not see it of others. On your own devices, unread messages are counted as before.",
    presence: "Hide when I am here",
    presence_hint: "Nobody sees whether you are online, typing, or when you were last seen, and you do not see it of others. Otherwise those see it with whom you share a conversation.",
    failed: "That could not be changed. {reason}",
    reading_off: "You hide what you have read, so you do not see what others have read.",
    presence_off: "You hide when you are here",
    sent: "Sent; read marks are off",
    change: "Change it in the settings",
};
