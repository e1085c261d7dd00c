//! The words about arranging one's own conversations, and about getting around in them.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    organising: OrganisingTexts;
    // What can be done with a conversation.
    actions_of mark_unread mark_read add_favourite take_favourite mute unmute archive unarchive
    mute_hour mute_day mute_always mute_mentions
    // What is seen of it.
    muted muted_until muted_mentions marked favourites elsewhere archived_now undo
    // The filters.
    filters all unread groups archived none_unread none_groups none_archived show_all
    // The quick switcher.
    go_to go_to_label recent nothing_found people_failed opening_failed;
    found
}
