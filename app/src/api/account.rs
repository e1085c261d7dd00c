//! One's own account: what is known of it, another name, another password.

use core::fmt;

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{DisplayName, ErrorCode, Field, FieldError, Password, Person, TextError};
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::caller::PageClient;

/// An account as its owner sees it. Its `Debug` hides the address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// As others see it.
    pub person: Person,
    /// The e-mail address, where it can be read.
    pub email: Option<String>,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("person", &self.person.id)
            .finish_non_exhaustive()
    }
}

/// What came of another password.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PasswordChanged {
    /// How many other devices were signed out; `None` if some may be signed in still.
    pub ended: Option<usize>,
}

/// The caller's account.
#[server(endpoint = "account", client = PageClient, input = GetUrl)]
pub async fn own_account() -> Result<Account, ApiError> {
    super::backend::account::own_account().await
}

/// Gives the caller another name on screen.
#[server(endpoint = "change_name", client = PageClient)]
pub async fn change_name(
    /// The name.
    display_name: String,
) -> Result<Person, ApiError> {
    super::backend::account::change_name(&display_name).await
}

/// Replaces the caller's password and signs out all their other devices.
#[server(endpoint = "change_password", client = PageClient)]
pub async fn change_password(
    /// The one that the account has.
    current_password: String,
    /// The one that it is to have.
    password: String,
) -> Result<PasswordChanged, ApiError> {
    super::backend::account::change_password(current_password, password).await
}

/// Checks a form for another name, in the browser before it is sent and on the server again.
///
/// # Errors
/// The refused field.
pub fn check_name(display_name: &str) -> Result<DisplayName, Vec<FieldError>> {
    DisplayName::parse(display_name).map_err(|error| vec![refused(Field::DisplayName, error)])
}

/// Checks a form for another password, in the browser before it is sent and on the server again.
/// Returns the current password and the new one.
///
/// # Errors
/// Every refused field, in the order of the form.
pub fn check_password(
    current: String,
    new: String,
) -> Result<(Password, Password), Vec<FieldError>> {
    let current = Password::parse_existing(current);
    let new = Password::parse_new(new);
    match (current, new) {
        (Ok(current), Ok(new)) => Ok((current, new)),
        (current, new) => {
            let current = current.err().map(|it| refused(Field::CurrentPassword, it));
            let new = new.err().map(|it| refused(Field::Password, it));
            Err(current.into_iter().chain(new).collect())
        }
    }
}

fn refused(field: Field, error: TextError) -> FieldError {
    FieldError {
        field,
        code: ErrorCode::from(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refused_field_is_named() {
        let errors = check_password(String::new(), "short".into()).unwrap_err();
        assert_eq!(
            errors,
            [
                refused(Field::CurrentPassword, TextError::Empty),
                refused(Field::Password, TextError::TooShort),
            ]
        );
        check_password("x".into(), "chai at five".into()).unwrap();
        let errors = check_name(" ").unwrap_err();
        assert_eq!(errors, [refused(Field::DisplayName, TextError::Empty)]);
    }

    #[test]
    fn an_address_is_not_printed() {
        let account = Account {
            person: Person {
                id: protocol::UserId::from_bytes([1; 16]),
                username: protocol::Username::parse("zoya").unwrap(),
                display_name: DisplayName::parse("Zoya").unwrap(),
            },
            email: Some("zoya@example.org".to_owned()),
        };
        assert!(!format!("{account:?}").contains("example"));
    }
}
