//! The words about mentions.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

texts! {
    MentionTexts;
    suggestions everybody admins_only ask_all send_all mentioned_you mentioned_you_in;
    ask_all_text mentions next
}

impl MentionTexts {
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
    /// The words about mentions in the same language.
    #[must_use]
    pub const fn mentions(&self) -> &'static MentionTexts {
        MentionTexts::of(self.locale)
    }
}
