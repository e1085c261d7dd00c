//! Making a group: what it is called, and who is in it from the beginning.

use std::collections::BTreeSet;

use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos_meta::Title;
use protocol::{DisplayName, ErrorCode, SendId};

use crate::api::groups::{CreateGroup, joined};
use crate::i18n::texts;
use crate::live::{Live, fresh_send_id};
use crate::pages::arrival::go_there;
use crate::pages::people::picker::{Choice, Picker};
use crate::pages::refusals::value_of;
use crate::pages::sheet::Sheet;
use crate::pages::system::explain;
use crate::ui::{FieldNotes, Mounted, Notes, Summary};

const TITLE_ID: &str = "group-title";

/// The page.
#[component]
pub fn NewGroupPage() -> impl IntoView {
    let t = texts();
    let g = t.groups();
    let live = Live::current();
    let choice = Choice::new(Signal::stored(BTreeSet::new()));
    let (title, term) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let create = ServerAction::<CreateGroup>::new();
    go_there(create.value().into(), live);
    let wrong = RwSignal::new(None::<ErrorCode>);
    // Kept through every attempt: what a lost answer has made is found, and not made again.
    let send_id = StoredValue::new(None::<SendId>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if create.pending().get_untracked() {
            return;
        }
        let name = value_of(title);
        if let Err(error) = DisplayName::parse(&name) {
            wrong.set(Some(error.into()));
            if let Some(title) = title.get_untracked() {
                let _ = title.focus();
            }
            return;
        }
        wrong.set(None);
        let id = send_id.get_value().unwrap_or_else(fresh_send_id);
        send_id.set_value(Some(id));
        create.dispatch(CreateGroup {
            send_id: id,
            title: name,
            users: joined(&choice.ids()),
        });
    };
    let refused = Signal::derive(move || match create.value().get() {
        Some(Err(error)) if !create.pending().get() => Some(explain(t, &error)),
        _ => None,
    });
    let label = move || {
        if create.pending().get() {
            g.creating
        } else {
            g.create
        }
    };
    view! {
        <Title text=format!("{} · BaatCheet", g.new_group) />
        <Sheet title=g.new_group back="/new">
            <div class="page new-group-page">
                <noscript>{g.needs_script}</noscript>
                <form id="group-form" class="form" on:submit=submit>
                    <TitleField title term wrong />
                </form>
                <Picker choice me=live.map(|live| live.me()) input=term />
            </div>
        </Sheet>
        <div class="sheet-foot needs-script">
            <Summary text=refused />
            <button
                type="submit"
                form="group-form"
                class="btn btn-primary"
                aria-busy=move || create.pending().get().to_string()
            >
                {label}
            </button>
        </div>
    }
}

/// Its name. Enter leads on to the people: nobody makes a group of themselves by accident.
#[component]
fn TitleField(
    title: NodeRef<Input>,
    term: NodeRef<Input>,
    wrong: RwSignal<Option<ErrorCode>>,
) -> impl IntoView {
    let t = texts();
    focus_when_there(title);
    let notes = Notes {
        id: TITLE_ID,
        hint: "",
        error: Signal::derive(move || wrong.get().map(|code| t.error(code).to_owned())),
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !crate::keys::is_composing(&event) {
            event.prevent_default();
            if let Some(term) = term.get_untracked() {
                let _ = term.focus();
            }
        }
    };
    view! {
        <div class="form-field">
            <label for=TITLE_ID>{t.groups().group_title}</label>
            <input
                node_ref=title
                id=TITLE_ID
                type="text"
                class="input text-field"
                autocomplete="off"
                autocapitalize="sentences"
                enterkeyhint="next"
                dir="auto"
                aria-invalid=move || notes.invalid()
                aria-describedby=move || notes.described_by()
                on:input=move |_| wrong.set(None)
                on:keydown=key
            />
            <FieldNotes notes />
        </div>
    }
}

/// Where there is a keyboard one begins to write at once.
fn focus_when_there(title: NodeRef<Input>) {
    let mounted = use_context::<Mounted>();
    Effect::new(move |_| {
        if let Some(title) = title.get()
            && mounted.is_some_and(|mounted| mounted.0.get_untracked())
            && crate::ui::has_fine_pointer()
        {
            let _ = title.focus();
        }
    });
}
