//! The words about taking one's data along and about leaving.

mod en;
mod hi;
mod ur;

use protocol::Person;

use super::{Locale, Texts};

part! {
    own_data: OwnDataTexts;
    title take_along take_hint take_page take_page_hint take_json take_json_hint take_limit
    delete_title delete_goes delete_stays delete_first delete_confirm delete_button deleting
    not_your_username deleted_account account_gone
    // In the file.
    file_title file_made file_began file_answer file_cut file_end;
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
}
