//! The words about one's own account.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

texts! {
    AccountTexts;
    title hint change_name save_name saving_name name_saved change_password current_password
    new_password password_hint save_password saving_password wrong_password password_saved
    nobody_else devices_left;
    others_left
}

impl AccountTexts {
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
    /// The words about one's own account in the same language.
    #[must_use]
    pub const fn account(&self) -> &'static AccountTexts {
        AccountTexts::of(self.locale)
    }
}
