//! The words about one's own account.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    account: AccountTexts;
    title hint change_name save_name saving_name name_saved change_password current_password
    new_password password_hint save_password saving_password wrong_password password_saved
    nobody_else devices_left;
    others_left
}
