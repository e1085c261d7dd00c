//! One wish to be woken.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Promise;
use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;

/// A browser counts the milliseconds of a timer in 31 bits; waking early does no harm.
const LONGEST_MS: u64 = 24 * 60 * 60 * 1_000;

/// A timer that can be set again and again; each time replaces the one before.
pub(super) struct Timer {
    id: Rc<Cell<Option<i32>>>,
    fire: Closure<dyn Fn()>,
}

impl Timer {
    /// A timer that is not set.
    pub(super) fn new(fire: impl Fn() + 'static) -> Self {
        let id = Rc::new(Cell::new(None));
        let fired = Rc::clone(&id);
        Self {
            id,
            fire: Closure::new(move || {
                fired.set(None);
                fire();
            }),
        }
    }

    /// Fires once after this time.
    pub(super) fn set(&self, millis: u64) {
        self.cancel();
        let callback = self.fire.as_ref().unchecked_ref();
        let millis = clamped(millis);
        let id = window().set_timeout_with_callback_and_timeout_and_arguments_0(callback, millis);
        self.id.set(id.ok());
    }

    /// Whether it will fire.
    pub(super) fn is_set(&self) -> bool {
        self.id.get().is_some()
    }

    /// Does not fire.
    pub(super) fn cancel(&self) {
        if let Some(id) = self.id.take() {
            window().clear_timeout_with_handle(id);
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// Returns after this time.
pub(super) async fn sleep(millis: u64) {
    let promise = Promise::new(&mut |resolve, _| {
        let millis = clamped(millis);
        // Fails in no browser.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
    });
    let _ = JsFuture::from(promise).await;
}

fn clamped(millis: u64) -> i32 {
    i32::try_from(millis.min(LONGEST_MS)).unwrap_or(i32::MAX)
}
