//! Taking back what has just been put out of sight.

use std::time::Duration;

use leptos::ev;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Organising;
use super::menu::focus_row;
use crate::i18n::texts;
use crate::keys::{is_composing, shortcut};
use crate::ui::{Glyph, Icon, keep_focus};

/// How long it can be taken back; as long as somebody is at it, longer.
const STAYS: Duration = Duration::from_secs(10);

/// What was put away, and the way back; Ctrl+Z is another.
#[component]
pub fn UndoStrip(
    /// What is being arranged.
    organising: Organising,
) -> impl IntoView {
    undo_with_key(organising);
    let undo = move || {
        let id = organising.undoable.get_untracked();
        undo(organising);
        // The button goes, and what it has brought back is there.
        if let Some(id) = id {
            set_timeout(move || focus_row(id), Duration::ZERO);
        }
    };
    let over = move || {
        organising.undoable.try_set(None);
    };
    let said = move || Some(organising.archived_now(organising.undoable.get()?));
    view! { <UndoLine said=Signal::derive(said) undo over /> }
}

/// Something that was just done, for a while, and the way back.
#[component]
pub fn UndoLine(
    /// What is said of it; nothing when it is over.
    said: Signal<Option<String>>,
    /// Takes it back.
    undo: impl Fn() + Copy + Send + Sync + 'static,
    /// It is not to be taken back any more.
    over: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let t = texts();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let start = move || {
        stop();
        timer.set_value(set_timeout_with_handle(over, STAYS).ok());
    };
    Effect::new(move |_| match said.get() {
        Some(_) => start(),
        None => stop(),
    });
    on_cleanup(stop);
    move || {
        said.get().map(|said| {
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
                    <p>{said}</p>
                    <button type="button" class="link-button" on:click=move |_| undo()>
                        {t.organising().undo}
                    </button>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=t.close
                        on:click=move |_| {
                            keep_focus(".undo-strip", &[".thread", "#composer", ".conversations a[tabindex=\"0\"]"]);
                            over();
                        }
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
