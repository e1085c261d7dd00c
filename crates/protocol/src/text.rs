//! Texts that were checked once. Each type is made by its `parse` only, which the form and
//! the server share; deserialising one checks it too.

mod characters;
mod common_passwords;
mod draft;
mod gone;
mod one_line;
mod search_term;

use core::fmt;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use self::characters::{is_bidi_control, is_blank, is_picture};
use self::common_passwords::COMMON_PASSWORDS;
pub use self::search_term::SearchTerm;
use crate::ErrorCode;
use crate::limits::{
    ABOUT_BYTES, ABOUT_GRAPHEMES, DESCRIPTION_BYTES, DESCRIPTION_GRAPHEMES, EMAIL_BYTES,
    EMOJI_BYTES, MESSAGE_BYTES, MESSAGE_GRAPHEMES, PASSWORD_BYTES, PASSWORD_MIN_CHARS,
    REPORT_NOTE_BYTES, REPORT_NOTE_GRAPHEMES, USERNAME_MAX, USERNAME_MIN,
};

/// Why a text was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TextError {
    /// Nothing, or only white space.
    #[error("empty")]
    Empty,
    /// Shorter than allowed.
    #[error("too short")]
    TooShort,
    /// Longer than allowed.
    #[error("too long")]
    TooLong,
    /// Has a control or direction-changing character.
    #[error("forbidden character")]
    ForbiddenCharacter,
    /// Not of the form asked for.
    #[error("wrong format")]
    InvalidFormat,
    /// One of the passwords everybody tries first.
    #[error("too common")]
    TooCommon,
}

impl From<TextError> for ErrorCode {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Empty => Self::Empty,
            TextError::TooShort => Self::TooShort,
            TextError::TooLong => Self::TooLong,
            TextError::ForbiddenCharacter => Self::ForbiddenCharacter,
            TextError::InvalidFormat => Self::InvalidFormat,
            TextError::TooCommon => Self::PasswordTooCommon,
        }
    }
}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_type! {
    /// What a message says: 1 to 4,000 graphemes, line breaks and tabs allowed, other control
    /// characters refused; white space at the end and empty lines at the start are dropped.
    MessageBody
}
text_type! {
    /// What stands in a composer: up to 4,000 graphemes as they were typed, not blank.
    DraftBody
}
text_type! {
    /// What a group is about: 1 to 500 graphemes, line breaks allowed.
    Description
}
text_type! {
    /// What somebody adds to a report: 1 to 500 graphemes, line breaks allowed.
    ReportNote
}
text_type! {
    /// What somebody says of themselves: 1 to 140 graphemes, line breaks allowed.
    About
}
text_type! {
    /// The text of a status: 1 to 80 graphemes, NFC, on one line.
    StatusText
}
text_type! {
    /// One emoji: a single grapheme that is a picture, no letter or digit.
    Emoji
}
text_type! {
    /// The name on screen: 1 to 64 graphemes in any script, NFC, on one line.
    DisplayName
}
text_type! {
    /// What a folder is called: 1 to 40 graphemes, NFC, on one line.
    FolderName
}
text_type! {
    /// What a poll asks: 1 to 200 graphemes, NFC, on one line.
    PollQuestion
}
text_type! {
    /// What can be answered to it: 1 to 80 graphemes, NFC, on one line.
    PollAnswer
}
text_type! {
    /// The unique name: 3 to 32 of `a-z 0-9 _ . -`, beginning and ending with a letter or
    /// digit. ASCII, so that no two look alike; capitals are folded.
    Username
}

impl MessageBody {
    /// Checks and tidies a text.
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooLong`] or [`TextError::ForbiddenCharacter`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        // Bytes first: counting the graphemes of a huge text is what an attacker would want.
        if text.len() > MESSAGE_BYTES {
            return Err(TextError::TooLong);
        }
        let text = text.trim_end();
        let text = text.trim_start_matches(['\n', '\r']);
        if text.chars().all(is_blank) {
            return Err(TextError::Empty);
        }
        let text = if text.contains('\r') {
            text.replace("\r\n", "\n").replace('\r', "\n")
        } else {
            text.to_owned()
        };
        if text
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\t')
        {
            return Err(TextError::ForbiddenCharacter);
        }
        // A text of at most that many bytes cannot have more graphemes.
        if text.len() > MESSAGE_GRAPHEMES && Self::graphemes(&text) > MESSAGE_GRAPHEMES {
            return Err(TextError::TooLong);
        }
        Ok(Self(text))
    }

    /// How long a text is as a person counts: extended grapheme clusters.
    #[must_use]
    pub fn graphemes(text: &str) -> usize {
        text.graphemes(true).count()
    }
}

impl Description {
    /// Checks and tidies a text.
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooLong`] or [`TextError::ForbiddenCharacter`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        lines(text, DESCRIPTION_GRAPHEMES, DESCRIPTION_BYTES).map(Self)
    }
}

