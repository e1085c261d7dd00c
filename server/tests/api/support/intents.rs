//! What people ask for in many tests.

use protocol::{Intent, Seq};

/// An answer to a message.
pub(crate) fn reply(text: &str, to: Seq) -> Intent {
    Intent::Text {
        text: text.to_owned(),
        reply_to: Some(to),
    }
}

pub(crate) fn react(target: Seq, emoji: &str) -> Intent {
    Intent::React {
        target,
        emoji: emoji.to_owned(),
        on: true,
    }
}
