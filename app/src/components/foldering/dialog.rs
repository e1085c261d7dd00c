//! The dialog in which a folder is chosen.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use protocol::{Folder, FolderId};

use super::{Foldering, Part};
use crate::i18n::{fill, texts};

const TITLE_ID: &str = "folder-title";
const PROBLEM_ID: &str = "folder-problem";
const NEW_ID: &str = "folder-new";
const NAME_ID: &str = "folder-name";
const QUESTION_ID: &str = "folder-question";

/// The dialog of the signed-in pages.
#[component]
pub fn FolderDialog(
    /// What is being put into a folder.
    foldering: Foldering,
) -> impl IntoView {
    let seen = Memo::new(move |_| foldering.seen());
    let is_open = Memo::new(move |_| foldering.asked.with(Option::is_some));
    view! {
        <dialog
            node_ref=foldering.dialog.node
            class="dialog folder-dialog"
            data-testid="folder-dialog"
            aria-labelledby=TITLE_ID
            on:close=move |_| foldering.closed()
        >
            <h2 id=TITLE_ID>{move || foldering.title()}</h2>
            <p class="form-error" role="alert">
                {move || foldering.refused.get()}
            </p>
            {move || {
                is_open
                    .get()
                    .then(|| match seen.get() {
                        Part::Choice => view! { <Choice foldering /> }.into_any(),
                        Part::Name(folder) => view! { <Name foldering folder /> }.into_any(),
                        Part::Question(folder) => {
                            view! { <Question foldering folder /> }.into_any()
                        }
                    })
            }}
        </dialog>
    }
}

/// The folders, and a field for a new one.
#[component]
fn Choice(foldering: Foldering) -> impl IntoView {
    let t = texts();
    let f = t.folders();
    let chosen = Memo::new(move |_| foldering.chosen());
    view! {
        <fieldset class="folder-choice">
            <legend class="hidden-text">{f.folder}</legend>
            <Line foldering folder=None chosen />
            <For
                each=move || foldering.folders()
                key=|folder| (folder.id, folder.name.clone())
                let(folder)
            >
                <Line foldering folder=Some(folder) chosen />
            </For>
        </fieldset>
        <NewFolder foldering />
        <div class="dialog-buttons">
            <button type="button" class="btn btn-quiet" on:click=move |_| foldering.dialog.close()>
                {t.close}
            </button>
        </div>
    }
}

/// A folder, or none, with what can be done with it.
#[component]
fn Line(
    foldering: Foldering,
    folder: Option<Folder>,
    chosen: Memo<Option<FolderId>>,
) -> impl IntoView {
    let t = texts();
    let f = t.folders();
    let (id, called, ways) = match folder {
        Some(Folder { id, name }) => {
            let says = [f.rename_named, f.delete_named];
            let [rename, delete] = says.map(|says| fill(says, &[("name", name.as_str())]));
            let ways = view! { <Ways foldering id rename delete /> };
            (Some(id), String::from(name), Some(ways))
        }
        None => (None, f.none.to_owned(), None),
    };
    view! {
        <div class="folder-line">
            <label class="folder-option">
                <input
                    type="radio"
                    name="folder"
                    class="radio"
                    prop:checked=move || chosen.get() == id
                    on:change=move |_| foldering.put(id)
                />
                <bdi>{called}</bdi>
            </label>
            {ways}
        </div>
    }
}

/// What can be done with a folder. Both names say with which.
#[component]
fn Ways(foldering: Foldering, id: FolderId, rename: String, delete: String) -> impl IntoView {
    let t = texts();
    view! {
        <button
            type="button"
            class="link-button"
            aria-label=rename
            on:click=move |_| foldering.show(Part::Name(id))
        >
            {t.folders().rename}
        </button>
        <button
            type="button"
            class="link-button danger"
            aria-label=delete
            on:click=move |_| foldering.show(Part::Question(id))
        >
            {t.delete}
        </button>
    }
}

#[component]
fn NewFolder(foldering: Foldering) -> impl IntoView {
    let f = texts().folders();
    let node = NodeRef::<Input>::new();
    let make = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = node.get_untracked() else {
            return;
        };
        if foldering.make(&field.value()) {
            field.set_value("");
        } else {
            let _ = field.focus();
        }
    };
    view! {
        <form class="folder-new" novalidate on:submit=make>
            <NameField foldering id=NEW_ID label=f.new value=String::new() node />
            <button type="submit" class="btn btn-quiet">
                {f.make}
            </button>
        </form>
    }
}

/// Another name for a folder.
#[component]
fn Name(foldering: Foldering, folder: FolderId) -> impl IntoView {
    let t = texts();
    let f = t.folders();
    let node = NodeRef::<Input>::new();
    let value = untrack(|| foldering.name(folder)).unwrap_or_default();
    let rename = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(field) = node.get_untracked() {
            foldering.rename(folder, &field.value());
        }
    };
    view! {
        <form novalidate on:submit=rename>
            <NameField foldering id=NAME_ID label=f.name value node />
            <div class="dialog-buttons">
                <button
                    type="button"
                    class="btn btn-quiet"
                    on:click=move |_| foldering.show(Part::Choice)
                >
                    {t.cancel}
                </button>
                <button type="submit" class="btn btn-primary">
                    {t.save}
                </button>
            </div>
        </form>
    }
}

/// A field for the name of a folder, with what is wrong with it.
#[component]
fn NameField(
    foldering: Foldering,
    id: &'static str,
    label: &'static str,
    value: String,
    node: NodeRef<Input>,
) -> impl IntoView {
    let problem = foldering.problem;
    let is_wrong = move || problem.with(Option::is_some);
    view! {
        <div class="form-field">
            <label for=id>{label}</label>
            <input
                node_ref=node
                id=id
                type="text"
                value=value
                class="input text-field"
                dir="auto"
                autocomplete="off"
                aria-invalid=move || is_wrong().then_some("true")
                aria-describedby=move || is_wrong().then_some(PROBLEM_ID)
            />
            <p class="form-error" id=PROBLEM_ID role="alert">
                {move || problem.get()}
            </p>
        </div>
    }
}

/// Whether a folder is to be deleted. The first button leaves everything as it is.
#[component]
fn Question(foldering: Foldering, folder: FolderId) -> impl IntoView {
    let t = texts();
    let f = t.folders();
    let name = untrack(|| foldering.name(folder)).unwrap_or_default();
    view! {
        <p id=QUESTION_ID>
            {fill(f.ask_delete, &[("name", &name)])} " " {f.delete_text}
        </p>
        <div class="dialog-buttons">
            <button
                type="button"
                class="btn btn-quiet"
                aria-describedby=QUESTION_ID
                on:click=move |_| foldering.show(Part::Choice)
            >
                {t.cancel}
            </button>
            <button
                type="button"
                class="btn btn-quiet danger"
                aria-describedby=QUESTION_ID
                on:click=move |_| foldering.delete(folder)
            >
                {f.delete_now}
            </button>
        </div>
    }
}
