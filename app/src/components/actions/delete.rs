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
    let (a, s) = (t.actions(), t.selecting());
    let node = NodeRef::<Dialog>::new();
    let text = Memo::new(move |_| {
        let asked = actions.asked.get();
        if asked.len() > 1 {
            let text = t.count(&s.ask_delete_text, asked.len() as u64);
            return format!("{text} {}", t.dismissing().ask_text);
        }
        let row = asked.first().and_then(|key| actions.row(*key));
        match row.map(|row| row.content) {
            Some(content) if content.is_said() => {
                let text = naming::line_of(&content, t, EXCERPT_CHARS);
                let text = fill(a.ask_delete_text, &[("text", &text)]);
                format!("{text} {}", t.dismissing().ask_text)
            }
            _ => String::new(),
        }
    });
    Effect::new(move |_| {
        if actions.asked.with(|asked| !asked.is_empty()) {
            ask(node);
        }
    });
    let title = Signal::derive(move || {
        if actions.asked.with(Vec::len) > 1 {
            s.ask_delete.to_owned()
        } else {
            a.ask_delete.to_owned()
        }
    });
    let yes = move || {
        for key in actions.asked.get_untracked() {
            actions.delete(key);
        }
        actions.stop_selecting();
    };
    let for_me = Callback::new(move |()| {
        let keys = actions.asked.get_untracked();
        actions.stop_selecting();
        actions.dismiss_all(&keys);
    });
    let closed = move |()| {
        if let Some(key) = actions.asked.get_untracked().pop() {
            actions.asked.set(Vec::new());
            // What had the focus has perhaps gone with what could be done.
            rows::focus(key);
        }
    };
    view! {
        <Question
            node
            name="ask-delete"
            title=title
            text=text
            answer=a.delete_now
            yes
            other=t.dismissing().for_me
            otherwise=for_me
            closed
        />
    }
}

impl Actions {
    /// Asks whether a message is to be deleted for everybody.
    pub(super) fn ask_delete(self, key: client::RowKey) {
        self.ask_delete_of(vec![key]);
    }

    /// The same for several.
    pub(in crate::components) fn ask_delete_of(self, keys: Vec<client::RowKey>) {
        self.asked.set(keys);
    }
}
