//! Renewing the session's cookies.

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response};

use client::Input;

/// Asks the server for new cookies. Several tabs may ask at once: the server gives the same
/// new pair to all that come within a moment.
pub(super) async fn refresh() -> Input {
    let options = RequestInit::new();
    options.set_method("POST");
    let request = window().fetch_with_str_and_init("/api/session/refresh", &options);
    let status = JsFuture::from(request)
        .await
        .ok()
        .and_then(|answer| answer.dyn_into::<Response>().ok())
        .map(|response| response.status());
    outcome(status)
}

/// What an answer means; `None` if there was none.
const fn outcome(status: Option<u16>) -> Input {
    match status {
        Some(204) => Input::SessionRefreshed,
        Some(401) => Input::SessionGone,
        _ => Input::RefreshFailed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_ends_the_session() {
        assert!(matches!(outcome(Some(204)), Input::SessionRefreshed));
        assert!(matches!(outcome(Some(401)), Input::SessionGone));
        for other in [None, Some(200), Some(403), Some(429), Some(500), Some(503)] {
            assert!(matches!(outcome(other), Input::RefreshFailed), "{other:?}");
        }
    }
}
