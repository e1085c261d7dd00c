//! The words about messages that are saved to be looked at again.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    saved: SavedTexts;
    title save saved remove removed removed_row undo
    hint empty empty_hint unreadable more loading_more failed offline
    remove_named list now_saved full not_saved;
    count
}
