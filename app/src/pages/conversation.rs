//! A conversation.
use leptos::prelude::*;
#[component] pub fn ConversationPage() -> impl IntoView {}
