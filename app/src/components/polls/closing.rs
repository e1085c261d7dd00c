//! Closing a poll, after a question: it does not open again.

use leptos::html::Dialog;
use leptos::prelude::*;

use super::card::Card;
use crate::i18n::texts;
use crate::ui::{Question, ask};

/// The button, for whoever may.
pub(super) fn close_button(
    card: Card,
    stop: impl Fn() -> &'static str + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let p = texts().polls();
    let dialog = NodeRef::<Dialog>::new();
    let yes = move || {
        card.actions.focus_row(card.key);
        card.close();
    };
    move || {
        card.offered.get().close.then(|| {
            view! {
                <button
                    type="button"
                    class="link-button"
                    tabindex=stop
                    on:click=move |_| ask(dialog)
                >
                    {p.close}
                </button>
                <Question
                    node=dialog
                    name=format!("poll-close-{}", card.key.send_id)
                    title=p.ask_close
                    text=p.ask_close_text
                    answer=p.close
                    yes=yes
                />
            }
        })
    }
}
