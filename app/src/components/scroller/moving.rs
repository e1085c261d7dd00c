//! The reader's own scrolling, by wheel, key or finger.

use leptos::prelude::*;

use super::{Scroller, browser};

/// How long a list is left alone after it was last seen moving under a finger.
const SETTLED_MS: u64 = 150;

impl Scroller {
    /// The reader has scrolled, or the browser has.
    pub(in crate::components) fn scrolled(self) {
        let Some(frame) = self.frame.get_untracked() else {
            return;
        };
        let top = frame.scroll_top();
        if top != 0 && self.read(|state| state.to_end) {
            self.settle();
            return;
        }
        self.change(|state| {
            if (top - state.top).abs() > 1 {
                state.opening = false;
            }
            state.top = top;
        });
        self.look();
        if self.read(|state| state.held) {
            self.release_later();
        }
        self.fill();
    }

    /// The reader takes the list elsewhere: whoever moves last is right.
    pub(in crate::components) fn moved(self) {
        self.change(|state| state.to_end = false);
        if let (Some(speaker), Some(id)) = (self.speaker, self.view.try_with_value(|view| view.id))
        {
            speaker.reads(id);
        }
    }

    /// Lets go of the end once the list has come to rest at it.
    pub(super) fn rest_later(self) {
        self.change(|state| state.put = state.put.wrapping_add(1));
        let put = self.read(|state| state.put);
        browser::after(SETTLED_MS, move || {
            self.change(|state| state.to_end &= state.put != put);
        });
    }

    /// A finger was put on the list or taken from it.
    pub(super) fn touch(self, touched: bool) {
        self.moved();
        self.change(|state| {
            state.touched = touched;
            state.held = true;
        });
        if !touched {
            self.release_later();
        }
    }

    /// Lets go once the list has come to rest: the last position seen is still the position.
    fn release_later(self) {
        let top = self.read(|state| state.top);
        browser::after(SETTLED_MS, move || {
            let at_rest = self
                .state
                .try_with_value(|state| state.held && !state.touched && state.top == top);
            if at_rest == Some(true) {
                self.change(|state| state.held = false);
                self.settle();
            }
        });
    }
}
