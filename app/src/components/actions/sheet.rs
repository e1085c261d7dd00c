//! Everything that can be done with a message, in a dialog: beside it where there is a mouse, at
//! the lower edge of a touch screen.

use std::time::Duration;

use client::RowKey;
use leptos::ev::KeyboardEvent;
use leptos::html::Dialog;
use leptos::prelude::*;
use protocol::Content;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::emoji::{COLUMNS, QUICK, emoji_grid, more_emoji};
use super::{Actions, Allowed, Open, Part, rows};
use crate::components::naming;
use crate::i18n::{Texts, texts};
use crate::keys::is_composing;
use crate::ui::{Glyph, Icon};

/// Buttons among which arrows move.
const GROUPS: &str = ".quick, .emoji-grid, .sheet-list, .writing-bar";

/// How much of the message stands above.
const EXCERPT_CHARS: usize = 80;

/// The dialog of a conversation.
#[component]
pub(in crate::components) fn MessageSheet(
    /// What is being done.
    actions: Actions,
) -> impl IntoView {
    let a = texts().actions();
    let node = NodeRef::<Dialog>::new();
    show_when_open(actions, node);
    let open = Memo::new(move |_| actions.open.get());
    let closed = move |_| {
        let Some(Open { key, .. }) = actions.open.get_untracked() else {
            return;
        };
        actions.open.set(None);
        // The dialog gives the focus back to what opened it, where that can have it.
        if focus_is_lost(node) {
            rows::focus(key);
        }
    };
    let beside = move |event: leptos::ev::MouseEvent| {
        let on_backdrop = event.target() == event.current_target();
        if on_backdrop && !actions.press.is_under_finger() {
            close(node);
        }
    };
    view! {
        <dialog
            node_ref=node
            class="message-sheet"
            // What came under a finger that rested is not what it touched.
            class:untouchable=move || actions.press.under_finger.get()
            aria-label=a.actions
            data-testid="message-sheet"
            on:close=closed
            on:click=beside
            on:keydown=move |event| move_inside(&event)
        >
            {move || open.get().map(|open| view! { <Inside open actions node /> })}
        </dialog>
    }
}

/// Opens the dialog once what belongs in it is there.
fn show_when_open(actions: Actions, node: NodeRef<Dialog>) {
    Effect::new(move |_| {
        if actions.open.get().is_none() {
            return;
        }
        let show = move || {
            let open = actions.open.try_get_untracked().flatten();
            if let (Some(dialog), Some(open)) = (node.get_untracked(), open) {
                if !dialog.open() {
                    let _ = dialog.show_modal();
                }
                focus_first(&dialog, open.part);
            }
        };
        set_timeout(show, Duration::ZERO);
    });
}

fn focus_first(dialog: &Element, part: Part) {
    let selector = match part {
        Part::Menu => ".quick button, .sheet-list button",
        Part::Emoji => ".quick button",
    };
    let first = dialog.query_selector(selector).ok().flatten();
    if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
        let _ = first.focus();
    }
}

/// Whether the focus is nowhere once this dialog is closed. Where nothing had it before, it stays
/// on a button inside, which is about to go.
pub(in crate::components) fn focus_is_lost(closed: NodeRef<Dialog>) -> bool {
    let dialog = closed.get_untracked();
    document().active_element().is_none_or(|active| {
        active.tag_name() == "BODY" || dialog.is_some_and(|dialog| dialog.contains(Some(&active)))
    })
}

pub(in crate::components) fn close(node: NodeRef<Dialog>) {
    if let Some(dialog) = node.get_untracked() {
        dialog.close();
    }
}

#[component]
fn Inside(open: Open, actions: Actions, node: NodeRef<Dialog>) -> impl IntoView {
    let Open { key, part } = open;
    let t = texts();
    let row = actions.row(key);
    let text = row
        .as_ref()
        .map(|row| naming::line_of(&row.content, t, EXCERPT_CHARS));
    // What can be done while it is open is what could be when it was opened.
    let allowed = untrack(|| actions.allowed(key));
    let react = move |emoji: &str| {
        close(node);
        actions.react(key, emoji);
    };
    view! {
        <div class="sheet-body">
            <p class="sheet-what" dir="auto">{text}</p>
            {allowed.react.then(|| view! { <Quick key actions react more=part == Part::Menu /> })}
            {match part {
                Part::Menu => view! { <Menu key actions node /> }.into_any(),
                Part::Emoji => {
                    emoji_grid(more_emoji(), texts().actions().more_emoji, react).into_any()
                }
            }}
        </div>
    }
}

/// The six that are used most, and the way to the others.
#[component]
fn Quick(
    key: RowKey,
    actions: Actions,
    react: impl Fn(&str) + Copy + 'static,
    more: bool,
) -> impl IntoView {
    let a = texts().actions();
    let row = actions.row(key);
    let emoji = QUICK.map(|emoji| {
        let pressed = row
            .as_ref()
            .is_some_and(|row| actions.has_reacted(row, emoji));
        view! {
            <button
                type="button"
                class="emoji"
                aria-pressed=pressed.to_string()
                on:click=move |_| react(emoji)
            >
                {emoji}
            </button>
        }
    });
    view! {
        <div class="quick" role="group" aria-label=a.quick>
            {emoji.collect_view()}
            {more
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="emoji"
                            aria-label=a.more_emoji
                            title=a.more_emoji
                            on:click=move |_| actions.open_emoji(key)
                        >
                            <Icon glyph=Glyph::Plus />
                        </button>
                    }
                })}
        </div>
    }
}

