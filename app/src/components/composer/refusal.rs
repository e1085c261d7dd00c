//! Why what is written cannot be sent.

use protocol::{ErrorCode, MessageBody, TextError};

use super::length::measure;
use crate::i18n::Texts;

/// Why a message stayed in the composer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::components) enum Refusal {
    /// Too many wait already.
    TooManyWait,
    /// It cannot be a message.
    Text(TextError),
    /// What was being edited is not there any more.
    Deleted,
    /// It mentions everybody, which is for others to do.
    Everybody,
}

impl Refusal {
    pub(super) fn text(self, t: &Texts) -> &'static str {
        match self {
            Self::TooManyWait => t.send_refused,
            Self::Text(error) => t.error(ErrorCode::from(error)),
            Self::Deleted => t.actions().edit_gone,
            Self::Everybody => t.mentions().admins_only,
        }
    }
}

/// The message in what is typed. Where there is none, or it is too long, that is seen already.
///
/// # Errors
/// [`Refusal::Text`], of which nothing is seen yet.
pub(in crate::components) fn message_in(typed: &str) -> Result<Option<MessageBody>, Refusal> {
    if measure(typed).is_too_long() {
        return Ok(None);
    }
    match MessageBody::parse(typed) {
        Ok(body) => Ok(Some(body)),
        Err(TextError::Empty) => Ok(None),
        Err(error) => Err(Refusal::Text(error)),
    }
}

#[cfg(test)]
mod tests {
    use protocol::limits::MESSAGE_GRAPHEMES;

    use super::*;

    #[test]
    fn what_cannot_be_a_message_says_why_unless_it_is_seen() {
        let read = |typed: &str| message_in(typed).map(|body| body.map(|it| it.to_string()));
        assert_eq!(read("chai"), Ok(Some("chai".to_owned())));
        assert_eq!(read(" \n"), Ok(None));
        assert_eq!(read(&"x".repeat(MESSAGE_GRAPHEMES + 1)), Ok(None));
        let refused = Err(Refusal::Text(TextError::ForbiddenCharacter));
        assert_eq!(read("chai\u{1b}[31m"), refused);
    }
}
