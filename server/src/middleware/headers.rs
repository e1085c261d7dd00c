//! Headers that protect the person who sees an answer.

use axum::response::Response;
use http::header::InvalidHeaderValue;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::origin::Origin;

/// Half a year; long enough that a return visit is protected. Other names below ours are not
/// ours to decide about.
const HSTS: &str = "max-age=15552000";
/// What an answer that is no page may do: nothing.
const NOTHING: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// What a page may load: our own styles, pictures and fonts; scripts that carry the nonce and
/// what those load; WebAssembly; connections to ourselves.
pub(crate) fn page_policy(
    nonce: &str,
    own: Option<&Origin>,
    reload_port: Option<u16>,
) -> Result<HeaderValue, InvalidHeaderValue> {
    // Not every browser takes 'self' to include the socket, so it is named.
    let mut sockets = own
        .map(|own| own.as_str().replacen("http", "ws", 1))
        .unwrap_or_default();
    if let Some(port) = reload_port {
        sockets = format!("{sockets} ws://127.0.0.1:{port} ws://localhost:{port}");
    }
    let policy = format!(
        "default-src 'self'; \
         script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; \
         connect-src 'self' {sockets}; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy)
}

/// Sets what every answer carries, and leaves what a handler decided.
pub(super) fn protect(response: &mut Response, own: Option<&Origin>) {
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, NOTHING),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
        (REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ] {
        keep(headers, name, HeaderValue::from_static(value));
    }
    if own.is_some_and(Origin::is_secure) {
        keep(
            headers,
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(HSTS),
        );
    }
    if !headers.contains_key(CACHE_CONTROL) {
        // Pages and data are one person's; whoever wants to be cached says so.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

fn keep(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
