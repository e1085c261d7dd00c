//! What stands in a composer: not a message yet, so nothing of it is tidied.

use super::characters::is_blank;
use super::{DraftBody, MessageBody, TextError};
use crate::limits::{DRAFT_BYTES, MESSAGE_GRAPHEMES};

impl DraftBody {
    /// Checks a text, which stays as it was typed.
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooLong`] or [`TextError::ForbiddenCharacter`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if text.len() > DRAFT_BYTES {
            return Err(TextError::TooLong);
        }
        if text.chars().all(is_blank) {
            return Err(TextError::Empty);
        }
        // What JSON writes in six bytes would not fit into a frame.
        if text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        {
            return Err(TextError::ForbiddenCharacter);
        }
        if text.len() > MESSAGE_GRAPHEMES && MessageBody::graphemes(text) > MESSAGE_GRAPHEMES {
            return Err(TextError::TooLong);
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_as_it_was_typed() {
        for text in ["\n\n haan, kal ", "a\tb\r\n", "ہاں  "] {
            assert_eq!(DraftBody::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn is_bounded_and_not_blank() {
        let letters = "क".repeat(MESSAGE_GRAPHEMES);
        assert!(DraftBody::parse(&letters).is_ok());
        for (text, error) in [
            (String::new(), TextError::Empty),
            (" \n\u{200b}".to_owned(), TextError::Empty),
            ("a\u{1}".to_owned(), TextError::ForbiddenCharacter),
            (format!("{letters}क"), TextError::TooLong),
            (
                format!("a{}", "\u{301}".repeat(DRAFT_BYTES / 2)),
                TextError::TooLong,
            ),
        ] {
            assert_eq!(DraftBody::parse(&text), Err(error));
        }
    }
}
