//! Sending a message on to other conversations: a dialog in which they are chosen.

mod tally;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use client::{ListRow, RowKey};
use leptos::html::{Dialog, Input};
use leptos::prelude::*;
use protocol::limits::FORWARD_TO;
use protocol::{Content, ConversationId, Intent, MessageBody, Section};

use super::{Actions, rows};
use crate::components::closed::why_closed;
use crate::components::naming;
use crate::i18n::{fill, has_rtl, texts};
use crate::live::ListItem;
use crate::ui::{Avatar, AvatarSize, Glyph, Icon, ask};
use tally::{Tally, Told};

const TITLE_ID: &str = "forward-title";
const TERM_ID: &str = "forward-term";

/// Conversations offered at once.
const MOST: usize = 50;

/// What is being forwarded, and where to.
#[derive(Clone, Copy)]
pub(super) struct Forwarding {
    /// In their order.
    messages: RwSignal<Vec<RowKey>>,
    chosen: RwSignal<BTreeSet<ConversationId>>,
    term: RwSignal<String>,
}

impl Forwarding {
    pub(super) fn new() -> Self {
        Self {
            messages: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(BTreeSet::new()),
            term: RwSignal::new(String::new()),
        }
    }

    fn toggle(self, id: ConversationId) {
        self.chosen.update(|chosen| {
            if !chosen.remove(&id) && chosen.len() < FORWARD_TO {
                chosen.insert(id);
            }
        });
    }

    fn is_full(self) -> bool {
        self.chosen.with(BTreeSet::len) >= FORWARD_TO
    }
}

impl Actions {
    pub(super) fn ask_forward(self, key: RowKey) {
        self.ask_forward_of(vec![key]);
    }

    /// The same for several, in their order.
    pub(in crate::components) fn ask_forward_of(self, keys: Vec<RowKey>) {
        self.forwarding.chosen.set(BTreeSet::new());
        self.forwarding.term.set(String::new());
        self.forwarding.messages.set(keys);
    }

    /// Sends them, and says what became of it once all are stored. The words are the reader's own
    /// messages from now on; whose they were stays here.
    fn forward(self) {
        let Forwarding {
            messages, chosen, ..
        } = self.forwarding;
        let rows = messages.get_untracked().into_iter();
        let contents = rows.filter_map(|key| self.row(key)).map(|row| row.content);
        let texts = contents.filter_map(|content| match content {
            Content::Text(text) => Some(text.body),
            _ => None,
        });
        let texts: Vec<MessageBody> = texts.collect();
        let chosen = chosen.get_untracked();
        let tally = Tally::new(chosen.clone(), texts.len() * chosen.len());
        let tally = Rc::new(RefCell::new(tally));
        for text in &texts {
            for id in chosen.iter().copied() {
                let (tally, text) = (Rc::clone(&tally), text.as_str().to_owned());
                self.live.send(id, Intent::Forward { text }, move |queued| {
                    let told = tally.borrow_mut().count(id, queued);
                    if let Some(told) = told {
                        self.tell_forwarded(told);
                    }
                });
            }
        }
        self.stop_selecting();
    }

    fn tell_forwarded(self, told: Told) {
        let reached = told.reached as u64;
        let forwarded = self.t.count(&self.t.forwarding().forwarded_to, reached);
        let refused = self.t.forwarding().refused;
        match told.reached {
            _ if told.is_all => self.spoken.tell(&forwarded),
            0 => self.spoken.warn(refused),
            _ => self.spoken.warn(&format!("{forwarded}. {refused}")),
        }
    }
}

/// Whether a conversation is meant by the beginning of any word of its title.
fn fits(title: &str, term: &str) -> bool {
    let (title, term) = (title.to_lowercase(), term.trim().to_lowercase());
    title.starts_with(&term) || title.split_whitespace().any(|word| word.starts_with(&term))
}

/// The dialog of a conversation.
pub(in crate::components) fn forward_dialog(actions: Actions) -> impl IntoView {
    let t = texts();
    let f = t.forwarding();
    let node = NodeRef::<Dialog>::new();
    let forwarding = actions.forwarding;
    let messages = forwarding.messages;
    let is_asked = Memo::new(move |_| messages.with(|messages| !messages.is_empty()));
    Effect::new(move |_| {
        if is_asked.get() {
            ask(node);
        }
    });
    let closed = move |_| {
        let last = messages.with_untracked(|messages| messages.last().copied());
        if let Some(key) = last {
            messages.set(Vec::new());
            rows::focus(key);
        }
    };
    let close = move || {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if forwarding
            .chosen
            .with_untracked(|chosen| !chosen.is_empty())
        {
            actions.forward();
            close();
        }
    };
    view! {
        <dialog
            node_ref=node
            class="dialog forward"
            data-testid="forward"
            aria-labelledby=TITLE_ID
            on:close=closed
        >
            <form method="dialog" on:submit=send>
                <div class="dialog-head">
                    <h2 id=TITLE_ID>{f.forward}</h2>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=t.close
                        title=t.close
                        on:click=move |_| close()
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                </div>
                {move || is_asked.get().then(|| choice(actions))}
            </form>
        </dialog>
    }
}

