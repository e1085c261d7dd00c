//! The lower end of the column where what is shown is further back than the newest messages, and
//! what is said of a place that cannot be shown.

use client::{Newer, Sought};
use leptos::prelude::*;

use crate::components::permalink::explain_absence;
use crate::components::scroller::Scroller;
use crate::i18n::texts;
use crate::live::{ConversationView, Live};
use crate::ui::Mounted;

/// What stands below the newest row that is shown: the way on to newer ones, and to the newest.
#[component]
pub(super) fn NewerEdge(
    /// Of which conversation.
    view: ConversationView,
    /// Everything live.
    live: Live,
    /// Where the reader is.
    scroller: Scroller,
) -> impl IntoView {
    let t = texts();
    let ConversationView { id, newer, .. } = view;
    let load = move |_| {
        scroller.focus();
        live.load_newer(id);
    };
    // Without a script the link is the way there; with one, the pill is as well.
    let to_newest = move || {
        view! {
            <a class="link-button" href=format!("/c/{id}")>
                {t.jump_to_latest}
            </a>
        }
    };
    move || match newer.get() {
        Newer::AtNewest => ().into_any(),
        Newer::More => view! { <div class="edge edge-newer">{to_newest()}</div> }.into_any(),
        Newer::Loading => {
            view! { <div class="edge edge-newer">{t.search().loading_newer}</div> }.into_any()
        }
        Newer::Failed => view! {
            <div class="edge edge-newer" data-testid="newer-failed">
                <span>{t.search().newer_failed}</span>
                <button type="button" class="link-button" on:click=load>
                    {t.retry}
                </button>
            </div>
        }
        .into_any(),
    }
}

/// Says that a place cannot be shown, in a page that has just come from the server. Later the
/// line above the composer says it.
#[component]
pub(super) fn NotThere(
    /// Of which conversation.
    view: ConversationView,
) -> impl IntoView {
    let t = texts();
    let mounted = use_context::<Mounted>();
    let why = move || {
        let is_new = mounted.is_none_or(|mounted| !mounted.0.get());
        match view.sought.get() {
            Some(Sought::Missing(_, absence)) if is_new => Some(explain_absence(t, absence)),
            _ => None,
        }
    };
    move || why().map(|why| view! { <p class="spoken" data-testid="not-there">{why}</p> })
}
