//! The words about what people say of themselves, and how they are there.

mod en;
mod hi;
mod ur;

use super::{Locale, Texts};

part! {
    standing: StandingTexts;
    // What is said for a while.
    title hint your_status emoji emoji_hint text text_hint until save saving saved clear cleared nothing
    // How long something lasts.
    half_hour hour four_hours today week always ends
    // What many are at.
    presets meeting travelling eating ill holiday
    // How one is there.
    availability automatic automatic_hint busy_choice busy_hint invisible invisible_hint
    save_availability availability_saved away busy
    // Somebody, as they show themselves.
    profile profile_of about about_hint save_about about_saved write own nobody;
}
