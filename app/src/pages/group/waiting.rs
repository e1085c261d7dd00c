//! What was asked of the server and is not done yet, or was refused.

use client::Waiting;
use leptos::prelude::*;

use super::desk::Desk;
use crate::components::asked::{is_of_group, progress};
use crate::components::notice::Teller;
use crate::i18n::texts;

/// The list; nothing while nothing waits.
#[component]
pub(super) fn WaitingChanges(desk: Desk) -> impl IntoView {
    let t = texts();
    let waiting = Memo::new(move |_| {
        desk.waiting.with(|waiting| {
            let of_group = waiting.iter().filter(|it| is_of_group(&it.intent));
            of_group.cloned().collect::<Vec<_>>()
        })
    });
    // Refusals are said by the line over the composer, see `components::refused`.
    view! {
        <div class="waiting-changes">
            <Show when=move || waiting.with(|waiting| !waiting.is_empty())>
                <ul class="rows" aria-label=t.groups().waiting_changes>
                    <For
                        each=move || waiting.get()
                        key=|it| (it.send_id, it.delivery)
                        let(it)
                    >
                        <Change desk it />
                    </For>
                </ul>
            </Show>
        </div>
    }
}

/// One of them.
#[component]
fn Change(desk: Desk, it: Waiting) -> impl IntoView {
    let t = texts();
    let (state, over) = progress(t, &it);
    let send_id = it.send_id;
    let live = desk.live;
    let text = move || {
        let teller = Teller {
            t,
            me: live.me(),
            name_of: &|user| live.name(user),
        };
        teller.intent(&it.intent)
    };
    let buttons = over.then(|| {
        view! {
            <div class="buttons">
                <button type="button" class="link-button" on:click=move |_| live.retry(send_id)>
                    {t.retry}
                </button>
                <button type="button" class="link-button" on:click=move |_| live.discard(send_id)>
                    {t.groups().dismiss}
                </button>
            </div>
        }
    });
    view! {
        <li data-testid="waiting-change">
            <div class="grow">
                <p>{text}</p>
                <p class=if over { "form-error" } else { "form-hint" }>{state}</p>
            </div>
            {buttons}
        </li>
    }
}
