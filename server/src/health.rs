//! What watches over the server asks for.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use protocol::ErrorCode;

use crate::auth;
use crate::failure::Refusal;
use crate::middleware::ClientAddress;
use crate::state::AppState;

/// Handles `/healthz`: the process answers.
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// Handles `/readyz`: messages can be stored, and the server is not about to stop.
pub(crate) async fn ready(State(state): State<AppState>) -> Response {
    match state.chat.ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
        }
    }
}

/// Handles `/metrics`, for whom it does not exist unless they may see it.
pub(crate) async fn metrics(State(state): State<AppState>, request: Request) -> Response {
    if !may_see_metrics(&state, &request) {
        return Refusal::from(ErrorCode::NotFound).into_response();
    }
    let text = state.counters.render(&state.chat.metrics());
    (
        [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        text,
    )
        .into_response()
}

fn may_see_metrics(state: &AppState, request: &Request) -> bool {
    let headers = request.headers();
    if let Some(expected) = &state.config.metrics_token {
        return auth::bearer(headers)
            .is_some_and(|given| same(given.as_bytes(), expected.reveal().as_bytes()));
    }
    ClientAddress::of(request).is_loopback() && !is_forwarded(headers)
}

/// A proxy on this machine speaks from this machine's address, for anybody.
fn is_forwarded(headers: &HeaderMap) -> bool {
    [
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-real-ip",
        "via",
    ]
    .into_iter()
    .any(|name| headers.contains_key(name))
}

/// Compares without telling by the time taken how much was right.
fn same(given: &[u8], expected: &[u8]) -> bool {
    let differing = given
        .iter()
        .zip(expected)
        .fold(0_u8, |differing, (a, b)| differing | (a ^ b));
    given.len() == expected.len() && differing == 0
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn only_the_whole_token_is_the_token() {
        assert!(same(b"0123456789abcdef", b"0123456789abcdef"));
        for wrong in [
            &b""[..],
            b"0123456789abcde",
            b"0123456789abcdef0",
            b"0123456789abcdeF",
        ] {
            assert!(!same(wrong, b"0123456789abcdef"));
        }
    }
}
