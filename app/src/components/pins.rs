//! The pinned messages: a line under the bar, and the list that it opens.

use std::collections::BTreeMap;
use std::time::Duration;

use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::permission::{Action, permit};
use protocol::{Content, Seq, UserId};

use crate::api::messages::history;
use crate::components::actions::Actions;
use crate::components::naming;
use crate::components::paragraphs::quoted;
use crate::i18n::texts;
use crate::ui::{Clock, Glyph, Icon, TimeStyle};

/// How much of a message is shown at most; the style sheet cuts it to its line.
const EXCERPT_CHARS: usize = 160;

/// What is known of a pinned message.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Pinned {
    author: UserId,
    at: protocol::Timestamp,
    content: Content,
}

/// Pinned messages that are further back than what is held, as the server last told them.
type Fetched = RwSignal<BTreeMap<Seq, Pinned>>;

/// The line, where anything is pinned.
#[component]
pub fn PinnedLine(
    /// What is being done.
    actions: Actions,
) -> impl IntoView {
    let t = texts();
    let a = t.actions();
    let pins = actions.view().pins;
    let pins = Memo::new(move |_| pins.get());
    let newest = Memo::new(move |_| pins.with(|pins| pins.first().copied()));
    let fetched: Fetched = RwSignal::new(BTreeMap::new());
    // In a browser only.
    Effect::new(move |_| {
        if let Some(seq) = newest.get() {
            fetch(actions, fetched, vec![seq]);
        }
    });
    let node = NodeRef::<Dialog>::new();
    let opened = RwSignal::new(false);
    let open = move |_| {
        opened.set(true);
        fetch(actions, fetched, pins.get_untracked());
        let show = move || {
            if let Some(dialog) = node.get_untracked() {
                let _ = dialog.show_modal();
            }
        };
        // What belongs in it is there then.
        set_timeout(show, Duration::ZERO);
    };
    let count = move || {
        let count = pins.with(Vec::len);
        t.count(&a.pins_count, count as u64)
    };
    view! {
        {move || {
            newest
                .get()
                .map(|seq| {
                    view! {
                        <button
                            type="button"
                            class="pinned-line"
                            data-testid="pinned-line"
                            aria-haspopup="dialog"
                            on:click=open
                        >
                            <Icon glyph=Glyph::Pin />
                            <span class="pinned-text">
                                <b>{count}</b>
                                {excerpt_of(actions, fetched, seq)}
                            </span>
                        </button>
                    }
                })
        }}
        <List actions pins fetched opened node />
    }
}

/// The list. What is in it is made when it is opened.
#[component]
fn List(
    actions: Actions,
    pins: Memo<Vec<Seq>>,
    fetched: Fetched,
    opened: RwSignal<bool>,
    node: NodeRef<Dialog>,
) -> impl IntoView {
    let t = texts();
    let entries = move || {
        opened.get().then(|| {
            view! {
                <ul>
                    <For each=move || pins.get() key=|seq| *seq let(seq)>
                        <Entry seq actions fetched node />
                    </For>
                </ul>
            }
        })
    };
    view! {
        <dialog
            node_ref=node
            class="dialog pins"
            aria-labelledby="pins-title"
            on:close=move |_| opened.set(false)
        >
            <div class="dialog-head">
                <h2 id="pins-title">{t.actions().pinned_messages}</h2>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=t.close
                    on:click=move |_| close(node)
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            {entries}
        </dialog>
    }
}

fn close(node: NodeRef<Dialog>) {
    if let Some(dialog) = node.get_untracked() {
        dialog.close();
    }
}

/// One of the list: who, what and when, the way there, and no longer.
#[component]
fn Entry(seq: Seq, actions: Actions, fetched: Fetched, node: NodeRef<Dialog>) -> impl IntoView {
    let t = texts();
    let a = t.actions();
    let live = actions.live;
    let pinned = known(actions, fetched, seq);
    let name = move || {
        let author = pinned.with(|pinned| Some(pinned.as_ref()?.author))?;
        if author == live.me() {
            Some(t.you.to_owned())
        } else {
            live.name(author)
        }
    };
    let when = move || {
        let at = pinned.with(|pinned| Some(pinned.as_ref()?.at))?;
        Some(view! { <Clock at style=TimeStyle::DateAndClock /> })
    };
    let may_unpin = Memo::new(move |_| may_pin(actions));
    let unpin = move |_| {
        // The button goes away with the message, and the last takes the list along.
        let is_last = actions.view().pins.with_untracked(|pins| pins.len() <= 1);
        actions.pin_at(seq, false);
        if is_last {
            close(node);
            // The line that the list was opened from goes as well.
            actions.scroller.focus();
        } else if let Some(dialog) = node.get_untracked() {
            let first = dialog.query_selector("button").ok().flatten();
            let first = first.and_then(|it| wasm_bindgen::JsCast::dyn_into(it).ok());
            if let Some(first) = first {
                let first: web_sys::HtmlElement = first;
                let _ = first.focus();
            }
        }
    };
    let jump = move |_| {
        close(node);
        actions.jump(seq);
    };
    view! {
        <li class="pin">
            <button type="button" class="pin-way" title=a.go_there on:click=jump>
                <span class="pin-who">
                    <b>
                        <bdi>{name}</bdi>
                    </b>
                    " "
                    {when}
                </span>
                {excerpt_of(actions, fetched, seq)}
            </button>
            <Show when=move || may_unpin.get()>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=a.unpin
                    title=a.unpin
                    on:click=unpin
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </Show>
        </li>
    }
}

fn may_pin(actions: Actions) -> bool {
    let me = actions.live.me();
    actions.view().summary.with(|summary| {
        summary.as_ref().is_some_and(|summary| {
            let mut members = summary.members.iter();
            let role = members
                .find(|member| member.person.id == me)
                .map(|member| member.role);
            permit(summary.kind, summary.settings, role, Action::Pin).is_ok()
        })
    })
}

/// What is known of the message at a place, as it is now.
fn known(actions: Actions, fetched: Fetched, seq: Seq) -> Memo<Option<Pinned>> {
    Memo::new(move |_| {
        actions.track_rows();
        let held = actions.live.row_at(actions.id, seq).map(|row| Pinned {
            author: row.key.author,
            at: row.sent_at,
            content: row.content,
        });
        held.or_else(|| fetched.with(|fetched| fetched.get(&seq).cloned()))
    })
}

fn excerpt_of(actions: Actions, fetched: Fetched, seq: Seq) -> impl IntoView {
    let t = texts();
    let pinned = known(actions, fetched, seq);
    move || {
        let text = pinned.with(|pinned| {
            pinned.as_ref().map_or_else(
                || t.actions().earlier.to_owned(),
                |pinned| naming::line_of(&pinned.content, t, EXCERPT_CHARS),
            )
        });
        quoted(text)
    }
}

/// Asks for those that are not held, one after the other.
fn fetch(actions: Actions, fetched: Fetched, places: Vec<Seq>) {
    let missing: Vec<Seq> = places
        .into_iter()
        .filter(|seq| actions.live.row_at(actions.id, *seq).is_none())
        .collect();
    spawn_local(async move {
        for seq in missing {
            // Where the answer fails to come, only the words are missing.
            let Ok(page) = history(actions.id, seq, seq).await else {
                return;
            };
            for message in page.messages {
                let pinned = Pinned {
                    author: message.author,
                    at: message.sent_at,
                    content: message.content,
                };
                let there = fetched.try_update(|fetched| fetched.insert(message.seq, pinned));
                if there.is_none() {
                    return;
                }
            }
        }
    });
}
