//! Taking back what has just been put out of sight.

use std::time::Duration;

use leptos::ev;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Organising;
use super::menu::focus_row;
use crate::keys::{is_composing, shortcut};
use crate::ui::{Glyph, Icon};

/// How long it can be taken back; as long as somebody is at it, longer.
const STAYS: Duration = Duration::from_secs(10);

/// What was put away, and the way back; Ctrl+Z is another.
#[component]
pub fn UndoStrip(
    /// What is being arranged.
    organising: Organising,
) -> impl IntoView {
    let t = organising.t;
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let over = move || {
        organising.undoable.try_set(None);
    };
    let start = move || {
        stop();
        timer.set_value(set_timeout_with_handle(over, STAYS).ok());
    };
    Effect::new(move |_| match organising.undoable.get() {
        Some(_) => start(),
        None => stop(),
    });
    on_cleanup(stop);
    undo_with_key(organising);
    let undo = move |id| {
        undo(organising);
        // The button goes, and what it has brought back is there.
        set_timeout(move || focus_row(id), Duration::ZERO);
    };
    move || {
        organising.undoable.get().map(|id| {
            view! {
                <div
                    class="undo-strip"
                    role="region"
                    aria-label=t.organising().undo
                    data-testid="undo"
                    on:pointerenter=move |_| stop()
                    on:pointerleave=move |_| start()
                    on:focusin=move |_| stop()
                    on:focusout=move |_| start()
                >
                    <p>{organising.archived_now(id)}</p>
                    <button type="button" class="link-button" on:click=move |_| undo(id)>
                        {t.organising().undo}
                    </button>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=t.close
                        on:click=move |_| over()
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                </div>
            }
        })
    }
}

fn undo(organising: Organising) {
    if let Some(id) = organising.undoable.get_untracked() {
        organising.take_out(id);
    }
}

/// Where somebody writes, the key takes back what they wrote.
fn undo_with_key(organising: Organising) {
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| {
            let is_undo = shortcut(&event) == Some('z') && !event.shift_key();
            let offered = organising.undoable.get_untracked().is_some();
            if is_undo && offered && !is_composing(&event) && !writes_somewhere() {
                event.prevent_default();
                undo(organising);
            }
        });
        on_cleanup(move || handle.remove());
    });
}

fn writes_somewhere() -> bool {
    document().active_element().is_some_and(|active| {
        let text = "input:not([type=\"radio\"]), textarea, [contenteditable]";
        active
            .dyn_ref::<web_sys::Element>()
            .is_some_and(|active| active.matches(text).unwrap_or(false))
    })
}
