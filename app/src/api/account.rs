//! One's own account: what is known of it, another name, another password.

use core::fmt;

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{DisplayName, ErrorCode, Field, FieldError, Password, Person, TextError, Username};
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

/// Deletes the caller's account. Returns where to go.
#[server(endpoint = "delete_account", client = PageClient)]
pub async fn delete_account(
    /// Their username, typed to confirm.
    username: String,
    /// The password that the account has.
    current_password: String,
) -> Result<String, ApiError> {
    super::backend::account::delete_account(&username, current_password).await
}

/// Checks the form that deletes an account, in the browser before it is sent and on the server
/// again. Returns the password.
///
/// # Errors
/// Every refused field, in the order of the form.
pub fn check_delete(
    typed: &str,
    username: &Username,
    current: String,
) -> Result<Password, Vec<FieldError>> {
    let typed = Username::parse(typed);
    let wrong = match typed {
        Ok(typed) if typed == *username => None,
        Err(TextError::Empty) => Some(ErrorCode::Empty),
        _ => Some(ErrorCode::InvalidFormat),
    };
    let wrong = wrong.map(|code| FieldError {
        field: Field::Username,
        code,
    });
    match (wrong, Password::parse_existing(current)) {
        (None, Ok(password)) => Ok(password),
        (wrong, password) => {
            let current = password.err().map(|it| refused(Field::CurrentPassword, it));
            Err(wrong.into_iter().chain(current).collect())
        }
    }
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
    fn an_account_is_deleted_by_its_username_and_password_only() {
        let zoya = Username::parse("zoya").unwrap();
        for typed in ["zoya", " @Zoya "] {
            check_delete(typed, &zoya, "chai".into()).unwrap();
        }
        for (typed, code) in [("", ErrorCode::Empty), ("zoyaa", ErrorCode::InvalidFormat)] {
            let errors = check_delete(typed, &zoya, String::new()).unwrap_err();
            let fields: Vec<_> = errors.iter().map(|error| error.field).collect();
            assert_eq!(fields, [Field::Username, Field::CurrentPassword]);
            assert_eq!(errors[0].code, code);
        }
    }

    #[test]
    fn an_address_is_not_printed() {
        let account = Account {
            person: Person {
                id: protocol::UserId::from_bytes([1; 16]),
                username: Username::parse("zoya").unwrap(),
                display_name: DisplayName::parse("Zoya").unwrap(),
            },
            email: Some("zoya@example.org".to_owned()),
        };
        assert!(!format!("{account:?}").contains("example"));
    }
}
