//! What people say of themselves, and how the caller wants to be there for others.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{
    About, AvailabilityKind, CustomStatus, Emoji, ErrorCode, Field, FieldError, Lasting,
    OwnProfile, Profile, StatusText, TextError, UserId,
};

use super::ApiError;
use super::caller::PageClient;

/// The caller says this of themselves from now on; nothing if it is empty.
#[server(endpoint = "set_about", client = PageClient)]
pub async fn set_about(
    /// The text.
    #[server(default)]
    about: String,
) -> Result<(), ApiError> {
    super::backend::profile::set_about(&about).await
}

/// The caller says this of themselves for a while. Returns what is said from now on.
#[server(endpoint = "set_status", client = PageClient)]
pub async fn set_status(
    /// An emoji, or nothing.
    #[server(default)]
    emoji: String,
    /// A text, or nothing.
    #[server(default)]
    text: String,
    /// For how long.
    lasting: Lasting,
    /// Minutes that UTC is ahead of the caller, who knows when their day ends.
    #[server(default)]
    offset: i32,
) -> Result<Option<CustomStatus>, ApiError> {
    super::backend::profile::set_status(&emoji, &text, (lasting, offset)).await
}

/// The caller says nothing of the kind any more.
#[server(endpoint = "clear_status", client = PageClient)]
pub async fn clear_status() -> Result<(), ApiError> {
    super::backend::profile::clear_status().await
}

/// The caller wants to be there for others like this.
#[server(endpoint = "set_availability", client = PageClient)]
pub async fn set_availability(
    /// How.
    availability: AvailabilityKind,
    /// For how long they are not to be disturbed.
    lasting: Lasting,
    /// As of [`set_status`].
    #[server(default)]
    offset: i32,
) -> Result<(), ApiError> {
    super::backend::profile::set_availability(availability, (lasting, offset)).await
}

/// What the caller has said and chosen.
#[server(endpoint = "own_profile", client = PageClient, input = GetUrl)]
pub async fn my_profile() -> Result<OwnProfile, ApiError> {
    super::backend::profile::own_profile().await
}

/// Somebody as they show themselves to the caller.
#[server(endpoint = "profile", client = PageClient, input = GetUrl)]
pub async fn profile_of(
    /// Who.
    user: UserId,
) -> Result<Profile, ApiError> {
    super::backend::profile::profile(user).await
}

/// Checks a text about oneself, in the browser before it is sent and on the server again.
///
/// # Errors
/// The refused field.
pub fn check_about(about: &str) -> Result<Option<About>, Vec<FieldError>> {
    given(About::parse(about), Field::About).map_err(|error| vec![error])
}

/// Checks a status, as [`check_about`].
///
/// # Errors
/// Every refused field, in the order of the form.
pub fn check_status(
    emoji: &str,
    text: &str,
) -> Result<(Option<Emoji>, Option<StatusText>), Vec<FieldError>> {
    let emoji = given(Emoji::parse(emoji.trim()), Field::StatusEmoji);
    let text = given(StatusText::parse(text), Field::StatusText);
    match (emoji, text) {
        (Ok(None), Ok(None)) => Err(vec![FieldError {
            field: Field::StatusText,
            code: ErrorCode::Empty,
        }]),
        (Ok(emoji), Ok(text)) => Ok((emoji, text)),
        (emoji, text) => Err(emoji.err().into_iter().chain(text.err()).collect()),
    }
}

/// What was given in a field, if anything.
fn given<T>(parsed: Result<T, TextError>, field: Field) -> Result<Option<T>, FieldError> {
    match parsed {
        Ok(value) => Ok(Some(value)),
        Err(TextError::Empty) => Ok(None),
        Err(error) => Err(FieldError {
            field,
            code: error.into(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_an_emoji_or_a_text_and_every_refused_field_is_named() {
        let (emoji, text) = check_status(" 🌙 ", "").unwrap();
        assert!(emoji.is_some() && text.is_none());
        let (emoji, text) = check_status("", "asleep").unwrap();
        assert!(emoji.is_none() && text.is_some());
        let fields = |emoji: &str, text: &str| {
            let errors = check_status(emoji, text).unwrap_err();
            let fields = errors.into_iter().map(|error| (error.field, error.code));
            fields.collect::<Vec<_>>()
        };
        let (picture, words) = (Field::StatusEmoji, Field::StatusText);
        assert_eq!(fields(" ", " "), [(words, ErrorCode::Empty)]);
        assert_eq!(fields("ab", "x"), [(picture, ErrorCode::InvalidFormat)]);
        let both = [
            (picture, ErrorCode::InvalidFormat),
            (words, ErrorCode::TooLong),
        ];
        assert_eq!(fields("a", &"x".repeat(81)), both);
    }

    #[test]
    fn an_empty_text_about_oneself_is_none() {
        assert_eq!(check_about(" \n"), Ok(None));
        assert!(check_about("hello").unwrap().is_some());
        let errors = check_about(&"x".repeat(141)).unwrap_err();
        assert_eq!(errors[0].code, ErrorCode::TooLong);
    }
}
