//! Hearing the browser's events for as long as somebody listens.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, EventTarget};

/// Listens until it is dropped.
pub(super) struct Listener {
    target: EventTarget,
    name: &'static str,
    heard: Closure<dyn Fn(Event)>,
}

impl Listener {
    /// Calls `heard` for each event of this name.
    pub(super) fn new(
        target: &EventTarget,
        name: &'static str,
        heard: impl Fn(Event) + 'static,
    ) -> Self {
        let heard = Closure::new(heard);
        // Fails in no browser.
        let _ = target.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
        Self {
            target: target.clone(),
            name,
            heard,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let heard = self.heard.as_ref().unchecked_ref();
        let _ = self
            .target
            .remove_event_listener_with_callback(self.name, heard);
    }
}
