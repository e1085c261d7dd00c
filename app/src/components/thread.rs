//! The thread.
use leptos::prelude::*;
#[component] pub fn Thread() -> impl IntoView {}
