//! The composer.
use leptos::prelude::*;
pub const COMPOSER_ID: &str = "composer";
#[component] pub fn Composer() -> impl IntoView {}
