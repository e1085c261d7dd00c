//! The details of a group, beside its messages or over them: what it is called, who is in it,
//! its rules, and leaving it.
//!
//! Everything here is asked of the server like a message: it waits in the outbox while there is
//! no connection, and is told when it was refused. What is off says which rule turned it off.

pub mod about;
pub mod act;
pub mod add;
pub mod desk;
pub mod leaving;
pub mod links;
pub mod member;
pub mod members;
pub mod question;
pub mod rules;
pub mod waiting;

use leptos::ev::MouseEvent;
use leptos::html::H2;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;

use crate::components::{Layers, Trail};
use crate::i18n::texts;
use crate::live::{ConversationView, Live};
use crate::pages::sheet::arrived_by_link;
use crate::ui::{Glyph, Icon};
use about::About;
use desk::Desk;
use leaving::Leaving;
use links::Links;
use members::Members;
use question::{Asking, Questions};
use rules::Rules;
use waiting::WaitingChanges;

const TITLE_ID: &str = "details-title";

/// The details.
#[expect(clippy::needless_pass_by_value, reason = "a view owns its properties")]
#[component]
pub fn GroupDetails(
    /// Of which group.
    view: ConversationView,
    /// Everything live.
    live: Live,
) -> impl IntoView {
    let t = texts();
    let desk = Desk::new(&view, live);
    let asking = Asking::new();
    let heading = NodeRef::<H2>::new();
    let home = format!("/c/{}", view.id);
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
        <section class="details" aria-labelledby=TITLE_ID>
            <header class="bar" role="presentation">
                <a class="icon-button back only-over" href=home.clone() aria-label=t.back on:click=leave.clone()>
                    <Icon glyph=Glyph::Back />
                </a>
                <div class="bar-title">
                    <h2 id=TITLE_ID node_ref=heading tabindex="-1">
                        {t.groups().details}
                    </h2>
                </div>
                <a class="icon-button only-beside" href=home aria-label=t.close on:click=leave>
                    <Icon glyph=Glyph::Close />
                </a>
            </header>
            <div class="details-body">
                <noscript>{t.groups().needs_script}</noscript>
                <WaitingChanges desk />
                <About desk />
                <Members desk asking />
                <Links desk />
                <Rules desk />
                <Leaving desk asking />
            </div>
            <Questions desk asking />
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

/// Puts the focus on something once it is there.
fn focus_soon(id: impl Into<String>) {
    let id = id.into();
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        if let Some(element) = element.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}
