//! The pages and the server functions they call.

pub mod api;
pub mod i18n;
pub mod live;
pub mod preferences;

use leptos::prelude::*;

/// The application.
#[component]
pub fn App() -> impl IntoView {
    view! { <main></main> }
}
