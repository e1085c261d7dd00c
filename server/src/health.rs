//! What watches over the server asks for.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use protocol::ErrorCode;
use tokio::sync::Mutex;

use crate::auth;
use crate::clock::Moment;
use crate::failure::Refusal;
use crate::middleware::ClientAddress;
use crate::state::AppState;

/// Handles `/healthz`: the process answers.
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// How long an answer of the store counts: anybody may ask, and each time it would write.
const READY_FOR: Duration = Duration::from_secs(1);

/// What the store answered last. Whoever asks meanwhile waits for the same answer.
#[derive(Debug, Default)]
pub(crate) struct Readiness(Mutex<Option<(Moment, bool)>>);

impl Readiness {
    async fn or_ask(&self, now: Moment, ask: impl Future<Output = bool>) -> bool {
        let mut last = self.0.lock().await;
        if let Some((at, is_ready)) = *last
            && now.since(at) < READY_FOR
        {
            return is_ready;
        }
        let is_ready = ask.await;
        *last = Some((now, is_ready));
        is_ready
    }
}

/// Handles `/readyz`: messages can be stored, and the server is not about to stop.
pub(crate) async fn ready(State(state): State<AppState>) -> Response {
    let ask = async {
        let outcome = state.chat.ready().await;
        outcome
            .inspect_err(|error| tracing::warn!(%error, "not ready"))
            .is_ok()
    };
    if state.readiness.or_ask(Moment::now(), ask).await {
        "ready\n".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
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
    use super::*;

    #[tokio::test]
    async fn the_store_is_asked_once_a_second() {
        let (readiness, start) = (Readiness::default(), Moment::now());
        assert!(readiness.or_ask(start, async { true }).await);
        let never = async { panic!("asked again") };
        let almost = start.plus(READY_FOR - Duration::from_millis(1));
        assert!(readiness.or_ask(almost, never).await);
        let later = start.plus(READY_FOR);
        assert!(!readiness.or_ask(later, async { false }).await);
        assert!(!readiness.or_ask(later, async { true }).await);
        assert!(
            readiness
                .or_ask(later.plus(READY_FOR), async { true })
                .await
        );
    }

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
