//! Keeping the focus when what has it is moved or goes away.

use leptos::leptos_dom::helpers::queue_microtask;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

/// To be called in a browser, before the page changes. If the focus is inside what the first
/// selector names and the change takes it away, it goes back to where it was, or, where that is
/// gone, to what the first of the others finds.
pub fn keep_focus(inside: &'static str, or_else: &'static [&'static str]) {
    let held = document()
        .active_element()
        .filter(|element| matches!(element.closest(inside), Ok(Some(_))))
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let Some(held) = held else {
        return;
    };
    // Comes after the change, and before anything is painted.
    queue_microtask(move || {
        let active = document().active_element();
        if active.is_some_and(|element| element.tag_name() != "BODY") {
            return;
        }
        let target = if held.is_connected() {
            Some(held)
        } else {
            or_else.iter().find_map(|selector| {
                let element = document().query_selector(selector).ok().flatten()?;
                element.dyn_into().ok()
            })
        };
        if let Some(target) = target {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = target.focus_with_options(&options);
        }
    });
}
