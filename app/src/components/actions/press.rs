//! A finger that rests on a message opens what can be done with it.

use std::time::Duration;

use client::RowKey;
use leptos::ev::{Event, PointerEvent};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Actions, rows};

/// How long it rests.
const RESTS: Duration = Duration::from_millis(450);
/// How far it may move meanwhile, in pixels.
const MOVES: i32 = 10;
/// The click that some browsers make of a finger that is lifted comes before this is over.
const LIFTED: Duration = Duration::from_millis(150);

/// A finger on a message.
struct Resting {
    x: i32,
    y: i32,
    timer: Option<TimeoutHandle>,
}

/// The hand on the column.
#[derive(Clone, Copy)]
pub(in crate::components) struct Press {
    actions: Actions,
    resting: StoredValue<Option<Resting>>,
}

impl Press {
    /// No hand yet.
    pub(in crate::components) fn new(actions: Actions) -> Self {
        Self {
            actions,
            resting: StoredValue::new(None),
        }
    }

    /// A finger, or a button of the mouse.
    pub(in crate::components) fn down(self, event: &PointerEvent) {
        self.cancel();
        let Some(key) = rows::key_of(event, self.actions) else {
            return;
        };
        if event.pointer_type() != "touch" || !event.is_primary() || is_on_button(event) {
            return;
        }
        let timer = set_timeout_with_handle(move || self.rested(key), RESTS).ok();
        self.resting.set_value(Some(Resting {
            x: event.client_x(),
            y: event.client_y(),
            timer,
        }));
    }

    /// It moves.
    pub(in crate::components) fn moved(self, event: &PointerEvent) {
        let (x, y) = (event.client_x(), event.client_y());
        let left = self.resting.with_value(|resting| {
            resting
                .as_ref()
                .is_some_and(|from| (from.x - x).abs() > MOVES || (from.y - y).abs() > MOVES)
        });
        if left {
            self.cancel();
        }
    }

    /// It is lifted, or the browser scrolls with it.
    pub(in crate::components) fn up(self) {
        self.cancel();
        if self.actions.is_under_finger() {
            let lifted = move || {
                self.actions.under_finger.try_set(false);
            };
            set_timeout(lifted, LIFTED);
        }
    }

    /// The browser would show what it has to offer itself.
    pub(in crate::components) fn menu(self, event: &Event) {
        if self.actions.is_under_finger() || self.resting.with_value(Option::is_some) {
            event.prevent_default();
        }
    }

    fn rested(self, key: RowKey) {
        self.resting.try_set_value(None);
        self.actions.under_finger.try_set(true);
        self.actions.open_menu(key);
    }

    fn cancel(self) {
        let resting = self.resting.try_update_value(Option::take).flatten();
        if let Some(timer) = resting.and_then(|resting| resting.timer) {
            timer.clear();
        }
    }
}

/// Whether it is on a button beside the message. A quote is one too, but part of what was said.
fn is_on_button(event: &PointerEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|element| element.closest("button:not(.quote)").ok().flatten())
        .is_some()
}
