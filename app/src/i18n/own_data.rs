//! The words about taking one's data along and about leaving.

mod en;
mod hi;
mod ur;

use super::{Locale, Texts};

part! {
    own_data: OwnDataTexts;
    title take_along take_hint take_page take_page_hint take_json take_json_hint take_limit
    // In the file.
    file_title file_made file_began file_answer file_cut file_end;
}
