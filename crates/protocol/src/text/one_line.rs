//! Texts of one line: names, questions, answers.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::characters::{is_bidi_control, is_blank};
use super::{DisplayName, FolderName, PollAnswer, PollQuestion, StatusText, TextError};
use crate::limits::{
    DISPLAY_NAME_BYTES, DISPLAY_NAME_GRAPHEMES, FOLDER_NAME_BYTES, FOLDER_NAME_GRAPHEMES,
    POLL_ANSWER_BYTES, POLL_ANSWER_GRAPHEMES, POLL_QUESTION_BYTES, POLL_QUESTION_GRAPHEMES,
    STATUS_BYTES, STATUS_GRAPHEMES,
};

impl DisplayName {
    /// Checks and tidies a name: trimmed, inner white space to single spaces, NFC.
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooLong`] or [`TextError::ForbiddenCharacter`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        one_line(text, DISPLAY_NAME_GRAPHEMES, DISPLAY_NAME_BYTES).map(Self)
    }
}

impl FolderName {
    /// Checks and tidies a name, as [`DisplayName::parse`].
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooLong`] or [`TextError::ForbiddenCharacter`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        one_line(text, FOLDER_NAME_GRAPHEMES, FOLDER_NAME_BYTES).map(Self)
    }
}

impl PollQuestion {
    /// Checks and tidies a question, as [`DisplayName::parse`].
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooLong`] or [`TextError::ForbiddenCharacter`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        one_line(text, POLL_QUESTION_GRAPHEMES, POLL_QUESTION_BYTES).map(Self)
    }
}

impl PollAnswer {
    /// Checks and tidies an answer, as [`DisplayName::parse`].
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooLong`] or [`TextError::ForbiddenCharacter`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        one_line(text, POLL_ANSWER_GRAPHEMES, POLL_ANSWER_BYTES).map(Self)
    }
}

impl StatusText {
    /// Checks and tidies a text, as [`DisplayName::parse`].
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooLong`] or [`TextError::ForbiddenCharacter`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        one_line(text, STATUS_GRAPHEMES, STATUS_BYTES).map(Self)
    }
}

fn one_line(text: &str, graphemes: usize, bytes: usize) -> Result<String, TextError> {
    if text.len() > bytes {
        return Err(TextError::TooLong);
    }
    if text
        .chars()
        .any(|c| (c.is_control() && !c.is_whitespace()) || is_bidi_control(c))
    {
        return Err(TextError::ForbiddenCharacter);
    }
    let line: String = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .nfc()
        .collect();
    if line.chars().all(is_blank) {
        return Err(TextError::Empty);
    }
    if line.graphemes(true).count() > graphemes || line.len() > bytes {
        return Err(TextError::TooLong);
    }
    Ok(line)
}
