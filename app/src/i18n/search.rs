//! The words about searching messages, and about going to one of them.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    search: SearchTexts;
    // The page.
    title field search_in everywhere leave_place hint people
    // What narrows a search.
    filters filter_from filter_in filter_before filter_after filter_link
    // What is found, and how far the search is.
    searching nothing nothing_yet more loading_more failed offline results in_place
    // What is wrong with what was typed.
    bad_from bad_in bad_date bad_has twice too_long no_place
    // Addresses of messages, and what they lead to.
    copy_link link_copied no_message before_joining loading_newer newer_failed;
    found
}
