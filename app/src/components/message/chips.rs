//! How people reacted to a message.

use client::RowKey;
use leptos::prelude::*;
use protocol::{Emoji, Reaction, UserId};

use crate::components::actions::Actions;
use crate::components::notice::Teller;
use crate::i18n::texts;
use crate::live::RowView;

/// A chip for each way; a click sets one's own, or takes it back, and a finger that rests asks
/// who it was.
#[component]
pub(super) fn Chips(
    /// Of which message.
    key: RowKey,
    /// What it shows.
    view: ArcRwSignal<RowView>,
    /// What is being done.
    actions: Actions,
) -> impl IntoView {
    let a = texts().actions();
    let reactions = Memo::new(move |_| view.with(|view| view.row.marks.reactions.clone()));
    name_them(actions, reactions);
    let kinds = move || {
        reactions.with(|reactions| {
            let kinds = reactions.iter().map(|reaction| reaction.emoji.clone());
            kinds.collect::<Vec<_>>()
        })
    };
    let any = Memo::new(move |_| reactions.with(|reactions| !reactions.is_empty()));
    move || {
        any.get().then(|| {
            view! {
                <div
                    class="chips"
                    id=format!("r-{}", key.send_id)
                    role="group"
                    aria-label=a.reactions
                >
                    <For each=kinds key=|emoji| emoji.clone() let(emoji)>
                        <Chip key emoji reactions actions />
                    </For>
                </div>
            }
        })
    }
}

#[component]
fn Chip(
    key: RowKey,
    emoji: Emoji,
    reactions: Memo<Vec<Reaction>>,
    actions: Actions,
) -> impl IntoView {
    let (t, live) = (texts(), actions.live);
    let (kind, face) = (emoji.clone(), emoji.as_str().to_owned());
    let users = Memo::new(move |_| {
        reactions.with(|reactions| {
            let of_kind = reactions.iter().find(|reaction| reaction.emoji == kind);
            of_kind.map_or(Vec::new(), |reaction| reaction.users.clone())
        })
    });
    let mine = move || users.with(|users| users.contains(&live.me()));
    let names = Memo::new(move |_| {
        let teller = Teller {
            t,
            me: live.me(),
            name_of: &|user| live.name(user),
        };
        users.with(|users| teller.list(users))
    });
    let count = move || users.with(Vec::len);
    let label = {
        let face = face.clone();
        move || names.with(|names| format!("{face} {}: {names}", count()))
    };
    let toggle = move |_| {
        // The finger that asked who it was is lifted.
        if actions.press.is_under_finger() {
            return;
        }
        let goes = users.with_untracked(|users| *users == [live.me()]);
        if goes {
            // The chip goes away and must not take the focus with it.
            actions.focus_row(key);
        }
        actions.react(key, emoji.as_str());
    };
    view! {
        <button
            type="button"
            class="chip"
            tabindex="-1"
            aria-pressed=move || mine().to_string()
            aria-label=label
            title=move || names.get()
            on:click=toggle
        >
            <span aria-hidden="true">{face}</span>
            <span aria-hidden="true">{count}</span>
        </button>
    }
}

/// Asks who those are whom nobody has named yet. In a browser only.
pub(super) fn name_them(actions: Actions, reactions: Memo<Vec<Reaction>>) {
    Effect::new(move |_| {
        let unknown: Vec<UserId> = reactions.with(|reactions| {
            let users = reactions.iter().flat_map(|reaction| &reaction.users);
            users
                .filter(|user| untrack(|| actions.live.name(**user)).is_none())
                .copied()
                .collect()
        });
        if !unknown.is_empty() {
            actions.live.name_these(unknown);
        }
    });
}
