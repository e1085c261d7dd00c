//! What is done with the selected messages, in the place of the composer, and the box beside
//! each message.

use client::{Row, RowKey};
use leptos::prelude::*;

use super::chosen::MOST;
use super::{Actions, FORWARD_MESSAGES};
use crate::i18n::{fill, texts};
use crate::ui::{Glyph, Icon};

const WHY_ID: &str = "selection-why";

/// The bar, while messages are selected.
#[component]
pub fn SelectionBar(
    /// What is being done.
    actions: Actions,
) -> impl IntoView {
    let is_on = Memo::new(move |_| actions.selection.is_on());
    move || is_on.get().then(|| view! { <Bar actions /> })
}

#[component]
fn Bar(actions: Actions) -> impl IntoView {
    let t = texts();
    let s = t.selecting();
    let rows = Memo::new(move |_| actions.chosen_rows());
    let count = Memo::new(move |_| rows.with(Vec::len));
    let none = Memo::new(move |_| count.get() == 0);
    let many = Memo::new(move |_| count.get() > FORWARD_MESSAGES);
    let kept = Memo::new(move |_| rows.with(|rows| !actions.may_delete_all(rows)));
    let says = move || {
        let chosen = t.count(&s.count, count.get() as u64);
        if count.get() < MOST {
            return chosen;
        }
        format!(
            "{chosen}. {}",
            fill(s.at_most, &[("count", &MOST.to_string())])
        )
    };
    let why = move || {
        let most = FORWARD_MESSAGES.to_string();
        let many = many
            .get()
            .then(|| fill(s.too_many_forward, &[("count", &most)]));
        let kept = kept.get().then(|| s.not_deletable.to_owned());
        [many, kept]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let tool =
        move |glyph: Glyph, name: &'static str, off: Signal<bool>, run: fn(Actions, &[Row])| {
            let go = move |_| {
                if !off.get_untracked() {
                    run(actions, &rows.get_untracked());
                }
            };
            view! {
                <button
                    type="button"
                    class="icon-button"
                    aria-label=name
                    title=name
                    aria-disabled=move || off.get().to_string()
                    aria-describedby=WHY_ID
                    on:click=go
                >
                    <Icon glyph />
                </button>
            }
        };
    let forward_off = Signal::derive(move || none.get() || many.get());
    let delete_off = Signal::derive(move || none.get() || kept.get());
    view! {
        <div class="selection-bar" role="group" aria-label=s.region data-testid="selection-bar">
            <div class="selection-tools">
                <button
                    type="button"
                    class="icon-button"
                    aria-label=s.leave
                    title=s.leave
                    on:click=move |_| {
                        actions.stop_selecting();
                    }
                >
                    <Icon glyph=Glyph::Close />
                </button>
                <p class="grow" role="status">
                    {says}
                </p>
                {tool(Glyph::Copy, s.copy, none.into(), Actions::copy_chosen)}
                {tool(
                    Glyph::Forward,
                    t.forwarding().forward,
                    forward_off,
                    |actions, rows| actions.ask_forward_of(keys(rows)),
                )}
                {tool(Glyph::Saved, s.save, none.into(), Actions::save_chosen)}
                {tool(
                    Glyph::Bin,
                    t.actions().delete_now,
                    delete_off,
                    |actions, rows| actions.ask_delete_of(keys(rows)),
                )}
            </div>
            <p id=WHY_ID class="form-hint">
                {why}
            </p>
        </div>
    }
}

fn keys(rows: &[Row]) -> Vec<RowKey> {
    rows.iter().map(|row| row.key).collect()
}

/// The box beside a message, while messages are selected.
pub(in crate::components) fn choice(key: RowKey, actions: Actions) -> impl IntoView {
    let s = texts().selecting();
    let is_on = Memo::new(move |_| {
        if !actions.selection.is_on() {
            return false;
        }
        actions.track_rows();
        actions.row(key).as_ref().is_some_and(super::can_be_chosen)
    });
    let is_chosen = Memo::new(move |_| actions.selection.contains(key));
    let id = key.send_id;
    move || {
        is_on.get().then(|| {
            view! {
                <span
                    class="choice"
                    role="checkbox"
                    aria-checked=move || is_chosen.get().to_string()
                    aria-labelledby=format!("a-{id} b-{id}")
                    data-testid="choice"
                >
                    <Icon glyph=Glyph::Tick />
                    // The message's own name says it too.
                    <span class="hidden-text" id=format!("c-{id}")>
                        {move || is_chosen.get().then_some(s.selected)}
                    </span>
                </span>
            }
        })
    }
}
