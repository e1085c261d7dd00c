//! Deleting for oneself alone, and taking that back.

use client::{Row, RowKey};
use leptos::prelude::*;
use protocol::{Dismissal, SavedPlace, Seq};

use super::{Actions, neighbour_of, rows};
use crate::components::UndoLine;
use crate::components::composer::Mode;

impl Actions {
    /// Deletes a message for the reader alone.
    pub(super) fn dismiss(self, key: RowKey) {
        self.dismiss_all(&[key]);
    }

    /// The same with several, which the reader can take back together for a while.
    pub(in crate::components) fn dismiss_all(self, keys: &[RowKey]) {
        let places = keys.iter().filter_map(|key| self.row(*key)?.seq);
        let mut places: Vec<Seq> = places.collect();
        let next = keys.last().and_then(|key| {
            let beside = |forwards| neighbour_of(*key, forwards, self);
            beside(true).or_else(|| beside(false))
        });
        for seq in &places {
            self.dismiss_at(*seq, Dismissal::This);
        }
        // Where too much is deleted already, it stays, and that is told.
        places.retain(|seq| self.live.is_dismissed(self.place(*seq)));
        if places.is_empty() {
            return;
        }
        // What is being written about it is about nothing then.
        let about = self.writing.mode.get_untracked();
        if matches!(about, Mode::Edit(it) | Mode::Reply(it) if places.contains(&it)) {
            self.writing.cancel();
        }
        self.spoken.tell(&self.dismissed_now(&places));
        self.undoable.set(places);
        if let Some(next) = next {
            rows::focus(next);
        }
    }

    /// The selected messages.
    pub(in crate::components) fn dismiss_chosen(self, rows: &[Row]) {
        let keys: Vec<RowKey> = rows.iter().map(|row| row.key).collect();
        self.stop_selecting();
        self.dismiss_all(&keys);
    }

    const fn place(self, seq: Seq) -> SavedPlace {
        let conversation = self.id;
        SavedPlace { conversation, seq }
    }

    fn dismiss_at(self, seq: Seq, dismissal: Dismissal) {
        self.live.dismiss(self.place(seq), dismissal);
    }

    fn dismissed_now(self, places: &[Seq]) -> String {
        self.t.count(&self.t.dismissing().done, places.len() as u64)
    }

    /// Shows again what was last deleted.
    fn show_again(self) {
        let places = self.undoable.try_update(std::mem::take);
        for seq in places.unwrap_or_default() {
            self.dismiss_at(seq, Dismissal::Show);
        }
    }
}

/// What was just deleted, and the way back.
pub(in crate::components) fn dismissed_line(actions: Actions) -> impl IntoView {
    let said = move || {
        let places = actions.undoable.get();
        (!places.is_empty()).then(|| actions.dismissed_now(&places))
    };
    let over = move || {
        actions.undoable.try_set(Vec::new());
    };
    let undo = move || {
        let first = actions.undoable.with_untracked(|it| it.first().copied());
        actions.show_again();
        // The button goes, and what it has brought back is there.
        let back = move || {
            let row = first.and_then(|seq| actions.live.row_at(actions.id, seq));
            if let Some(row) = row {
                rows::focus(row.key);
            }
        };
        set_timeout(back, std::time::Duration::ZERO);
    };
    view! { <UndoLine said=Signal::derive(said) undo over /> }
}
