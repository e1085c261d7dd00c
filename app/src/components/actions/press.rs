//! A finger that rests on a message opens what can be done with it; one that rests on a reaction,
//! who reacted.

use leptos::ev::PointerEvent;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{Actions, rows};

/// What a finger rests on.
enum On {
    Message,
    Reaction,
}

/// A finger, or a button of the mouse.
pub(in crate::components) fn press(event: &PointerEvent, actions: Actions) {
    if actions.selection.is_on_untracked() {
        return;
    }
    let key = rows::key_of(event, actions);
    let on = key.and_then(|key| Some((key, on(event)?)));
    actions.press.down(event, on, move |(key, on)| match on {
        On::Message => actions.open_menu(key),
        On::Reaction => actions.ask_reactions(key),
    });
}

/// What it is on, if not on another button beside the message. A quote is one too, but part of
/// what was said.
fn on(event: &PointerEvent) -> Option<On> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let around = |selector| target.closest(selector).ok().flatten();
    match around("button:not(.quote)") {
        None => Some(On::Message),
        Some(_) => around(".chip").map(|_| On::Reaction),
    }
}
