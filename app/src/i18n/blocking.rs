//! The words about blocking people.

mod en;
mod hi;
mod ur;

use super::{Locale, Texts};

part! {
    blocking: BlockingTexts;
    // What can be done.
    block unblock block_ask block_text block_now
    // What is so.
    blocked_now unblocked_now cannot_write
    // What went wrong.
    block_failed unblock_failed blocked_failed
    // The settings.
    title people hint nobody unblock_name;
}
