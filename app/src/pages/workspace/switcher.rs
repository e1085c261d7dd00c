//! The quick switcher: conversations and people by name, from anywhere, by keyboard alone. What is
//! known here is there at once; other people come from the server.

mod choices;
mod finding;
mod going;

use leptos::ev::{self, KeyboardEvent};
use leptos::html::{Dialog, Input};
use leptos::prelude::*;
use protocol::ConversationId;
use protocol::limits::SEARCH_TERM_BYTES;

use crate::components::dialog_is_open;
use crate::i18n::{fill, has_rtl, texts};
use crate::keys::{is_composing, shortcut};
use crate::live::Live;
use crate::pages::system::explain;
use crate::ui::{Avatar, Glyph, Icon};
use choices::Choice;
use finding::Finding;
use going::use_go;

const LIST_ID: &str = "go-to-list";
const INPUT_ID: &str = "go-to-term";

fn option_id(at: usize) -> String {
    format!("go-to-{at}")
}

/// Whether the switcher is open, in the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct Door(RwSignal<bool>);

impl Door {
    /// Makes it, puts it into the context, and lets the key open it.
    pub(super) fn provide() -> Self {
        let door = Self(RwSignal::new(false));
        provide_context(door);
        Effect::new(move |_| {
            let handle = window_event_listener(ev::keydown, move |event| {
                let is_ours = shortcut(&event) == Some('k') && !event.shift_key();
                if is_ours && !is_composing(&event) {
                    event.prevent_default();
                    let is_open = door.0.get_untracked();
                    if is_open || !dialog_is_open() {
                        door.0.set(!is_open);
                    }
                }
            });
            on_cleanup(move || handle.remove());
        });
        door
    }
}

/// The way there for a hand. Without script it leads to the search for people.
#[component]
pub(super) fn SwitcherLink() -> impl IntoView {
    let o = texts().organising();
    let door: Option<Door> = use_context();
    view! {
        <a
            class="icon-button"
            href="/new"
            aria-label=o.go_to
            title=format!("{} (Ctrl+K)", o.go_to)
            aria-keyshortcuts="Control+K Meta+K"
            on:click=move |event| {
                if let Some(door) = door {
                    event.prevent_default();
                    door.0.set(true);
                }
            }
        >
            <Icon glyph=Glyph::GoTo />
        </a>
    }
}

