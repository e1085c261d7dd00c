//! Who is asking. The access token comes as a bearer token or in a cookie; behind the session
//! middleware every request carries an [`app::api::backend::RequestInfo`].

use app::api::backend::{RequestInfo, session_cookies};
use app::api::cookies;
use axum::body::HttpBody as _;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chat::{Actor, SignedIn};
use http::header::{ACCEPT, AUTHORIZATION, COOKIE, SET_COOKIE, USER_AGENT};
use http::{HeaderMap, HeaderValue, StatusCode};
use protocol::ErrorCode;

use crate::clock::Moment;
use crate::failure::Refusal;
use crate::middleware::ClientAddress;
use crate::state::AppState;

/// Longest description of a device that is passed on.
const USER_AGENT_BYTES: usize = 512;

/// What a page counts that is sent while it is made, so that nobody knows its size.
const PAGE_BYTES: u64 = 64 * 1024;

/// An access token and how it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential<'a> {
    /// `Authorization: Bearer ..`: sent on purpose.
    Bearer(&'a str),
    /// A cookie: sent by the browser, whoever asked for the request.
    Cookie(&'a str),
}

impl<'a> Credential<'a> {
    const fn token(self) -> &'a str {
        match self {
            Self::Bearer(token) | Self::Cookie(token) => token,
        }
    }
}

/// The access token of a request. A bearer token is preferred: it was sent on purpose.
pub(crate) fn credential(headers: &HeaderMap, secure: bool) -> Option<Credential<'_>> {
    bearer(headers).map(Credential::Bearer).or_else(|| {
        let token = cookie(headers, cookies::access_name(secure))?;
        Some(Credential::Cookie(token))
    })
}

/// The token of an `Authorization` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(|value| cookies::read(value, name))
        .filter(|value| !value.is_empty())
}

/// Finds out who asks. Whoever comes with an expired access token and a good refresh token gets
/// a new pair on the way: coming back after an hour is no sign-in, and a page that is open for
/// longer than an access token lives goes on, although nothing but a new socket asks for tokens.
pub(crate) async fn session(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let secure = state.origin.is_secure();
    let now = state.clock.now();
    let mut actor = None;
    let mut set_cookies = None;
    if let Some(credential) = credential(request.headers(), secure) {
        match state.chat.authenticate(credential.token(), now).await {
            Ok(found) => actor = Some(found),
            Err(error) if error.code() == ErrorCode::Unauthenticated => {}
            Err(error) => return Refusal::from(error).into_response(),
        }
    }
    // Not for every icon.
    let may_renew = wants_page(request.headers()) || request.uri().path().starts_with("/api/");
    if actor.is_none()
        && may_renew
        && let Some(token) = cookie(request.headers(), cookies::refresh_name(secure))
    {
        match renew(&state, token).await {
            Ok((found, fresh)) => {
                actor = Some(found);
                set_cookies = Some(fresh);
            }
            Err(refusal) if refusal.code() == ErrorCode::Unauthenticated => {
                set_cookies = Some(cookies::clear_session(secure));
            }
            // The page itself says so when it asks the store.
            Err(_) => {}
        }
    }
    if let Some(actor) = &actor
        && let Err(wait) = state.reading.take(actor.user(), Moment::now())
    {
        let mut refused = Refusal::until(wait).into_response();
        append_cookies(refused.headers_mut(), set_cookies.as_ref());
        return refused;
    }
    let info = info(&state, &request, actor);
    request.extensions_mut().insert(info);
    let mut response = next.run(request).await;
    if let Some(actor) = &actor {
        let bytes = response.body().size_hint().exact().unwrap_or(PAGE_BYTES);
        state.reading.pay(actor.user(), bytes, Moment::now());
    }
    // A sign-in or sign-out in the same answer knows better.
    if !sets_session(response.headers(), secure) {
        append_cookies(response.headers_mut(), set_cookies.as_ref());
    }
    response
}

