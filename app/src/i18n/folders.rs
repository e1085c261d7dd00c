//! The words about folders of conversations.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    folders: FolderTexts;
    title folder menu of_conversation none
    new make name rename_named delete_named rename
    ask_delete delete_text delete_now deleted put_into put_nowhere
    none_here not_changed;
    full
}
