//! Refusals as HTTP answers: `{"code": "..", "message": ".."}` with the status of the code.
//! The application's `ApiError` can be read from the same text.

use std::time::Duration;

use app::api::backend::status;
use axum::body::{Body, to_bytes};
use axum::response::{IntoResponse, Response};
use chat::ChatError;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use protocol::ErrorCode;
use serde::{Deserialize, Serialize};

/// A refused request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    code: ErrorCode,
    status: StatusCode,
    retry_after_ms: Option<u64>,
}

impl Refusal {
    /// With another status than the code's own.
    pub(crate) const fn with_status(code: ErrorCode, status: StatusCode) -> Self {
        Self {
            code,
            status,
            retry_after_ms: None,
        }
    }

    /// Too much was asked for; there is more after so long.
    pub(crate) fn until(wait: Duration) -> Self {
        Self {
            retry_after_ms: Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1)),
            ..Self::from(ErrorCode::RateLimited)
        }
    }

    pub(crate) const fn code(&self) -> ErrorCode {
        self.code
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self::with_status(code, status(code))
    }
}

impl From<ChatError> for Refusal {
    fn from(error: ChatError) -> Self {
        let code = error.code();
        if matches!(error, ChatError::Store(_) | ChatError::Security(_)) {
            tracing::error!(%error, "request failed");
        }
        let retry_after_ms = match error {
            ChatError::RateLimited { retry_after_ms } => Some(retry_after_ms),
            _ => None,
        };
        Self {
            retry_after_ms,
            ..Self::from(code)
        }
    }
}

#[derive(Serialize)]
struct Told {
    code: ErrorCode,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Told {
            code: self.code,
            message: self.code.to_string(),
            retry_after_ms: self.retry_after_ms,
        };
        // Two plain fields: this cannot fail, and an empty body would still carry the status.
        let text = serde_json::to_string(&body).unwrap_or_default();
        let mut response = (self.status, text).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(millis) = self.retry_after_ms {
            headers.insert(RETRY_AFTER, HeaderValue::from(millis.div_ceil(1_000)));
        }
        response
    }
}

/// Marks the refusals of server functions.
const SERVER_FUNCTION_REFUSED: &str = "serverfnerror";
/// Largest refusal that is looked at; the largest names a code for each field of a form.
const REFUSAL_BYTES: usize = 16 * 1024;

/// What of a server function's refusal says the status.
#[derive(Deserialize)]
struct Coded {
    code: ErrorCode,
}

/// Gives a server function's refusal the status of its code. Arguments that cannot be read are
/// refused before any of our own code runs, with a status that blames the server.
pub(crate) async fn told_by_code(response: Response) -> Response {
    let is_refusal = response.headers().contains_key(SERVER_FUNCTION_REFUSED);
    if !is_refusal || response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, REFUSAL_BYTES).await else {
        return Refusal::from(ErrorCode::Internal).into_response();
    };
    if let Ok(Coded { code }) = serde_json::from_slice(&bytes) {
        parts.status = status(code);
    }
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(bytes))
}
