//! What somebody looks for.

use unicode_normalization::UnicodeNormalization;

use super::TextError;
use crate::limits::SEARCH_TERM_BYTES;

/// What somebody typed to find people: trimmed, lower case, NFC, a leading `@` dropped.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SearchTerm(String);

impl SearchTerm {
    /// Checks and folds a term.
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooLong`] or [`TextError::ForbiddenCharacter`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if text.len() > SEARCH_TERM_BYTES {
            return Err(TextError::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(TextError::ForbiddenCharacter);
        }
        let text = text.trim();
        let text = text.strip_prefix('@').unwrap_or(text);
        let term = Self::fold(text);
        if term.is_empty() {
            return Err(TextError::Empty);
        }
        Ok(Self(term))
    }

    /// How names are compared: NFC, lower case.
    #[must_use]
    pub fn fold(text: &str) -> String {
        text.to_lowercase().nfc().collect()
    }

    /// The folded term.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it finds somebody: each of its words begins the username or a word of the name,
    /// in any order, so that a whole name finds its owner while it is being typed.
    #[must_use]
    pub fn finds(&self, username: &str, display_name: &str) -> bool {
        let name = Self::fold(display_name);
        self.0.split_whitespace().all(|wanted| {
            username.starts_with(wanted)
                || name.split_whitespace().any(|word| word.starts_with(wanted))
        })
    }

    /// The longest word, for an index of beginnings: it leaves the fewest to compare.
    #[must_use]
    pub fn longest_word(&self) -> &str {
        let words = self.0.split_whitespace();
        words.max_by_key(|word| word.len()).unwrap_or(&self.0)
    }
}
