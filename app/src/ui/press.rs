//! A finger that rests on something.

use std::time::Duration;

use leptos::ev::{Event, PointerEvent};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

/// How long it rests.
const RESTS: Duration = Duration::from_millis(450);
/// How far it may move meanwhile, in pixels.
const MOVES: i32 = 10;
/// The click that some browsers make of a finger that is lifted comes before this is over.
const LIFTED: Duration = Duration::from_millis(150);

/// A finger on something.
struct Resting {
    x: i32,
    y: i32,
    timer: Option<TimeoutHandle>,
}

/// The hand on a part of the page. What opens under the finger is told apart from what it
/// touched.
#[derive(Clone, Copy)]
pub struct Press {
    /// What was opened is under the finger that opened it, which has not been lifted.
    pub under_finger: RwSignal<bool>,
    resting: StoredValue<Option<Resting>>,
}

impl Press {
    /// No hand yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            under_finger: RwSignal::new(false),
            resting: StoredValue::new(None),
        }
    }

    /// A finger comes down, on something that can be opened or not; `open` is called if it
    /// stays. Anything else ends an earlier one.
    pub fn down<T: 'static>(
        self,
        event: &PointerEvent,
        on: Option<T>,
        open: impl FnOnce(T) + 'static,
    ) {
        self.cancel();
        let Some(on) = on else {
            return;
        };
        if event.pointer_type() != "touch" || !event.is_primary() {
            return;
        }
        let rested = move || {
            self.resting.try_set_value(None);
            self.under_finger.try_set(true);
            open(on);
        };
        let timer = set_timeout_with_handle(rested, RESTS).ok();
        self.resting.set_value(Some(Resting {
            x: event.client_x(),
            y: event.client_y(),
            timer,
        }));
    }

    /// It moves.
    pub fn moved(self, event: &PointerEvent) {
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
    pub fn up(self) {
        self.cancel();
        if self.is_under_finger() {
            let lifted = move || {
                self.under_finger.try_set(false);
            };
            set_timeout(lifted, LIFTED);
        }
    }

    /// The browser would show what it has to offer itself.
    pub fn menu(self, event: &Event) {
        if self.is_under_finger() || self.resting.with_value(Option::is_some) {
            event.prevent_default();
        }
    }

    /// Whether what was opened is under the finger still.
    #[must_use]
    pub fn is_under_finger(self) -> bool {
        self.under_finger.try_get_untracked() == Some(true)
    }

    fn cancel(self) {
        let resting = self.resting.try_update_value(Option::take).flatten();
        if let Some(timer) = resting.and_then(|resting| resting.timer) {
            timer.clear();
        }
    }
}

impl Default for Press {
    fn default() -> Self {
        Self::new()
    }
}
