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

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::i18n::texts;
use crate::live::{ConversationView, Live};
use crate::pages::side::Side;
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
    let home = format!("/c/{}", view.id);
    view! {
        <Side title=t.groups().details title_id=TITLE_ID home>
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
        </Side>
    }
}

/// Puts the focus on something once it is there.
pub(super) fn focus_soon(id: impl Into<String>) {
    let id = id.into();
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        if let Some(element) = element.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}
