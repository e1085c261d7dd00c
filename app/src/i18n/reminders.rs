//! The words about reminders of messages.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    reminders: ReminderTexts;
    title remind when when_hint set change change_named now_set
    // One that has come.
    due due_named open snooze snoozed done further
    // The list.
    hint empty empty_hint at has_come remove_named removed_row undo unreadable list failed offline
    full not_set;
    count
}
