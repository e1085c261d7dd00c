//! What the server functions do: take the product and the request from the context, call one
//! method, turn the refusal into an [`ApiError`] and the session into cookies.
//!
//! The server provides, for server functions and for pages alike: `Arc<chat::Chat>`,
//! [`RequestInfo`] and, through `leptos_axum`, the request's `Parts` and `ResponseOptions`.

pub(super) mod account;
pub(super) mod blocks;
mod brief;
pub(super) mod invites;
pub(super) mod messages;
pub(super) mod opening;
pub(super) mod preferences;
pub(super) mod privacy;
pub(super) mod profile;
pub(super) mod reminders;
pub(super) mod reports;
pub(super) mod saved;
pub(super) mod scheduled;
pub(super) mod search;

use std::net::IpAddr;
use std::sync::Arc;

use chat::{Actor, Chat, ChatError, Device, SignedIn};
use http::header::{ACCEPT, HeaderName, HeaderValue, RETRY_AFTER, SET_COOKIE};
use http::{Method, StatusCode, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use protocol::limits::CONVERSATIONS_PAGE;
use protocol::{
    ConversationId, ConversationSummary, DisplayName, ErrorCode, Member, Person, SearchTerm,
    SendId, SessionId, Timestamp, UserId,
};

use super::ApiError;
use super::auth::{check_sign_in, check_sign_up, local_path};
use super::caller;
use super::conversations::{FIRST_PAINT_CONVERSATIONS, Start};
use super::cookies;
use super::groups::parted;
use super::sessions::DeviceSession;

/// What the server knows of a request, made by its middleware.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    /// Who is signed in, if anybody.
    pub actor: Option<Actor>,
    /// Where from, for rate limits.
    pub address: IpAddr,
    /// What the device calls itself.
    pub user_agent: String,
    /// Whether the browser came over HTTPS.
    pub secure: bool,
    /// The time of the request.
    pub now: Timestamp,
}

/// The `Set-Cookie` values of a session that begins or goes on; the server uses it too when it
/// refreshes one.
#[must_use]
pub fn session_cookies(session: &SignedIn, now: Timestamp, secure: bool) -> [String; 2] {
    cookies::session(
        (&session.access_token, session.access_expires_at),
        (&session.refresh_token, session.refresh_expires_at),
        now,
        secure,
    )
}

pub(super) async fn sign_up(
    display_name: &str,
    username: &str,
    email: &str,
    password: String,
    next: &str,
) -> Result<String, ApiError> {
    let (display_name, username, email, password) =
        check_sign_up(display_name, username, email, password).map_err(refuse_fields)?;
    let info = info()?;
    let form = chat::SignUp {
        display_name,
        username,
        email,
        password,
    };
    let session = chat()?
        .sign_up(form, device(&info), info.now)
        .await
        .map_err(refuse)?;
    begin(&session, &info, next)
}

pub(super) async fn sign_in(login: &str, password: String, next: &str) -> Result<String, ApiError> {
    let (login, password) = check_sign_in(login, password).map_err(refuse_fields)?;
    let info = info()?;
    let form = chat::SignIn { login, password };
    let session = chat()?
        .sign_in(form, device(&info), info.now)
        .await
        .map_err(refuse)?;
    begin(&session, &info, next)
}

pub(super) async fn sign_out() -> Result<String, ApiError> {
    let info = info()?;
    if let Some(actor) = signed_in(&info)? {
        match chat()?.end_session(&actor, actor.session(), info.now).await {
            // A session that is gone is what was asked for.
            Ok(()) | Err(ChatError::Refused(ErrorCode::NotFound)) => {}
            Err(error) => return Err(refuse(error)),
        }
    }
    for cookie in cookies::clear_session(info.secure) {
        append(SET_COOKIE, &cookie);
    }
    Ok(go_to("/login"))
}

pub(super) async fn start() -> Result<Start, ApiError> {
    let (chat, actor) = (chat()?, actor()?);
    let me = chat.me(&actor).await.map_err(refuse)?;
    let mut conversations = chat.conversations(&actor).await.map_err(refuse)?;
    // As the list shows them, so that what stands on top is among the first.
    let now = info()?.now;
    conversations.sort_by_key(|summary| summary.section(now));
    conversations.truncate(FIRST_PAINT_CONVERSATIONS);
    Ok(Start { me, conversations })
}

pub(super) async fn list_conversations() -> Result<Vec<ConversationSummary>, ApiError> {
    let mut list = chat()?.conversations(&actor()?).await.map_err(refuse)?;
    list.truncate(CONVERSATIONS_PAGE);
    Ok(list)
}

pub(super) async fn open_direct(with: UserId) -> Result<ConversationSummary, ApiError> {
    let info = info()?;
    let summary = chat()?
        .open_direct(&actor()?, with, info.now)
        .await
        .map_err(refuse)?;
    go_to(&format!("/c/{}", summary.id));
    Ok(summary)
}

pub(super) async fn create_group(
    send_id: SendId,
    title: &str,
    users: &str,
) -> Result<ConversationSummary, ApiError> {
    let title = DisplayName::parse(title).map_err(|error| refuse(error.into()))?;
    let users = ids(users)?;
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    chat.create_group(&actor, send_id, title, users, info.now)
        .await
        .map_err(refuse)
}

pub(super) async fn group_members(
    conversation: ConversationId,
    after: &str,
) -> Result<Vec<Member>, ApiError> {
    let after = ids(after)?.pop();
    chat()?
        .group_members(&actor()?, conversation, after)
        .await
        .map_err(refuse)
}

pub(super) async fn persons(users: &str) -> Result<Vec<Person>, ApiError> {
    let users = ids(users)?;
    chat()?.persons(&actor()?, &users).await.map_err(refuse)
}