/// Handles `POST /api/session/refresh`: new cookies for the refresh token's.
pub(crate) async fn refresh(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let secure = state.origin.is_secure();
    let outcome = match cookie(&headers, cookies::refresh_name(secure)) {
        Some(token) => renew(&state, token).await.map(|(_, fresh)| fresh),
        None => Err(ErrorCode::Unauthenticated.into()),
    };
    match outcome {
        Ok(fresh) => {
            let mut response = StatusCode::NO_CONTENT.into_response();
            append_cookies(response.headers_mut(), Some(&fresh));
            response
        }
        Err(refusal) => {
            let mut response = refusal.into_response();
            if refusal.code() == ErrorCode::Unauthenticated {
                let gone = cookies::clear_session(secure);
                append_cookies(response.headers_mut(), Some(&gone));
            }
            response
        }
    }
}

async fn renew(state: &AppState, token: &str) -> Result<(Actor, [String; 2]), Refusal> {
    let now = state.clock.now();
    let session: SignedIn = state.chat.refresh(token, now).await?;
    Ok((
        session.actor(),
        session_cookies(&session, now, state.origin.is_secure()),
    ))
}

fn append_cookies(headers: &mut HeaderMap, cookies: Option<&[String; 2]>) {
    for cookie in cookies.into_iter().flatten() {
        if let Ok(value) = HeaderValue::from_str(cookie) {
            headers.append(SET_COOKIE, value);
        }
    }
}

/// Whether the cookies of the session are set or deleted. Other cookies, such as those of
/// preferences, say nothing about it.
fn sets_session(headers: &HeaderMap, secure: bool) -> bool {
    let names = [cookies::access_name(secure), cookies::refresh_name(secure)];
    headers
        .get_all(SET_COOKIE)
        .into_iter()
        .filter_map(|value| value.as_bytes().split(|byte| *byte == b'=').next())
        .any(|name| names.iter().any(|known| known.as_bytes() == name))
}

fn info(state: &AppState, request: &Request, actor: Option<Actor>) -> RequestInfo {
    let user_agent = request
        .headers()
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    RequestInfo {
        actor,
        address: ClientAddress::of(request),
        // A header value that `to_str` takes is ASCII: every byte is a character.
        user_agent: user_agent.chars().take(USER_AGENT_BYTES).collect(),
        secure: state.origin.is_secure(),
        now: state.clock.now(),
    }
}

/// Whether a browser shows the answer as a page.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_token_sent_on_purpose_stands_over_a_cookie() {
        let both = headers(&[("cookie", "bc_access=c"), ("authorization", "bearer b")]);
        assert_eq!(credential(&both, false), Some(Credential::Bearer("b")));
        let cookie = headers(&[("cookie", "x=1"), ("cookie", "bc_access=c")]);
        assert_eq!(credential(&cookie, false), Some(Credential::Cookie("c")));
    }

    #[test]
    fn only_the_cookies_of_the_session_are_the_session() {
        let preferences = headers(&[("set-cookie", "bc_theme=raat; Path=/")]);
        assert!(!sets_session(&preferences, false));
        for name in ["bc_access", "bc_refresh"] {
            let both = [
                ("set-cookie", "bc_theme=raat; Path=/"),
                ("set-cookie", &format!("{name}=; Path=/")),
            ];
            assert!(sets_session(&headers(&both), false));
            assert!(!sets_session(&headers(&both), true));
        }
    }

    #[test]
    fn over_https_a_cookie_without_the_host_prefix_does_not_count() {
        let plain = headers(&[("cookie", "bc_access=planted-by-a-subdomain")]);
        assert_eq!(credential(&plain, true), None);
    }

    #[test]
    fn other_schemes_and_empty_cookies_are_no_credentials() {
        assert_eq!(
            credential(&headers(&[("authorization", "Basic eDp5")]), false),
            None
        );
        assert_eq!(
            credential(&headers(&[("cookie", "bc_access=")]), false),
            None
        );
        assert_eq!(credential(&HeaderMap::new(), false), None);
    }
}
