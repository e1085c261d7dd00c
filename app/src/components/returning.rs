//! A dialog that is opened from many places, and the way back to each of them.

use std::sync::Arc;

use leptos::html::Dialog;
use leptos::prelude::*;

use super::actions::sheet::{close, focus_is_lost};
use crate::ui::ask;

/// It belongs to nothing on the page: what asks is gone before it is called.
type Back = Arc<dyn Fn() + Send + Sync>;

/// The dialog.
#[derive(Clone, Copy)]
pub(super) struct ReturningDialog {
    /// Its element.
    pub(super) node: NodeRef<Dialog>,
    back: StoredValue<Option<Back>>,
}

impl ReturningDialog {
    pub(super) fn new() -> Self {
        Self {
            node: NodeRef::new(),
            back: StoredValue::new(None),
        }
    }

    /// Opens it. What opens it may be gone by the time it closes; `back` puts the focus in its
    /// place.
    pub(super) fn open(self, back: impl Fn() + Send + Sync + 'static) {
        self.back.set_value(Some(Arc::new(back)));
        ask(self.node);
    }

    pub(super) fn close(self) {
        close(self.node);
    }

    /// It has closed. Puts the focus where it was opened from.
    pub(super) fn closed(self) {
        if focus_is_lost(self.node)
            && let Some(back) = self.back.get_value()
        {
            back();
        }
    }
}
