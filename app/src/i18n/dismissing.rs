//! The words about what somebody deletes for themselves alone.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    dismissing: DismissingTexts;
    for_me ask_text message full not_deleted
    clear ask_clear clear_text clear_now cleared;
    done
}
