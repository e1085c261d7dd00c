//! The title of the document.

use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_meta::Title;

/// A title that follows what it is made of.
///
/// The server asks for it when everything else is written. What stands in a `Suspense` is made
/// several times there, and what the title was made of may be gone by then; so there it is
/// made at once.
#[component]
pub fn PageTitle<F>(
    /// Makes it.
    text: F,
) -> impl IntoView
where
    F: Fn() -> String + Send + Sync + 'static,
{
    let text = if is_server() {
        TextProp::from(untrack(text))
    } else {
        TextProp::from(text)
    };
    view! { <Title text /> }
}
