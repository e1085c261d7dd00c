//! Workspace.
use leptos::prelude::*; use leptos_router::components::Outlet;
#[component] pub fn Workspace() -> impl IntoView { view! { <Outlet/> } }
#[component] pub fn Home() -> impl IntoView {}
