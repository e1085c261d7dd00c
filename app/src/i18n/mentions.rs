//! The words about mentions.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    mentions: MentionTexts;
    suggestions everybody admins_only ask_all send_all mentioned_you mentioned_you_in;
    ask_all_text mentions next
}
