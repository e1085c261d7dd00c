//! Accounts: sign up, sign in, sign out.

use leptos::prelude::*;
use protocol::limits::EMAIL_BYTES;
use protocol::{
    DisplayName, EmailAddress, ErrorCode, Field, FieldError, Password, TextError, Username,
};

use super::ApiError;
use super::caller::PageClient;

/// Makes an account and signs it in; returns the path to go to.
#[server(endpoint = "sign_up")]
pub async fn sign_up(
    /// The name on screen.
    display_name: String,
    /// The unique name.
    username: String,
    /// The e-mail address.
    email: String,
    /// The password.
    password: String,
    /// The path to go to afterwards.
    #[server(default)]
    next: String,
) -> Result<String, ApiError> {
    super::backend::sign_up(&display_name, &username, &email, password, &next).await
}

/// Signs in; returns the path to go to.
#[server(endpoint = "sign_in")]
pub async fn sign_in(
    /// Username or e-mail address.
    login: String,
    /// The password.
    password: String,
    /// The path to go to afterwards.
    #[server(default)]
    next: String,
) -> Result<String, ApiError> {
    super::backend::sign_in(&login, password, &next).await
}

/// Ends this session; returns the path to go to.
#[server(endpoint = "sign_out", client = PageClient)]
pub async fn sign_out() -> Result<String, ApiError> {
    super::backend::sign_out().await
}

/// A checked sign-up form.
pub type SignUpFields = (DisplayName, Username, EmailAddress, Password);

/// Checks a sign-up form, in the browser before it is sent and on the server again.
///
/// # Errors
/// Every refused field, in the order of the form.
pub fn check_sign_up(
    display_name: &str,
    username: &str,
    email: &str,
    password: String,
) -> Result<SignUpFields, Vec<FieldError>> {
    let name = DisplayName::parse(display_name);
    let username = Username::parse(username);
    let email = EmailAddress::parse(email);
    let password = Password::parse_new(password);
    let errors: Vec<FieldError> = [
        (Field::DisplayName, name.as_ref().err()),
        (Field::Username, username.as_ref().err()),
        (Field::Email, email.as_ref().err()),
        (Field::Password, password.as_ref().err()),
    ]
    .into_iter()
    .filter_map(|(field, error)| Some(refused(field, *error?)))
    .collect();
    match (name, username, email, password) {
        (Ok(name), Ok(username), Ok(email), Ok(password)) => Ok((name, username, email, password)),
        _ => Err(errors),
    }
}

/// Checks a sign-in form, in the browser before it is sent and on the server again.
///
/// # Errors
/// Every refused field, in the order of the form.
pub fn check_sign_in(login: &str, password: String) -> Result<(String, Password), Vec<FieldError>> {
    let login = match login.trim() {
        "" => Err(TextError::Empty),
        long if long.len() > EMAIL_BYTES => Err(TextError::TooLong),
        login => Ok(login.to_owned()),
    };
    let password = Password::parse_existing(password);
    let errors: Vec<FieldError> = [
        (Field::Login, login.as_ref().err()),
        (Field::Password, password.as_ref().err()),
    ]
    .into_iter()
    .filter_map(|(field, error)| Some(refused(field, *error?)))
    .collect();
    match (login, password) {
        (Ok(login), Ok(password)) => Ok((login, password)),
        _ => Err(errors),
    }
}

fn refused(field: Field, error: TextError) -> FieldError {
    FieldError {
        field,
        code: ErrorCode::from(error),
    }
}

/// The path to go to after signing in: one of this site's pages, or the list. Anything that a
/// browser could read as another host is refused.
#[must_use]
pub fn local_path(next: &str) -> &str {
    let is_local = next.starts_with('/')
        && !next.starts_with("//")
        && !next.starts_with("/api/")
        && !next.starts_with("/login")
        && !next.starts_with("/signup")
        && next.len() <= 512
        && next
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_local { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refused_field_is_named() {
        let errors = check_sign_up(" ", "a b", "nobody", "short".into()).unwrap_err();
        assert_eq!(
            errors,
            [
                refused(Field::DisplayName, TextError::Empty),
                refused(Field::Username, TextError::InvalidFormat),
                refused(Field::Email, TextError::InvalidFormat),
                refused(Field::Password, TextError::TooShort),
            ]
        );
        check_sign_up("ज़ोया", "zoya", "zoya@example.org", "chai at five".into()).unwrap();
    }

    #[test]
    fn a_long_login_is_refused_before_anything_looks_it_up() {
        let errors = check_sign_in(&"a".repeat(EMAIL_BYTES + 1), "x".into()).unwrap_err();
        assert_eq!(errors, [refused(Field::Login, TextError::TooLong)]);
        assert_eq!(check_sign_in(" zoya ", "x".into()).unwrap().0, "zoya");
    }

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for good in ["/", "/c/01J", "/new?q=zoya", "/settings/language"] {
            assert_eq!(local_path(good), good);
        }
        for bad in [
            "",
            "c/1",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nSet-Cookie: x",
            "/login?next=/login",
            "/api/sign_out",
            "/é",
            "javascript:alert(1)",
        ] {
            assert_eq!(local_path(bad), "/", "{bad}");
        }
        let long = format!("/{}", "a".repeat(600));
        assert_eq!(local_path(&long), "/");
    }
}
