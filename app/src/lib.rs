//! The pages and the server functions they call.

pub mod live;

use leptos::prelude::*;

/// The application.
#[component]
pub fn App() -> impl IntoView {
    view! { <main></main> }
}
