//! The words about taking one's data along and about leaving.

mod en;
mod hi;
mod ur;

use protocol::Person;

use super::{Locale, Texts};

texts! {
    OwnDataTexts;
    title take_along take_hint take_page take_page_hint take_json take_json_hint take_limit
    delete_title delete_goes delete_stays delete_first delete_confirm delete_button deleting
    not_your_username deleted_account account_gone
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
    /// What a person is called: their name, or that the account was deleted.
    #[must_use]
    pub fn called<'a>(&self, person: &'a Person) -> &'a str {
        if person.is_gone() {
            self.own_data().deleted_account
        } else {
            person.display_name.as_str()
        }
    }

    /// The words about one's own data in the same language.
    #[must_use]
    pub const fn own_data(&self) -> &'static OwnDataTexts {
        OwnDataTexts::of(self.locale)
    }
}
