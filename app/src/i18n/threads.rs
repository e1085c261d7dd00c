//! The words about threads.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    threads: ThreadTexts;
    title answer new open_thread no_answers before_joining failed more loading_more;
    answers new_answers
}
