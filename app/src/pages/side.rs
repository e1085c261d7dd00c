//! What stands beside a conversation, or over it on a narrow screen: a bar with a heading and the
//! way back, and what is under it. Esc closes it.

use leptos::ev::MouseEvent;
use leptos::html::H2;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::components::{Layers, Trail};
use crate::i18n::texts;
use crate::pages::sheet::arrived_by_link;
use crate::ui::{Glyph, Icon};

/// The part of the page.
#[component]
pub fn Side(
    /// The heading.
    title: &'static str,
    /// Its id.
    title_id: &'static str,
    /// The classes beside `details`.
    #[prop(optional)]
    class: &'static str,
    /// Where the conversation is.
    home: String,
    /// What is under the bar.
    children: Children,
) -> impl IntoView {
    let t = texts();
    let heading = NodeRef::<H2>::new();
    let close = closing(home.clone());
    if let Some(layers) = Layers::current() {
        let close = close.clone();
        layers.push(move || {
            close();
            true
        });
    }
    take_focus(heading);
    let leave = move |event: MouseEvent| {
        event.prevent_default();
        close();
    };
    view! {
        <section class=format!("details {class}") aria-labelledby=title_id>
            <header class="bar" role="presentation">
                <a class="icon-button back only-over" href=home.clone() aria-label=t.back on:click=leave.clone()>
                    <Icon glyph=Glyph::Back />
                </a>
                <div class="bar-title">
                    <h2 id=title_id node_ref=heading tabindex="-1">
                        {title}
                    </h2>
                </div>
                <a class="icon-button only-beside" href=home aria-label=t.close on:click=leave>
                    <Icon glyph=Glyph::Close />
                </a>
            </header>
            {children()}
        </section>
    }
}

/// Back to the messages: a step back if the reader came from there.
fn closing(home: String) -> impl Fn() + Clone + Send + Sync + 'static {
    let trail = Trail::current();
    let navigate = use_navigate();
    move || {
        if trail.is_some_and(|trail| trail.back_to(&home)) {
            return;
        }
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&home, options);
    }
}

/// Whoever comes by a link finds the focus at the beginning.
fn take_focus(heading: NodeRef<H2>) {
    let by_link = arrived_by_link();
    Effect::new(move |was: Option<()>| {
        if let (None, true, Some(heading)) = (was, by_link, heading.get()) {
            let _ = heading.focus();
        }
    });
}
