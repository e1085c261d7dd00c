//! The words about messages and what can be done with them.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    actions: ActionTexts;
    // What can be done with a message.
    react reply edit copy copied copy_code select pin unpin more actions quick more_emoji
    // What is asked once.
    ask_delete ask_delete_text delete_now
    // What is seen of it at the message.
    edited pinned waits reactions answers answers_self earlier hidden_text
    // In the composer.
    replying replying_self cancel_reply editing cancel_edit save_edit edit_gone
    // The way to a message, and the pinned ones.
    looking not_loaded pinned_messages go_there
    // What was refused.
    not_edited not_deleted not_reacted not_pinned no_answer unsendable discard;
    pins_count
}
