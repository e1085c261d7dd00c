//! The words about several messages that are taken in hand together.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    selecting: SelectingTexts;
    begin leave region copy save selected at_most not_deletable too_many_forward ask_delete;
    count copied saved ask_delete_text
}
