//! People.
use leptos::prelude::*;
#[component] pub fn PeoplePage() -> impl IntoView {}
