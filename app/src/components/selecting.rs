//! Several messages taken in hand together: which they are, and what is done with them.

pub mod bar;
mod chosen;
mod keyboard;

use client::{Row, RowKey};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use protocol::{Content, SavedPlace};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::components::actions::{Actions, Allowed, clipboard, key_around};
use crate::live::LiveItem;
use crate::ui::TimeStyle;

pub use bar::SelectionBar;
pub(super) use bar::choice;
pub use chosen::Chosen;

/// Messages that are forwarded at once; with the conversations that each goes to, not more than
/// an account may write at once.
pub(super) const FORWARD_MESSAGES: usize = 20;

/// Messages that are selected in a conversation, while any can be.
#[derive(Clone, Copy)]
pub struct Selection(RwSignal<Option<Chosen>>);

impl Selection {
    /// Nothing is being selected.
    #[must_use]
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Whether messages are being selected.
    #[must_use]
    pub fn is_on(self) -> bool {
        self.0.with(Option::is_some)
    }

    /// The same, not tracked.
    #[must_use]
    pub fn is_on_untracked(self) -> bool {
        self.0.with_untracked(Option::is_some)
    }

    /// Whether a message is selected.
    #[must_use]
    pub fn contains(self, key: RowKey) -> bool {
        self.0
            .with(|chosen| chosen.as_ref().is_some_and(|it| it.contains(key)))
    }

    fn update(self, change: impl FnOnce(&mut Chosen)) {
        self.0.update(|chosen| {
            if let Some(chosen) = chosen {
                change(chosen);
            }
        });
    }
}

impl Default for Selection {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether a message can be taken in hand: it has a place, and words.
fn can_be_chosen(row: &Row) -> bool {
    row.seq.is_some() && matches!(row.content, Content::Text(_))
}

impl Actions {
    /// Whether messages are being selected.
    #[must_use]
    pub fn selection_is_on(self) -> bool {
        self.selection.is_on()
    }

    /// Begins with a message.
    pub(super) fn begin_selecting(self, key: RowKey) {
        self.selection.0.set(Some(Chosen::of(key)));
        self.focus_row(key);
    }

    /// Nothing is selected any more. Whether anything was.
    pub(super) fn stop_selecting(self) -> bool {
        let was = self.selection.0.try_update(Option::take).flatten();
        if let Some(chosen) = &was
            && let Some(key) = chosen.last()
        {
            self.focus_row(key);
        }
        was.is_some()
    }

    /// Selects a message, or no longer.
    pub(super) fn toggle_chosen(self, key: RowKey) {
        if self.row(key).as_ref().is_some_and(can_be_chosen) {
            self.selection.update(|chosen| chosen.toggle(key));
        }
    }

    /// The column was clicked or touched: while messages are selected, that takes one in or out.
    pub(super) fn clicked(self, event: &MouseEvent) {
        let target = event.target();
        let target = target.and_then(|target| target.dyn_into::<Element>().ok());
        let key = target.and_then(|target| key_around(&target, self));
        let Some(key) = key.filter(|_| self.selection.is_on_untracked()) else {
            return;
        };
        if event.shift_key() {
            self.choose_up_to(key);
        } else {
            self.toggle_chosen(key);
        }
    }

    /// Selects everything from where one was to a message.
    pub(super) fn choose_up_to(self, key: RowKey) {
        let rows: Vec<RowKey> = self.choosable().iter().map(|row| row.key).collect();
        self.selection.update(|chosen| chosen.reach(&rows, key));
    }

    /// The messages that can be selected, oldest first.
    fn choosable(self) -> Vec<Row> {
        self.view().items.with_untracked(|items| {
            let rows = items.iter().filter_map(|item| match item {
                LiveItem::Message { view, .. } => Some(view.with_untracked(|it| it.row.clone())),
                _ => None,
            });
            rows.filter(can_be_chosen).collect()
        })
    }

    /// The selected messages that are still there, oldest first.
    pub(super) fn chosen_rows(self) -> Vec<Row> {
        self.track_rows();
        let mut rows = self.choosable();
        self.selection.0.with(|chosen| {
            let is_chosen = |key| chosen.as_ref().is_some_and(|it| it.contains(key));
            rows.retain(|row| is_chosen(row.key));
        });
        rows
    }

    /// Copies them, each with who wrote it and when.
    fn copy_chosen(self, rows: &[Row]) {
        let locale = self.words().locale;
        let lines = rows.iter().filter_map(|row| {
            let name = untrack(|| self.live.name(row.key.author));
            let name = name.unwrap_or_else(|| self.words().you.to_owned());
            let at = TimeStyle::DateAndClock.in_browser(row.sent_at, locale);
            Some(line(&at, &name, row.content.body()?.as_str()))
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        let t = self.words();
        let told = t.count(&t.selecting().copied, rows.len() as u64);
        let spoken = self.spoken;
        clipboard::write(&text, move || spoken.tell(&told));
        self.stop_selecting();
    }

    fn save_chosen(self, rows: &[Row]) {
        let conversation = self.id;
        for seq in rows.iter().filter_map(|row| row.seq) {
            self.live.save(SavedPlace { conversation, seq }, true);
        }
        let t = self.words();
        let told = t.count(&t.selecting().saved, rows.len() as u64);
        self.spoken.tell(&told);
        self.stop_selecting();
    }

    /// Whether all of them may be deleted for everybody.
    fn may_delete_all(self, rows: &[Row]) -> bool {
        let may = |row: &Row| {
            let Allowed { delete, .. } = self.allowed(row.key);
            delete
        };
        rows.iter().all(may)
    }
}

/// A message as it is copied among others. The signs that keep a time in order on the screen are
/// nothing for other programs.
fn line(at: &str, name: &str, text: &str) -> String {
    let at = at.replace(['\u{2068}', '\u{2069}'], "");
    format!("[{at}] {name}: {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copied_message_says_who_and_when() {
        let at = "27 Nov 2026 \u{2068}18:02\u{2069}";
        assert_eq!(
            line(at, "Meera", "Chai\nat 5?"),
            "[27 Nov 2026 18:02] Meera: Chai\nat 5?"
        );
    }
}
