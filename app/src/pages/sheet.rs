//! A page beside the conversation list: a bar with a heading, and what scrolls under it.

use leptos::ev::MouseEvent;
use leptos::html::{Div, H1};
use leptos::prelude::*;

use crate::i18n::texts;
use crate::ui::{Glyph, Icon, Mounted};

/// Whether this page came after another one, and not from the server.
#[must_use]
pub fn arrived_by_link() -> bool {
    use_context::<Mounted>().is_some_and(|mounted| mounted.0.get_untracked())
}

/// The page. On a narrow screen its bar leads back. Its heading takes the focus of whoever
/// comes by a link, unless something in the page does.
#[component]
pub fn Sheet(
    /// The heading.
    title: &'static str,
    /// Where back leads.
    #[prop(into)]
    back: Signal<&'static str>,
    /// What back does instead, where it knows better.
    #[prop(optional)]
    on_back: Option<Callback<MouseEvent>>,
    /// What is under the bar.
    children: Children,
) -> impl IntoView {
    let t = texts();
    let (heading, body) = (NodeRef::<H1>::new(), NodeRef::<Div>::new());
    let go_back = move |event: MouseEvent| {
        if let Some(on_back) = on_back {
            on_back.run(event);
        }
    };
    let by_link = arrived_by_link();
    Effect::new(move |_| {
        let (Some(heading), Some(body)) = (heading.get(), body.get()) else {
            return;
        };
        let active = document().active_element();
        let is_inside = active.is_some_and(|active| body.contains(Some(&active)));
        if by_link && !is_inside {
            let _ = heading.focus();
        }
    });
    view! {
        <header class="bar" role="presentation">
            <a
                class="icon-button back only-compact"
                href=move || back.get()
                aria-label=t.back
                on:click=go_back
            >
                <Icon glyph=Glyph::Back />
            </a>
            <div class="bar-title">
                <h1 node_ref=heading tabindex="-1">
                    {title}
                </h1>
            </div>
        </header>
        <div class="sheet" node_ref=body>
            {children()}
        </div>
    }
}
