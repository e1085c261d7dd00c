//! The words about taking one's data along and about leaving.

mod en;
mod hi;
mod ur;

use super::{Locale, Texts};

texts! {
    OwnDataTexts;
    title take_along take_hint take_page take_page_hint take_json take_json_hint take_limit
    // In the file.
    file_title file_made file_began file_answer file_cut file_end;
}

impl OwnDataTexts {
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
    /// The words about one's own data in the same language.
    #[must_use]
    pub const fn own_data(&self) -> &'static OwnDataTexts {
        OwnDataTexts::of(self.locale)
    }
}
