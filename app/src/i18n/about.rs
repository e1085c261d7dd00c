//! The words about what is known of a message.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

texts! {
    AboutTexts;
    seen_by nobody_seen all_seen history now failed message_gone;
    seen_count waiting_count
}

impl AboutTexts {
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
    /// The words about what is known of a message in the same language.
    #[must_use]
    pub const fn about(&self) -> &'static AboutTexts {
        AboutTexts::of(self.locale)
    }
}
