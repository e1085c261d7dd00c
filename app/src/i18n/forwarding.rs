//! The words about sending messages on.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

texts! {
    ForwardingTexts;
    forward forwarded find none_found at_most;
    chosen forwarded_to
}

impl ForwardingTexts {
    /// In a language.
    #[must_use]
    pub const fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &en::TEXTS,
            Locale::Hi => &hi::TEXTS,
            Locale::Ur => &ur::TEXTS,
        }
    }
}

impl Texts {
    /// The words about sending messages on in the same language.
    #[must_use]
    pub const fn forwarding(&self) -> &'static ForwardingTexts {
        ForwardingTexts::of(self.locale)
    }
}
