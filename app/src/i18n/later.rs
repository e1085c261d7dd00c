//! The words about messages that wait for their time.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    later: LaterTexts;
    // Choosing a time.
    schedule when when_hint in_twenty_minutes in_an_hour in_three_hours this_evening tomorrow monday other_time set scheduling
    no_time out_of_range failed offline scheduled
    // The list.
    title show none none_hint none_here everywhere at answers nowhere_known
    send_now change save delete text_label time_label copy copied deleted unreadable gone
    not_listed needs_script
    // What was not sent.
    why_not_found why_forbidden why_unreadable why_refused look;
    waiting unsent
}