impl ReportNote {
    /// Checks and tidies a text, as [`Description::parse`].
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooLong`] or [`TextError::ForbiddenCharacter`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        lines(text, REPORT_NOTE_GRAPHEMES, REPORT_NOTE_BYTES).map(Self)
    }
}

impl About {
    /// Checks and tidies a text, as [`Description::parse`].
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooLong`] or [`TextError::ForbiddenCharacter`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        lines(text, ABOUT_GRAPHEMES, ABOUT_BYTES).map(Self)
    }
}

/// A short text of several lines that stands beside others.
fn lines(text: &str, graphemes: usize, bytes: usize) -> Result<String, TextError> {
    if text.len() > bytes {
        return Err(TextError::TooLong);
    }
    let text = MessageBody::parse(text)?.0;
    if text.chars().any(is_bidi_control) {
        return Err(TextError::ForbiddenCharacter);
    }
    if text.graphemes(true).count() > graphemes {
        return Err(TextError::TooLong);
    }
    Ok(text)
}

impl Emoji {
    /// Checks an emoji: one grapheme (UTS #51 sequences are one) that begins with a character
    /// of a block of pictures, or is a keycap.
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooLong`] or [`TextError::InvalidFormat`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if text.len() > EMOJI_BYTES {
            return Err(TextError::TooLong);
        }
        let first = text.chars().next().ok_or(TextError::Empty)?;
        let is_keycap =
            text.ends_with('\u{20E3}') && (first.is_ascii_digit() || "#*".contains(first));
        if (is_keycap || is_picture(first)) && text.graphemes(true).count() == 1 {
            Ok(Self(text.to_owned()))
        } else {
            Err(TextError::InvalidFormat)
        }
    }
}

impl Username {
    /// Checks and folds a name; a leading `@` is dropped.
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooShort`], [`TextError::TooLong`] or
    /// [`TextError::InvalidFormat`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        let text = text.strip_prefix('@').unwrap_or(text);
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.len() > USERNAME_MAX {
            return Err(TextError::TooLong);
        }
        let name = text.to_ascii_lowercase();
        let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let ends = [name.bytes().next(), name.bytes().next_back()];
        if !name.bytes().all(|b| inner(b) || b"_.-".contains(&b))
            || !ends.into_iter().flatten().all(inner)
        {
            return Err(TextError::InvalidFormat);
        }
        if name.len() < USERNAME_MIN {
            return Err(TextError::TooShort);
        }
        Ok(Self(name))
    }
}

/// An e-mail address, its domain in lower case. Its `Debug` hides it: addresses are personal.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Checks the form only; that mail arrives is for a verification link to show.
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooLong`] or [`TextError::InvalidFormat`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.len() > EMAIL_BYTES {
            return Err(TextError::TooLong);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(TextError::InvalidFormat)?;
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local
                .chars()
                .all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
        let label_ok = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        if !local_ok || !domain.contains('.') || !domain.split('.').all(label_ok) {
            return Err(TextError::InvalidFormat);
        }
        Ok(Self(format!("{local}@{}", domain.to_lowercase())))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two spellings of the same address share: everything in lower case.
    #[must_use]
    pub fn fold(&self) -> String {
        self.0.to_lowercase()
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(***)")
    }
}

/// A password as typed: not trimmed, not normalised (ASVS 5.0 V6.2.8). Its `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Checks a new password: 8 characters to 1 KiB and not one of the most common.
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooShort`], [`TextError::TooLong`] or
    /// [`TextError::TooCommon`].
    pub fn parse_new(text: String) -> Result<Self, TextError> {
        let password = Self::parse_existing(text)?;
        if password.0.chars().count() < PASSWORD_MIN_CHARS {
            return Err(TextError::TooShort);
        }
        let folded = password.0.to_lowercase();
        if COMMON_PASSWORDS.contains(&folded.as_str()) || is_one_repeated_character(&folded) {
            return Err(TextError::TooCommon);
        }
        Ok(password)
    }

    /// Bounds a password that is to be compared with a stored one.
    ///
    /// # Errors
    /// [`TextError::Empty`] or [`TextError::TooLong`].
    pub fn parse_existing(text: String) -> Result<Self, TextError> {
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.len() > PASSWORD_BYTES {
            return Err(TextError::TooLong);
        }
        Ok(Self(text))
    }

    /// The bytes to hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(***)")
    }
}

fn is_one_repeated_character(text: &str) -> bool {
    let mut chars = text.chars();
    chars
        .next()
        .is_some_and(|first| chars.all(|other| other == first))
}
