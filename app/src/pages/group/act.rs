//! A button that does something to a group, or says which rule turned it off.

use leptos::prelude::*;
use protocol::permission::Action;

use super::desk::{Desk, told};
use crate::i18n::texts;

/// The button. It can be reached while it is off, so that its reason can be read.
#[component]
pub(super) fn Act(
    /// Where.
    desk: Desk,
    /// Its id; that of the reason begins with it.
    #[prop(into)]
    name: String,
    /// What it says.
    label: &'static str,
    /// What it does, for the rules.
    #[prop(into)]
    action: Signal<Action>,
    /// Whether it cannot be taken back.
    #[prop(optional)]
    danger: bool,
    /// Does it.
    act: impl Fn() + 'static,
) -> impl IntoView {
    let t = texts();
    let rule = Memo::new(move |_| desk.rule(action.get()));
    let reason = format!("{name}-rule");
    let class = if danger {
        "btn btn-quiet danger"
    } else {
        "btn btn-quiet"
    };
    let described = {
        let reason = reason.clone();
        move || rule.get().map(|_| reason.clone())
    };
    view! {
        <div class="act needs-script">
            <button
                type="button"
                id=name
                class=class
                aria-disabled=move || rule.get().map(|_| "true")
                aria-describedby=described
                on:click=move |_| {
                    if rule.get_untracked().is_none() {
                        act();
                    }
                }
            >
                {label}
            </button>
            {move || {
                rule.get()
                    .map(|rule| {
                        view! {
                            <p class="form-hint" id=reason.clone()>
                                {told(t, rule)}
                            </p>
                        }
                    })
            }}
        </div>
    }
}