/// The dialog.
#[component]
pub(super) fn Switcher(
    /// Whether it is open.
    door: Door,
    /// Everything live.
    live: Live,
    /// The conversation on screen.
    current: Memo<Option<ConversationId>>,
) -> impl IntoView {
    let node = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else {
            return;
        };
        match (door.0.get(), dialog.open()) {
            (true, false) => {
                let _ = dialog.show_modal();
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let o = texts().organising();
    let beside = move |event: ev::MouseEvent| {
        if event.target() == event.current_target() {
            door.0.set(false);
        }
    };
    view! {
        <dialog
            node_ref=node
            class="switcher"
            aria-label=o.go_to
            data-testid="switcher"
            on:close=move |_| door.0.set(false)
            on:click=beside
        >
            {move || door.0.get().then(|| view! { <Inside door live current node /> })}
        </dialog>
    }
}

/// What is asked for and offered while it is open.
#[derive(Clone, Copy)]
struct Search {
    door: Door,
    live: Live,
    typed: RwSignal<String>,
    finding: Finding,
    choices: Memo<Vec<Choice>>,
    /// The place of the choice that Enter takes.
    at: RwSignal<usize>,
    refused: RwSignal<String>,
    node: NodeRef<Dialog>,
}

impl Search {
    /// Before anything else on the page can have the focus.
    fn close(self) {
        if let Some(dialog) = self.node.get_untracked() {
            dialog.close();
        }
        self.door.0.set(false);
    }
}

#[component]
fn Inside(
    door: Door,
    live: Live,
    current: Memo<Option<ConversationId>>,
    node: NodeRef<Dialog>,
) -> impl IntoView {
    let t = texts();
    let typed = RwSignal::new(String::new());
    let finding = Finding::new();
    let list = live.list();
    let choices = Memo::new(move |_| {
        let people = finding.people_for(&typed.get());
        list.with(|rows| {
            let rows: Vec<_> = rows.iter().map(|item| item.row.get()).collect();
            choices::choices(&rows, &people, &typed.get(), (live.me(), current.get()), t)
        })
    });
    let search = Search {
        door,
        live,
        typed,
        finding,
        choices,
        at: RwSignal::new(0),
        refused: RwSignal::new(String::new()),
        node,
    };
    view! {
        <div class="switcher-body">
            <Field search />
            <Says search />
            <Options search />
        </div>
    }
}

#[component]
fn Field(search: Search) -> impl IntoView {
    let t = texts();
    let o = t.organising();
    let input = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let go = use_go(search);
    let changed = move |event| {
        let text = event_target_value(&event);
        search.at.set(0);
        search.refused.set(String::new());
        search.finding.look_for(&text);
        search.typed.set(text);
    };
    let pressed = move |event: KeyboardEvent| {
        if is_composing(&event) || event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let count = search.choices.with_untracked(Vec::len);
        let at = search.at.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => search.at.set(beside(at, count, true)),
            "ArrowUp" => search.at.set(beside(at, count, false)),
            "Enter" => go.run(at),
            _ => return,
        }
        event.prevent_default();
    };
    let active = move || {
        let count = search.choices.with(Vec::len);
        (count > 0).then(|| option_id(search.at.get().min(count - 1)))
    };
    view! {
        <div class="switcher-field">
            <Icon glyph=Glyph::Search />
            <input
                node_ref=input
                id=INPUT_ID
                type="text"
                class="input text-field"
                role="combobox"
                aria-label=o.go_to_label
                placeholder=o.go_to_label
                aria-expanded="true"
                aria-autocomplete="list"
                aria-controls=LIST_ID
                aria-activedescendant=active
                maxlength=SEARCH_TERM_BYTES.to_string()
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                enterkeyhint="go"
                dir="auto"
                on:input=changed
                on:keydown=pressed
            />
            <button
                type="button"
                class="icon-button"
                aria-label=t.close
                on:click=move |_| search.close()
            >
                <Icon glyph=Glyph::Close />
            </button>
        </div>
    }
}

/// The place before or after one, and on from the other end.
const fn beside(at: usize, count: usize, forwards: bool) -> usize {
    if count == 0 {
        0
    } else if forwards {
        (at + 1) % count
    } else {
        (at + count - 1) % count
    }
}

/// How far the search is, seen and heard.
#[component]
fn Says(search: Search) -> impl IntoView {
    let t = texts();
    let o = t.organising();
    let says = move || {
        let term = search.typed.get();
        let count = search.choices.with(Vec::len);
        if term.trim().is_empty() {
            return o.recent.to_owned();
        }
        match search.finding.failure_of(&term) {
            Some(error) => fill(o.people_failed, &[("reason", &explain(t, &error))]),
            None if count > 0 => t.count(&o.found, count as u64),
            None if search.finding.is_looking(&term) => t.searching.to_owned(),
            None => fill(o.nothing_found, &[("term", term.trim())]),
        }
    };
    view! {
        <p class="form-hint switcher-says" role="status">
            {says}
        </p>
        <p class="form-hint danger" role="alert">
            {move || search.refused.get()}
        </p>
    }
}

#[component]
fn Options(search: Search) -> impl IntoView {
    let o = texts().organising();
    let go = use_go(search);
    let count = move || search.choices.with(Vec::len);
    let option = move |(at, choice): (usize, Choice)| {
        let is_active = move || search.at.get().min(count().saturating_sub(1)) == at;
        // A finger or a mouse must not take the focus from where one types.
        let keep = |event: ev::MouseEvent| event.prevent_default();
        view! {
            <li
                id=option_id(at)
                role="option"
                class="conversation"
                aria-selected=move || is_active().to_string()
                on:mousedown=keep
                on:click=move |_| go.run(at)
            >
                {entry(choice)}
            </li>
        }
    };
    Effect::new(move |_| {
        search.at.track();
        search.choices.track();
        let active = document().query_selector(".switcher [aria-selected=\"true\"]");
        if let Ok(Some(active)) = active {
            let nearest = web_sys::ScrollIntoViewOptions::new();
            nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
            active.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    });
    view! {
        <ul id=LIST_ID role="listbox" aria-label=o.go_to>
            {move || search.choices.get().into_iter().enumerate().map(option).collect_view()}
        </ul>
    }
}

fn entry(choice: Choice) -> impl IntoView {
    let class = if has_rtl(&choice.title) {
        "conversation-name nastaliq"
    } else {
        "conversation-name"
    };
    view! {
        <Avatar id=choice.face name=choice.title.clone() shape=choice.shape />
        <span class="conversation-text">
            <span class=class>
                <bdi>{choice.title}</bdi>
            </span>
            {choice
                .username
                .map(|username| {
                    view! {
                        <span class="conversation-last">
                            <bdi dir="ltr">{format!("@{username}")}</bdi>
                        </span>
                    }
                })}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round() {
        for (at, count, forwards, expected) in [
            (0, 3, true, 1),
            (2, 3, true, 0),
            (0, 3, false, 2),
            (0, 0, true, 0),
            (0, 1, false, 0),
        ] {
            assert_eq!(beside(at, count, forwards), expected, "{at} of {count}");
        }
    }
}
