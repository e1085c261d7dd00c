//! The words about sending messages on.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    forwarding: ForwardingTexts;
    forward forwarded find none_found at_most refused;
    chosen forwarded_to
}