/// The field, the conversations and the button.
fn choice(actions: Actions) -> impl IntoView {
    let t = texts();
    let f = t.forwarding();
    let forwarding = actions.forwarding;
    let input = NodeRef::<Input>::new();
    let typed = move |_| {
        if let Some(input) = input.get_untracked() {
            forwarding.term.set(input.value());
        }
    };
    let offered = move || offered(actions);
    let none = move || offered().is_empty();
    let count = move || forwarding.chosen.with(BTreeSet::len);
    let said = move || match count() {
        0 => String::new(),
        FORWARD_TO => fill(f.at_most, &[("count", &FORWARD_TO.to_string())]),
        count => t.count(&f.chosen, count as u64),
    };
    view! {
        <div class="form-field" role="search">
            <label for=TERM_ID>{f.find}</label>
            <input
                node_ref=input
                id=TERM_ID
                type="search"
                class="input text-field"
                maxlength="128"
                autocomplete="off"
                dir="auto"
                on:input=typed
            />
        </div>
        <ul class="forward-list" aria-labelledby=TITLE_ID>
            <For each=offered key=|item| item.id let(item)>
                {conversation(actions, &item)}
            </For>
        </ul>
        {move || none().then(|| view! { <p class="form-hint">{f.none_found}</p> })}
        <p class="form-hint" role="status">
            {said}
        </p>
        <div class="dialog-buttons">
            <button
                type="submit"
                class="btn btn-primary"
                aria-disabled=move || (count() == 0).to_string()
            >
                {f.forward}
            </button>
        </div>
    }
}

/// The chosen ones stay whatever is looked for.
fn offered(actions: Actions) -> Vec<ListItem> {
    let Forwarding { chosen, term, .. } = actions.forwarding;
    let (t, me) = (actions.t, actions.live.me());
    let term = term.get();
    actions.live.list().with(|items| {
        let is_meant = |item: &&ListItem| {
            // Whoever forwards something there would accept by it.
            let asks = |row: &ListRow| row.section == Section::Requests;
            if item.row.with_untracked(asks) {
                return false;
            }
            let title = item
                .row
                .with_untracked(|row| naming::title(&row.summary, me, t));
            fits(&title, &term) || chosen.with_untracked(|chosen| chosen.contains(&item.id))
        };
        items.iter().filter(is_meant).take(MOST).cloned().collect()
    })
}

fn conversation(actions: Actions, item: &ListItem) -> impl IntoView + use<> {
    let (t, me) = (texts(), actions.live.me());
    let forwarding = actions.forwarding;
    let id = item.id;
    let (title, face, shape) = item.row.with_untracked(|row| {
        let summary = &row.summary;
        (
            naming::title(summary, me, t),
            naming::face(summary, me),
            naming::shape(summary),
        )
    });
    let (row, blocked) = (item.row.clone(), actions.live.blocked());
    let closed = Memo::new(move |_| {
        blocked.with(|blocked| row.with(|row| why_closed(&row.summary, me, blocked)))
    });
    let is_chosen = move || forwarding.chosen.with(|chosen| chosen.contains(&id));
    let cannot_be = move || closed.with(Option::is_some) || forwarding.is_full();
    let is_off = move || !is_chosen() && cannot_be();
    let class = if has_rtl(&title) {
        "forward-name nastaliq"
    } else {
        "forward-name"
    };
    view! {
        <li>
            <label class="forward-row">
                <input
                    type="checkbox"
                    prop:checked=is_chosen
                    disabled=is_off
                    on:change=move |_| forwarding.toggle(id)
                />
                <Avatar id=face name=title.clone() size=AvatarSize::Small shape />
                <span class=class>
                    <bdi>{title}</bdi>
                    {move || {
                        let reason = closed.with(|closed| Some(closed.as_ref()?.reason(t)));
                        reason.map(|reason| view! { <small>{reason}</small> })
                    }}
                </span>
            </label>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_is_meant_by_any_word_of_its_title() {
        for (title, term, expected) in [
            ("Asha Rao", "", true),
            ("Asha Rao", "as", true),
            ("Asha Rao", " RA ", true),
            ("Asha Rao", "asha r", true),
            ("Asha Rao", "ao", false),
            ("زویا خان", "خا", true),
            ("मीरा", "मी", true),
            ("मीरा", "m", false),
        ] {
            assert_eq!(fits(title, term), expected, "{title} {term}");
        }
    }

    #[test]
    fn so_many_are_chosen_and_taken_out_again() {
        let owner = Owner::new();
        owner.with(|| {
            let forwarding = Forwarding::new();
            let id = |n: u8| ConversationId::from_bytes([n; 16]);
            for n in 0..=u8::try_from(FORWARD_TO).unwrap() {
                forwarding.toggle(id(n));
            }
            assert!(forwarding.is_full());
            assert_eq!(forwarding.chosen.with(BTreeSet::len), FORWARD_TO);
            forwarding.toggle(id(0));
            assert!(!forwarding.is_full());
            forwarding.toggle(id(99));
            assert!(forwarding.chosen.with(|chosen| chosen.contains(&id(99))));
        });
    }
}
