//! Request bodies: small, in time, and of a kind that some endpoint takes.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use protocol::ErrorCode;
use protocol::limits::FRAME_BYTES;

use crate::clock::within;
use crate::failure::Refusal;

/// Largest body; the largest form is far below.
const BODY_BYTES: usize = FRAME_BYTES;

/// Reads the whole body, so that no handler waits for a client that sends a byte a second.
pub(super) async fn bounded(request: Request, limit: Duration) -> Result<Request, Refusal> {
    let (parts, body) = request.into_parts();
    check(&parts.headers)?;
    let read = within(limit, to_bytes(body, BODY_BYTES)).await;
    let bytes = match read {
        Ok(Ok(bytes)) => bytes,
        // Too long, or broken off, in which case nobody reads the answer.
        Ok(Err(_)) => return Err(ErrorCode::TooLarge.into()),
        Err(_) => {
            let status = StatusCode::REQUEST_TIMEOUT;
            return Err(Refusal::with_status(ErrorCode::Malformed, status));
        }
    };
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

fn check(headers: &HeaderMap) -> Result<(), ErrorCode> {
    let length = match headers.get(CONTENT_LENGTH) {
        Some(value) => value
            .to_str()
            .ok()
            .and_then(|text| text.parse::<usize>().ok())
            .ok_or(ErrorCode::Malformed)?,
        None => 0,
    };
    if length > BODY_BYTES {
        return Err(ErrorCode::TooLarge);
    }
    // A few bytes can unpack to gigabytes.
    if headers
        .get(CONTENT_ENCODING)
        .is_some_and(|encoding| encoding != "identity")
    {
        return Err(ErrorCode::UnsupportedMediaType);
    }
    let Some(kind) = headers.get(CONTENT_TYPE) else {
        return if length == 0 {
            Ok(())
        } else {
            Err(ErrorCode::UnsupportedMediaType)
        };
    };
    let kind = kind.to_str().unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
        || kind.eq_ignore_ascii_case("application/json")
    {
        Ok(())
    } else {
        Err(ErrorCode::UnsupportedMediaType)
    }
}
