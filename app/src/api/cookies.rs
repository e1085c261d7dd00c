//! The cookies: their names, their attributes, how they are read. Pure, so that the server
//! and the pages cannot disagree about them.
//!
//! Over HTTPS the names of the session's cookies carry the prefix `__Host-`: the browser then
//! refuses them from a subdomain or without `Secure` and `Path=/` (RFC 6265bis, 4.1.3.2).
//!
//! Both tokens are `SameSite=Lax`. `Strict` would not send them when somebody follows a link
//! from a mail to a conversation, and whoever had been away for longer than an access token
//! lives would land on the sign-in page while signed in. What `Strict` would add is not
//! needed: every request that changes something is a `POST` from our own origin, which the
//! server checks, and refreshing changes nothing that another site could use.

use protocol::Timestamp;

/// Remembers the language.
pub const LOCALE: &str = "bc_locale";
/// Remembers the theme.
pub const THEME: &str = "bc_theme";
/// Remembers the size of text.
pub const TEXT_SIZE: &str = "bc_size";
/// Remembers what of the conversation list is seen.
pub const FILTER: &str = "bc_filter";

const YEAR_SECONDS: u64 = 365 * 24 * 60 * 60;

/// The name of the access token's cookie.
#[must_use]
pub const fn access_name(secure: bool) -> &'static str {
    if secure {
        "__Host-bc_access"
    } else {
        "bc_access"
    }
}

/// The name of the refresh token's cookie.
#[must_use]
pub const fn refresh_name(secure: bool) -> &'static str {
    if secure {
        "__Host-bc_refresh"
    } else {
        "bc_refresh"
    }
}

/// The values of two `Set-Cookie` headers for a session that begins or goes on. Each cookie
/// ends with its token.
#[must_use]
pub fn session(
    access: (&str, Timestamp),
    refresh: (&str, Timestamp),
    now: Timestamp,
    secure: bool,
) -> [String; 2] {
    let seconds = |until: Timestamp| until.millis_since(now) / 1_000;
    [
        hidden(access_name(secure), access.0, seconds(access.1), secure),
        hidden(refresh_name(secure), refresh.0, seconds(refresh.1), secure),
    ]
}

/// The values of two `Set-Cookie` headers that delete the session's cookies.
#[must_use]
pub fn clear_session(secure: bool) -> [String; 2] {
    [
        hidden(access_name(secure), "", 0, secure),
        hidden(refresh_name(secure), "", 0, secure),
    ]
}

/// The value of a `Set-Cookie` header, or of `document.cookie`, for a preference. Scripts may
/// read these: they hold no secret.
#[must_use]
pub fn preference(name: &str, value: &str, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={YEAR_SECONDS}; SameSite=Lax{secure}")
}

fn hidden(name: &str, value: &str, max_age: u64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}")
}

/// The value of a cookie in a `Cookie` header; the first, if there are several of the name.
#[must_use]
pub fn read<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header.split(';').find_map(|pair| {
        let (found, value) = pair.trim().split_once('=')?;
        (found == name).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_over_https_is_bound_to_the_host() {
        let now = Timestamp::from_millis(1_000);
        let [access, refresh] = session(
            ("jwt", now.plus_millis(900_000)),
            ("id.secret", now.plus_millis(60_000)),
            now,
            true,
        );
        assert_eq!(
            access,
            "__Host-bc_access=jwt; Path=/; Max-Age=900; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            refresh,
            "__Host-bc_refresh=id.secret; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
    }

    #[test]
    fn without_https_the_plain_names_are_used() {
        let [access, refresh] = clear_session(false);
        assert_eq!(
            access,
            "bc_access=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
        );
        assert_eq!(
            refresh,
            "bc_refresh=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
        );
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let header = "a=1; xbc_access=no;bc_access=yes; bc_access=late; broken";
        assert_eq!(read(header, "bc_access"), Some("yes"));
        assert_eq!(read(header, "access"), None);
        assert_eq!(read("", "a"), None);
    }
}
