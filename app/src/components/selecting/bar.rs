//! What is done with the selected messages, in the place of the composer, and the box beside
//! each message.

use client::{Row, RowKey};
use leptos::prelude::*;

use super::chosen::MOST;
use super::{Actions, FORWARD_MESSAGES};
use crate::i18n::{Texts, fill, texts};
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

/// What is known of the selected messages.
#[derive(Clone, Copy)]
struct Known {
    rows: Memo<Vec<Row>>,
    none: Memo<bool>,
    /// Whether they are more than are forwarded at once.
    many: Memo<bool>,
    /// Whether not all of them may be deleted.
    kept: Memo<bool>,
}

impl Known {
    fn of(actions: Actions) -> Self {
        let rows = Memo::new(move |_| actions.chosen_rows());
        Self {
            rows,
            none: Memo::new(move |_| rows.with(Vec::is_empty)),
            many: Memo::new(move |_| rows.with(Vec::len) > FORWARD_MESSAGES),
            kept: Memo::new(move |_| rows.with(|rows| !actions.may_delete_all(rows))),
        }
    }

    fn says(self, t: &Texts) -> String {
        let (s, count) = (t.selecting(), self.rows.with(Vec::len));
        let chosen = t.count(&s.count, count as u64);
        if count < MOST {
            return chosen;
        }
        let most = fill(s.at_most, &[("count", &MOST.to_string())]);
        format!("{chosen}. {most}")
    }

    /// Why what is off is off.
    fn why(self, t: &Texts) -> String {
        let (s, most) = (t.selecting(), FORWARD_MESSAGES.to_string());
        let many = || fill(s.too_many_forward, &[("count", &most)]);
        let reasons = [
            self.many.get().then(many),
            self.kept.get().then(|| s.not_deletable.to_owned()),
        ];
        let reasons: Vec<String> = reasons.into_iter().flatten().collect();
        reasons.join(" ")
    }
}

#[component]
fn Bar(actions: Actions) -> impl IntoView {
    let t = texts();
    let (s, known) = (t.selecting(), Known::of(actions));
    let none = Signal::from(known.none);
    let forward_off = Signal::derive(move || known.none.get() || known.many.get());
    let delete_off = Signal::derive(move || known.none.get() || known.kept.get());
    let tool =
        move |glyph: Glyph, name: &'static str, off: Signal<bool>, run: fn(Actions, &[Row])| {
            let go = move || run(actions, &known.rows.get_untracked());
            tool(glyph, name, off, go)
        };
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
                    {move || known.says(t)}
                </p>
                {tool(Glyph::Copy, s.copy, none, Actions::copy_chosen)}
                {tool(Glyph::Forward, t.forwarding().forward, forward_off, forward)}
                {tool(Glyph::Saved, s.save, none, Actions::save_chosen)}
                {tool(Glyph::EyeOff, t.dismissing().for_me, none, Actions::dismiss_chosen)}
                {tool(Glyph::Bin, t.actions().delete_now, delete_off, delete)}
            </div>
            <p id=WHY_ID class="form-hint">
                {move || known.why(t)}
            </p>
        </div>
    }
}

/// A button of the bar. One that is off stays where it is, and the line under the bar says why.
fn tool(
    glyph: Glyph,
    name: &'static str,
    off: Signal<bool>,
    run: impl Fn() + 'static,
) -> impl IntoView {
    let go = move |_| {
        if !off.get_untracked() {
            run();
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
}

fn forward(actions: Actions, rows: &[Row]) {
    actions.ask_forward_of(keys(rows));
}

fn delete(actions: Actions, rows: &[Row]) {
    actions.ask_delete_of(keys(rows));
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
                    class="select-mark"
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
