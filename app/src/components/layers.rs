//! What Esc closes: one stack for everything, the newest on top, one layer for each press.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;

use crate::keys::is_composing;

type Close = Arc<dyn Fn() -> bool + Send + Sync>;

/// The stack, in the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct Layers(StoredValue<Vec<(u32, Close)>>);

impl Layers {
    /// Makes the stack, puts it into the context and lets Esc close from it.
    pub fn provide() -> Self {
        let layers = Self(StoredValue::new(Vec::new()));
        provide_context(layers);
        Effect::new(move |_| {
            let handle = window_event_listener(ev::keydown, move |event| {
                let is_ours = event.key() == "Escape" && !is_composing(&event);
                // An open dialog closes by itself, and nothing else with it.
                if is_ours && !event.default_prevented() && !dialog_is_open() && layers.escape() {
                    event.prevent_default();
                }
            });
            on_cleanup(move || handle.remove());
        });
        layers
    }

    /// From the context.
    #[must_use]
    pub fn current() -> Option<Self> {
        use_context()
    }

    /// Puts a layer on top for as long as the caller's view lives. `close` says whether there
    /// was anything to close; if not, the layer below is asked.
    pub fn push(&self, close: impl Fn() -> bool + Send + Sync + 'static) {
        let stack = self.0;
        let number = stack
            .try_update_value(|stack| {
                let number = stack.last().map_or(0, |(number, _)| number + 1);
                stack.push((number, Arc::new(close) as Close));
                number
            })
            .unwrap_or_default();
        on_cleanup(move || {
            stack.try_update_value(|stack| stack.retain(|(other, _)| *other != number));
        });
    }

    /// Closes the top layer that has something to close.
    fn escape(&self) -> bool {
        let layers = self.0.try_get_value().unwrap_or_default();
        layers.iter().rev().any(|(_, close)| close())
    }
}

/// Whether a dialog lies over everything.
#[must_use]
pub fn dialog_is_open() -> bool {
    document()
        .query_selector("dialog[open]")
        .is_ok_and(|dialog| dialog.is_some())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn one_layer_closes_at_a_time_from_the_top() {
        let owner = Owner::new();
        owner.set();
        let layers = Layers(StoredValue::new(Vec::new()));
        let closed = Arc::new(AtomicU32::new(0));
        let layer = |bit: u32| {
            let closed = Arc::clone(&closed);
            move || closed.fetch_or(bit, Ordering::Relaxed) & bit == 0
        };
        layers.push(layer(1));
        let upper = owner.child();
        upper.with(|| layers.push(layer(2)));

        assert!(layers.escape());
        assert_eq!(closed.load(Ordering::Relaxed), 2);
        // The upper one has nothing to close any more.
        assert!(layers.escape());
        assert_eq!(closed.load(Ordering::Relaxed), 3);
        assert!(!layers.escape());

        closed.store(0, Ordering::Relaxed);
        upper.cleanup();
        assert!(layers.escape());
        assert_eq!(closed.load(Ordering::Relaxed), 1);
    }
}
