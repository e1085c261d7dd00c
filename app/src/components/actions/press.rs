//! A finger that rests on a message opens what can be done with it.

use leptos::ev::PointerEvent;
use wasm_bindgen::JsCast;

use super::{Actions, rows};

/// A finger, or a button of the mouse.
pub(in crate::components) fn press(event: &PointerEvent, actions: Actions) {
    if actions.selection.is_on_untracked() {
        return;
    }
    let key = rows::key_of(event, actions).filter(|_| !is_on_button(event));
    let open = move |key| actions.open_menu(key);
    actions.press.down(event, key, open);
}

/// Whether it is on a button beside the message. A quote is one too, but part of what was said.
fn is_on_button(event: &PointerEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|element| element.closest("button:not(.quote)").ok().flatten())
        .is_some()
}
