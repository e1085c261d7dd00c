//! What every request passes through, in this order: it gets an id and a client address, must
//! not be one too many of that address, must not come from another site if it changes
//! something, must not be too large or too slow, and its answer gets the headers that protect
//! the person who sees it.

mod body;
mod headers;

use std::any::Any;
use std::net::{IpAddr, Ipv4Addr};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{HOST, ORIGIN};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use protocol::ErrorCode;
use tracing::Instrument;

pub(crate) use self::headers::page_policy;
use crate::auth;
use crate::clock::Moment;
use crate::failure::Refusal;
use crate::listen::Peer;
use crate::network::{client_address, customer, is_disbelieved};
use crate::state::AppState;

/// The answer says which id the log knows the request by.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Where a request comes from, proxies that we trust taken into account.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl ClientAddress {
    /// Of a request that passed [`edge`].
    pub(crate) fn of(request: &Request) -> IpAddr {
        request
            .extensions()
            .get::<Self>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.0)
    }
}

/// The host that was asked for.
pub(crate) fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(HOST)?.to_str().ok()
}

/// Everything but the handler.
pub(crate) async fn edge(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let started = Moment::now();
    let id = format!("{:016x}", rand::random::<u64>());
    // The path as it was routed: neither the query nor an id in the path is logged.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let span = tracing::info_span!("request", id, method = %request.method(), route);
    let own = state.origin.of_host(host(request.headers()));
    let mut response = pass(&state, request, next).instrument(span.clone()).await;
    state.counters.response(response.status().as_u16());
    headers::protect(&mut response, own.as_ref());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let status = response.status().as_u16();
    let took_ms = u64::try_from(Moment::now().since(started).as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(status, took_ms, "answered"));
    response
}

async fn pass(state: &AppState, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<Peer>()
        .map(|peer| peer.address.ip());
    let Some(peer) = peer else {
        return Refusal::from(ErrorCode::Internal).into_response();
    };
    let trusted = &state.config.trusted_proxies;
    let address = client_address(peer, request.headers(), trusted);
    if is_disbelieved(peer, request.headers(), trusted) {
        state.disbelieved.call_once(|| {
            tracing::warn!(
                %peer,
                "X-Forwarded-For from an address that trusted_proxies does not name: if it is \
                 a proxy, all its visitors are one to every limit"
            );
        });
    }
    // This machine's own programs and tests are not counted, as with sockets.
    if !address.is_loopback()
        && let Err(wait) = state.requests.take(customer(address), Moment::now())
    {
        return Refusal::until(wait).into_response();
    }
    request.extensions_mut().insert(ClientAddress(address));
    if changes_something(request.method()) {
        if !is_ours(state, request.headers()) {
            return Refusal::from(ErrorCode::ForeignOrigin).into_response();
        }
        match body::bounded(request, state.config.limits.body_timeout).await {
            Ok(bounded) => request = bounded,
            Err(refused) => return refused.into_response(),
        }
    }
    next.run(request).await
}

fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a request that changes something was made by our own pages, or by a program: what
/// another site makes a browser send carries that site's origin, and never a bearer token.
fn is_ours(state: &AppState, headers: &HeaderMap) -> bool {
    if let Some(origin) = headers.get(ORIGIN) {
        let origin = origin.to_str().unwrap_or_default();
        return state.origin.accepts(origin, host(headers));
    }
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        Some(site) => site == b"same-origin",
        None => auth::bearer(headers).is_some(),
    }
}

/// Turns a panic into an answer. What it said is not told and, since it may quote what
/// somebody wrote, not logged either.
pub(crate) fn panicked(
    state: &AppState,
) -> impl FnMut(Box<dyn Any + Send>) -> Response + Clone + use<> {
    let state = state.clone();
    move |_payload| {
        state.counters.panics.add_one();
        Refusal::from(ErrorCode::Internal).into_response()
    }
}
