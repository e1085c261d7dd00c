//! The words about what is known of a message.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    about: AboutTexts;
    seen_by nobody_seen all_seen nobody_reacted history now failed message_gone;
    seen_count waiting_count
}
