//! The question before a message is deleted.

use leptos::html::Dialog;
use leptos::prelude::*;

use super::{Actions, rows};
use crate::components::naming;
use crate::i18n::{fill, texts};
use crate::ui::{Question, ask};

/// How much of the message the question names.
const EXCERPT_CHARS: usize = 120;

/// Asks when [`Actions`] wants it asked.
#[component]
pub(in crate::components) fn AskDelete(
    /// What is being done.
    actions: Actions,
) -> impl IntoView {
    let t = texts();
    let a = t.actions();
    let node = NodeRef::<Dialog>::new();
    let text = Memo::new(move |_| {
        let row = actions.asked.get().and_then(|key| actions.row(key));
        match row.map(|row| row.content) {
            Some(content) if content.is_said() => {
                let text = naming::line_of(&content, t, EXCERPT_CHARS);
                fill(a.ask_delete_text, &[("text", &text)])
            }
            _ => String::new(),
        }
    });
    Effect::new(move |_| {
        if actions.asked.get().is_some() {
            ask(node);
        }
    });
    let yes = move || {
        if let Some(key) = actions.asked.get_untracked() {
            actions.delete(key);
        }
    };
    let closed = move |()| {
        if let Some(key) = actions.asked.get_untracked() {
            actions.asked.set(None);
            // What had the focus has perhaps gone with what could be done.
            rows::focus(key);
        }
    };
    view! {
        <Question
            node
            name="ask-delete"
            title=a.ask_delete
            text=text
            answer=a.delete_now
            yes
            closed
        />
    }
}

impl Actions {
    /// Asks whether a message is to be deleted for everybody.
    pub(super) fn ask_delete(self, key: client::RowKey) {
        self.asked.set(Some(key));
    }
}