fn ids(text: &str) -> Result<Vec<UserId>, ApiError> {
    parted(text).ok_or_else(|| refuse(ErrorCode::Malformed.into()))
}

pub(super) async fn search_people(term: &str) -> Result<Vec<Person>, ApiError> {
    let term = SearchTerm::parse(term).map_err(|error| refuse(error.into()))?;
    chat()?
        .search_people(&actor()?, &term, info()?.now)
        .await
        .map_err(refuse)
}

pub(super) async fn sessions() -> Result<Vec<DeviceSession>, ApiError> {
    let sessions = chat()?
        .sessions(&actor()?, info()?.now)
        .await
        .map_err(refuse)?;
    Ok(sessions
        .into_iter()
        .map(|session| DeviceSession {
            id: session.id,
            device: session.device,
            created_at: session.created_at,
            refreshed_at: session.refreshed_at,
            current: session.current,
        })
        .collect())
}

pub(super) async fn end_session(session: SessionId) -> Result<(), ApiError> {
    let info = info()?;
    chat()?
        .end_session(&actor()?, session, info.now)
        .await
        .map_err(refuse)
}

pub(super) async fn end_other_sessions() -> Result<(), ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    chat.end_other_sessions(&actor, info.now)
        .await
        .map_err(refuse)?;
    Ok(())
}

/// Sets the cookies of a new session and says where to go.
fn begin(session: &SignedIn, info: &RequestInfo, next: &str) -> Result<String, ApiError> {
    for cookie in session_cookies(session, info.now, info.secure) {
        append(SET_COOKIE, &cookie);
    }
    Ok(go_to(local_path(next)))
}

fn device(info: &RequestInfo) -> Device {
    Device {
        address: info.address,
        name: super::device::describe(&info.user_agent),
    }
}

fn chat() -> Result<Arc<Chat>, ApiError> {
    use_context().ok_or_else(|| missing("chat"))
}

fn info() -> Result<RequestInfo, ApiError> {
    use_context().ok_or_else(|| missing("request info"))
}

fn actor() -> Result<Actor, ApiError> {
    signed_in(&info()?)?.ok_or_else(|| refuse(ErrorCode::Unauthenticated.into()))
}

/// Whoever is signed in. A page that was made for somebody else is refused.
fn signed_in(info: &RequestInfo) -> Result<Option<Actor>, ApiError> {
    let parts = use_context::<Parts>();
    let page_of = parts
        .as_ref()
        .and_then(|parts| parts.headers.get(caller::HEADER));
    let is_other = |actor: &Actor| {
        page_of.is_some_and(|user| user.as_bytes() != actor.user().to_string().as_bytes())
    };
    if info.actor.as_ref().is_some_and(is_other) {
        return Err(refuse(ErrorCode::Unauthenticated.into()));
    }
    Ok(info.actor)
}

fn missing(what: &str) -> ApiError {
    tracing::error!(what, "not in the context of a request");
    ApiError::new(ErrorCode::Internal)
}

/// Whether a person's browser posted a plain form and wants a page, not data.
fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        parts.method == Method::POST
            && parts
                .headers
                .get(ACCEPT)
                .and_then(|accept| accept.to_str().ok())
                .is_some_and(|accept| accept.contains("text/html"))
    })
}

/// Redirects a plain form; a page with script gets the path and goes there itself.
fn go_to(path: &str) -> String {
    if is_plain_form() {
        leptos_axum::redirect(path);
    }
    path.to_owned()
}

fn append(name: HeaderName, value: &str) {
    if let (Some(response), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(value),
    ) {
        response.append_header(name, value);
    }
}

fn refuse_fields(fields: Vec<protocol::FieldError>) -> ApiError {
    refuse(ChatError::Fields(fields))
}

/// Turns a refusal into what the caller is told. What is our own fault is logged here, once.
fn refuse(error: ChatError) -> ApiError {
    let code = error.code();
    let mut answer = ApiError::new(code);
    match error {
        ChatError::Fields(fields) => answer.fields = fields,
        ChatError::RateLimited { retry_after_ms } => answer.retry_after_ms = Some(retry_after_ms),
        ChatError::Store(_) | ChatError::Security(_) => {
            tracing::error!(%error, "server function failed");
        }
        ChatError::Refused(_) => {}
    }
    set_status(&answer);
    answer
}

/// A plain form is redirected with the error in the query, so its status stays the redirect's.
fn set_status(answer: &ApiError) {
    if is_plain_form() {
        return;
    }
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status(answer.code));
        if let Some(millis) = answer.retry_after_ms {
            let seconds = HeaderValue::from(millis.div_ceil(1_000));
            response.insert_header(RETRY_AFTER, seconds);
        }
    }
}

/// The status that says the same as the code.
#[must_use]
pub const fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::Unauthenticated | ErrorCode::InvalidCredentials => StatusCode::UNAUTHORIZED,
        ErrorCode::ForeignOrigin | ErrorCode::Forbidden => StatusCode::FORBIDDEN,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::RateLimited | ErrorCode::SlowMode => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::UsernameTaken
        | ErrorCode::EmailTaken
        | ErrorCode::TooMany
        | ErrorCode::AccountGone
        | ErrorCode::PollClosed
        | ErrorCode::NotAccepted => StatusCode::CONFLICT,
        ErrorCode::StorageUnavailable | ErrorCode::Draining => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::InvalidFields
        | ErrorCode::Empty
        | ErrorCode::TooShort
        | ErrorCode::TooLong
        | ErrorCode::ForbiddenCharacter
        | ErrorCode::InvalidFormat
        | ErrorCode::TimeOutOfRange
        | ErrorCode::PasswordTooCommon => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::Malformed | ErrorCode::UnsupportedVersion => StatusCode::BAD_REQUEST,
    }
}
