//! The words about polls.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    polls: PollTexts;
    // Making one.
    ask title question answer add_answer remove_answer several anonymous anonymous_hint ends hour
    day week never send few alike too_long
    // One in the conversation.
    line choose_one choose_some is_anonymous vote change take_back yours closed ends_at
    close ask_close ask_close_text who nobody
    // What did not get through.
    not_counted not_closed is_closed;
    votes voters more
}
