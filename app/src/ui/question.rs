//! A question before something that cannot be taken back.

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::i18n::texts;

/// Asks it.
pub fn ask(dialog: NodeRef<Dialog>) {
    if let Some(dialog) = dialog.get_untracked() {
        // Fails only where it is open already.
        let _ = dialog.show_modal();
    }
}

/// The dialog. Escape and the first button leave everything as it is.
#[expect(clippy::needless_pass_by_value, reason = "a view owns its properties")]
#[component]
pub fn Question(
    /// The dialog, for [`ask`].
    node: NodeRef<Dialog>,
    /// What its ids begin with; unique on the page.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    title: Signal<String>,
    /// What would happen.
    #[prop(into)]
    text: Signal<String>,
    /// What the button says that does it.
    #[prop(into)]
    answer: Signal<String>,
    /// Does it.
    yes: impl Fn() + 'static,
    /// What another button says, where there is another way.
    #[prop(optional, into)]
    other: Option<&'static str>,
    /// Goes that way.
    #[prop(optional, into)]
    otherwise: Option<Callback<()>>,
    /// It is answered, either way.
    #[prop(optional, into)]
    closed: Option<Callback<()>>,
) -> impl IntoView {
    let t = texts();
    let ids = [format!("{name}-title"), format!("{name}-text")];
    let [title_id, text_id] = ids.clone();
    let [of_title, of_text] = ids;
    let close = move || {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog
            node_ref=node
            class="dialog"
            on:close=move |_| {
                if let Some(closed) = closed {
                    closed.run(());
                }
            }
            aria-labelledby=title_id
            aria-describedby=text_id
        >
            <h2 id=of_title>{move || title.get()}</h2>
            <p id=of_text>{move || text.get()}</p>
            <div class="dialog-buttons">
                <button type="button" class="btn btn-quiet" on:click=move |_| close()>
                    {t.cancel}
                </button>
                <button
                    type="button"
                    class="btn btn-quiet danger"
                    on:click=move |_| {
                        close();
                        yes();
                    }
                >
                    {move || answer.get()}
                </button>
                {other.zip(otherwise).map(|(other, otherwise)| another(other, otherwise, close))}
            </div>
        </dialog>
    }
}

/// Another way to answer.
fn another(says: &'static str, go: Callback<()>, close: impl Fn() + 'static) -> impl IntoView {
    view! {
        <button
            type="button"
            class="btn btn-quiet danger"
            on:click=move |_| {
                close();
                go.run(());
            }
        >
            {says}
        </button>
    }
}
