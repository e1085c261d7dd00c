//! The question before something that cannot be undone.

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::i18n::texts;

/// A dialog with two ways on. Escape and the first button leave everything as it is.
#[expect(clippy::needless_pass_by_value, reason = "a view owns its properties")]
#[component]
pub fn Confirm(
    /// The dialog, for whoever opens it.
    dialog: NodeRef<Dialog>,
    /// Unique on the page; the ids of its parts begin with it.
    id: String,
    /// What is asked.
    title: &'static str,
    /// What it is about, and what will be gone.
    text: Signal<String>,
    /// The words on the second button.
    yes: &'static str,
    /// What the second button does.
    confirmed: Callback<()>,
) -> impl IntoView {
    let t = texts();
    let (title_id, text_id) = (format!("{id}-title"), format!("{id}-text"));
    let (labelled, described) = (title_id.clone(), text_id.clone());
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class="dialog"
            aria-labelledby=labelled
            aria-describedby=described
        >
            <h2 id=title_id>{title}</h2>
            <p id=text_id>{move || text.get()}</p>
            <div class="dialog-buttons">
                <button type="button" class="btn btn-quiet" on:click=move |_| close()>
                    {t.cancel}
                </button>
                <button
                    type="button"
                    class="btn btn-quiet danger"
                    on:click=move |_| {
                        close();
                        confirmed.run(());
                    }
                >
                    {yes}
                </button>
            </div>
        </dialog>
    }
}

/// Opens a question.
pub fn ask(dialog: NodeRef<Dialog>) {
    if let Some(dialog) = dialog.get_untracked() {
        // Fails only where it is open already.
        let _ = dialog.show_modal();
    }
}
