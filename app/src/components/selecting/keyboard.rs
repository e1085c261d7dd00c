//! The keyboard while messages are selected: Space and Enter take one in or out, Shift with an
//! arrow goes on and takes in what is between.

use leptos::ev::KeyboardEvent;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::components::actions::{Actions, key_around, neighbour_of};

impl Actions {
    /// A key was pressed in the column. Whether that was all.
    pub(in crate::components) fn selecting_key(self, event: &KeyboardEvent) -> bool {
        if !self.selection.is_on_untracked() {
            return false;
        }
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let Some(key) = target.as_ref().and_then(|target| key_around(target, self)) else {
            return false;
        };
        match (event.key().as_str(), event.shift_key()) {
            (" " | "Enter", _) => self.toggle_chosen(key),
            (arrow @ ("ArrowUp" | "ArrowDown"), true) => {
                if let Some(to) = neighbour_of(key, arrow == "ArrowDown", self) {
                    self.choose_up_to(to);
                    self.focus_row(to);
                }
            }
            ("Escape", _) => {
                self.stop_selecting();
            }
            _ => return false,
        }
        true
    }
}
