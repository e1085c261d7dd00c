//! How the focus comes into a composer.

use leptos::ev;
use leptos::html::Textarea;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::COMPOSER_ID;
use crate::components::layers::dialog_is_open;
use crate::components::virtual_keyboard::is_editable;
use crate::keys::{is_composing, writes};

/// What stands beside a conversation, and the field in it where it has one.
const BESIDE: &str = ".details";
const FIELD_BESIDE: &str = ".composer textarea";

/// Puts the focus into the composer, if there is one.
pub fn focus_composer() {
    let field = document().get_element_by_id(COMPOSER_ID);
    focus(field);
}

fn focus(field: Option<Element>) {
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        let _ = field.focus();
    }
}

/// A character typed anywhere but in a field goes to the composer, in every script. No single
/// letter is a command. Whoever is in what stands beside the conversation writes there, or
/// nowhere: it would be sent to others than they think.
pub(super) fn type_to_focus(node: NodeRef<Textarea>) {
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| {
            if event.default_prevented() || is_composing(&event) || !writes(&event) {
                return;
            }
            let active = document().active_element();
            if active.as_ref().is_some_and(is_editable) || dialog_is_open() {
                return;
            }
            let beside = active.and_then(|active| active.closest(BESIDE).ok().flatten());
            // The browser writes the character into whatever has the focus afterwards.
            focus(match beside {
                Some(beside) => beside.query_selector(FIELD_BESIDE).ok().flatten(),
                None => node.get_untracked().map(Into::into),
            });
        });
        on_cleanup(move || handle.remove());
    });
}
