//! The words about what one hides from others.

mod en;
mod hi;
mod ur;

use super::{Locale, Texts};

part! {
    hiding: HidingTexts;
    // The settings.
    title reading reading_hint presence presence_hint failed
    // Why something is not shown.
    reading_off presence_off sent change;
}