#[component]
fn Menu(key: RowKey, actions: Actions, node: NodeRef<Dialog>) -> impl IntoView {
    let t = texts();
    let a = t.actions();
    let allowed = untrack(|| actions.allowed(key));
    let is_text = matches!(
        actions.row(key).map(|row| row.content),
        Some(Content::Text(_))
    );
    let item = move |offered: bool,
                     glyph: Glyph,
                     name: &'static str,
                     class: &'static str,
                     run: fn(Actions, RowKey)| {
        offered.then(|| {
            view! {
                <li>
                    <button
                        type="button"
                        class=class
                        on:click=move |_| {
                            close(node);
                            run(actions, key);
                        }
                    >
                        <Icon glyph />
                        <span>{name}</span>
                    </button>
                </li>
            }
        })
    };
    let (pin, save) = turned(allowed, t);
    view! {
        <ul class="sheet-list">
            {item(allowed.reply, Glyph::Reply, a.reply, "", Actions::reply)}
            {item(allowed.edit, Glyph::Note, a.edit, "", Actions::edit)}
            {item(allowed.forward, Glyph::Forward, t.forwarding().forward, "", Actions::ask_forward)}
            {item(allowed.save.is_some(), Glyph::Saved, save, "", Actions::save)}
            {item(
                allowed.save.is_some(),
                Glyph::Clock,
                t.reminders().remind,
                "",
                Actions::ask_remind,
            )}
            {item(allowed.copy, Glyph::Copy, a.copy, "", Actions::copy)}
            {item(allowed.link, Glyph::Link, t.search().copy_link, "", Actions::copy_link)}
            {item(allowed.seen, Glyph::Eye, t.about().seen_by, "", Actions::ask_seen)}
            {item(allowed.reactions, Glyph::Smile, a.reactions, "", Actions::ask_reactions)}
            {item(allowed.edits, Glyph::Clock, t.about().history, "", Actions::ask_edits)}
            {item(
                is_text && allowed.link,
                Glyph::Tick,
                t.selecting().begin,
                "",
                Actions::begin_selecting,
            )}
            {item(is_text, Glyph::Select, a.select, "only-touch", Actions::select)}
            {item(allowed.pin.is_some(), Glyph::Pin, pin, "", Actions::pin)}
            {item(allowed.report, Glyph::Alert, t.requests().report, "", Actions::ask_report)}
            {item(allowed.dismiss, Glyph::EyeOff, t.dismissing().for_me, "", Actions::dismiss)}
            {item(allowed.delete, Glyph::Bin, t.delete, "danger", Actions::ask_delete)}
        </ul>
    }
}

/// What pinning and saving are called, or their opposites.
fn turned(allowed: Allowed, t: &Texts) -> (&'static str, &'static str) {
    let (a, s) = (t.actions(), t.saved());
    let pin = match allowed.pin {
        Some(false) => a.unpin,
        _ => a.pin,
    };
    let save = match allowed.save {
        Some(false) => s.remove,
        _ => s.save,
    };
    (pin, save)
}

/// Arrows go along the emoji and other lines of buttons, and down the list.
pub(in crate::components) fn move_inside(event: &KeyboardEvent) {
    if is_composing(event) || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let to = target.and_then(|target| destination(&target, &event.key()));
    if let Some(to) = to {
        event.prevent_default();
        let _ = to.focus();
    }
}

fn destination(target: &Element, key: &str) -> Option<HtmlElement> {
    let group = target.closest(GROUPS).ok()??;
    let buttons = group.query_selector_all("button").ok()?;
    let buttons: Vec<HtmlElement> = (0..buttons.length())
        .filter_map(|at| buttons.item(at)?.dyn_into::<HtmlElement>().ok())
        .filter(|button| button.offset_width() > 0)
        .collect();
    let at = buttons.iter().position(|button| {
        let button: &Element = button;
        button == target
    })?;
    let columns = match group.class_name().as_str() {
        "sheet-list" => None,
        "emoji-grid" => Some(COLUMNS),
        _ => Some(buttons.len()),
    };
    let to = moved(at, buttons.len(), columns, key, rows::along(key))?;
    buttons.into_iter().nth(to)
}

/// Where a key leads among so many: in a list if there are no columns, otherwise in a grid.
fn moved(
    at: usize,
    count: usize,
    columns: Option<usize>,
    key: &str,
    along: Option<bool>,
) -> Option<usize> {
    match (key, columns, along) {
        ("Home", ..) => Some(0),
        ("End", ..) => count.checked_sub(1),
        ("ArrowDown", None, _) => Some(rows::beside(at, count, true)),
        ("ArrowUp", None, _) => Some(rows::beside(at, count, false)),
        ("ArrowDown", Some(columns), _) => Some(at + columns).filter(|to| *to < count),
        ("ArrowUp", Some(columns), _) => at.checked_sub(columns),
        (_, Some(_), Some(forwards)) => Some(rows::beside(at, count, forwards)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_move_in_a_grid_and_in_a_list() {
        for (at, columns, key, along, expected) in [
            (0, Some(3), "ArrowDown", None, Some(3)),
            (3, Some(3), "ArrowDown", None, None),
            (4, Some(3), "ArrowUp", None, Some(1)),
            (0, Some(3), "ArrowUp", None, None),
            (5, Some(3), "ArrowRight", Some(true), Some(0)),
            (0, Some(3), "ArrowRight", Some(false), Some(5)),
            (5, None, "ArrowDown", None, Some(0)),
            (0, None, "ArrowUp", None, Some(5)),
            (2, None, "ArrowRight", Some(true), None),
            (2, None, "Home", None, Some(0)),
            (2, Some(3), "End", None, Some(5)),
            (2, None, "Tab", None, None),
        ] {
            assert_eq!(moved(at, 6, columns, key, along), expected, "{at} {key}");
        }
    }
}
