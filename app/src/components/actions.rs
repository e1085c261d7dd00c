//! What is done with messages: what is offered for each, what is being done, and with which of
//! them. One [`Actions`] for the column and the composer of a conversation.

mod about;
mod allowed;
pub mod clipboard;
pub mod delete;
mod dismiss;
mod emoji;
mod forward;
mod jump;
mod press;
mod rows;
pub mod sheet;
pub mod toolbar;

use client::{Amend, Row, RowKey};
use leptos::prelude::*;
use protocol::{Content, ConversationId, Intent, Reported, SavedPlace, Seq};

use crate::components::closed::why_closed;
use crate::components::composer::{Mode, Pace, Writing, focus_composer};
use crate::components::permalink::permalink;
use crate::components::polls::asking::Asking;
use crate::components::reminding::Reminding;
use crate::components::reporting::Reporting;
use crate::components::scroller::Scroller;
use crate::components::selecting::Selection;
use crate::components::spoken::Spoken;
use crate::i18n::{Texts, texts};
use crate::live::{ConversationView, Live, LiveItem};
use crate::ui::Press;

pub(super) use about::about_message;
pub(super) use allowed::Allowed;
pub(super) use delete::AskDelete;
pub(super) use dismiss::dismissed_line;
pub(super) use emoji::{all_emoji, emoji_grid};
pub(super) use forward::forward_dialog;
pub(super) use jump::follow_jump;
pub(super) use press::press;
pub(super) use rows::{along, controls_key, key_around, neighbour_of, row_id, tab_stop};
pub(super) use sheet::MessageSheet;
pub(super) use toolbar::Tools;

/// Which part of the sheet is seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    /// What can be done.
    Menu,
    /// The emoji.
    Emoji,
}

/// The message that the sheet is open for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Open {
    key: RowKey,
    part: Part,
}

/// What is being done in one conversation.
#[derive(Clone, Copy)]
pub struct Actions {
    /// Everything live.
    pub(super) live: Live,
    /// Which conversation.
    pub(super) id: ConversationId,
    /// Its composer.
    pub(super) writing: Writing,
    /// Its column.
    pub(super) scroller: Scroller,
    /// What is said to the reader.
    pub(super) spoken: Spoken,
    /// The words of the page: what is called back later can ask for none.
    t: &'static Texts,
    view: StoredValue<ConversationView>,
    /// The message under the mouse.
    pub(super) hovered: RwSignal<Option<RowKey>>,
    /// The message that has the focus, or a part of which has.
    pub(super) focused: RwSignal<Option<RowKey>>,
    /// The message of which the text can be selected by touch.
    pub(super) selectable: RwSignal<Option<RowKey>>,
    open: RwSignal<Option<Open>>,
    /// The hand on the column.
    pub(super) press: Press,
    /// The messages that may be deleted.
    asked: RwSignal<Vec<RowKey>>,
    /// What was deleted for the reader and can be taken back.
    undoable: RwSignal<Vec<Seq>>,
    /// The messages that are taken in hand together.
    pub(super) selection: Selection,
    /// What is asked about a message.
    about: RwSignal<Option<about::About>>,
    /// What is being sent on to others.
    forwarding: forward::Forwarding,
    /// How often the reader may write.
    pub(super) pace: Pace,
    /// The poll that is being asked.
    pub(super) asking: Asking,
    /// Reminders of its messages.
    reminding: Option<Reminding>,
    reporting: Option<Reporting>,
    /// The place that is being looked for.
    sought: RwSignal<Option<jump::Sought>>,
    /// The message that was jumped to.
    pub(super) found: RwSignal<Option<RowKey>>,
}

impl Actions {
    /// Of a conversation.
    #[must_use]
    pub fn new(live: Live, view: &ConversationView, scroller: Scroller) -> Self {
        Self {
            live,
            id: view.id,
            writing: Writing::new(live, view.id),
            scroller,
            spoken: Spoken::current(),
            t: texts(),
            view: StoredValue::new(view.clone()),
            hovered: RwSignal::new(None),
            focused: RwSignal::new(None),
            selectable: RwSignal::new(None),
            open: RwSignal::new(None),
            press: Press::new(),
            asked: RwSignal::new(Vec::new()),
            undoable: RwSignal::new(Vec::new()),
            selection: Selection::new(),
            about: RwSignal::new(None),
            forwarding: forward::Forwarding::new(),
            pace: Pace::new(live, view),
            asking: Asking::new(),
            reminding: Reminding::current(),
            reporting: Reporting::current(),
            sought: RwSignal::new(None),
            found: RwSignal::new(Self::first_found(view)),
        }
    }

    /// How often the reader may write.
    #[must_use]
    pub const fn pace(self) -> Pace {
        self.pace
    }

    /// The conversation's signals.
    pub(super) fn view(self) -> ConversationView {
        self.view.get_value()
    }

    /// The words of the page.
    pub(super) const fn words(self) -> &'static Texts {
        self.t
    }

    /// Tracks whether any row is another.
    pub(super) fn track_rows(self) {
        self.view.with_value(|view| view.rows.track());
    }

    /// Puts the focus on a message.
    pub(super) fn focus_row(self, key: RowKey) {
        let _ = self;
        rows::focus(key);
    }

    /// The row of a message, where it is held.
    pub(super) fn row(self, key: RowKey) -> Option<Row> {
        self.view.with_value(|view| {
            view.items.with_untracked(|items| {
                items.iter().rev().find_map(|item| match item {
                    LiveItem::Message { key: this, view } if *this == key => {
                        Some(view.with_untracked(|view| view.row.clone()))
                    }
                    _ => None,
                })
            })
        })
    }

    /// What is offered for a message, now and, where it is tracked, later.
    pub(super) fn allowed(self, key: RowKey) -> Allowed {
        self.track_rows();
        let amend = self.live.amend(self.id, key);
        let (row, me, blocked) = (self.row(key), self.live.me(), self.live.blocked());
        self.view.with_value(|view| {
            view.summary.with(|summary| {
                let (Some(summary), Some(row)) = (summary, row) else {
                    return Allowed::default();
                };
                let is_saved = self.is_saved(&row);
                let writes = blocked.with(|blocked| why_closed(summary, me, blocked).is_none());
                allowed::allowed(summary, me, &row, amend, is_saved, writes)
            })
        })
    }

    /// Whether the buttons of a message are there.
    pub(super) fn is_active(self, key: RowKey) -> bool {
        let this = Some(key);
        let is_at_hand = self.hovered.get() == this || self.focused.get() == this;
        (is_at_hand && !self.selection.is_on()) || self.is_open(key)
    }

    /// Whether the sheet is open for a message.
    pub(super) fn is_open(self, key: RowKey) -> bool {
        self.open.get().is_some_and(|open| open.key == key)
    }

    fn open_menu(self, key: RowKey) {
        if untrack(|| self.allowed(key)).any() {
            let part = Part::Menu;
            self.open.set(Some(Open { key, part }));
        }
    }

    fn open_emoji(self, key: RowKey) {
        let part = Part::Emoji;
        self.open.set(Some(Open { key, part }));
    }

    fn reply(self, key: RowKey) {
        if let Some(seq) = self.row(key).and_then(|row| row.seq) {
            self.writing.reply(seq);
            focus_composer();
        }
    }

    fn edit(self, key: RowKey) {
        let Some(Content::Text(text)) = self.row(key).map(|row| row.content) else {
            return;
        };
        let body = text.body.as_str().to_owned();
        match self.live.amend(self.id, key) {
            Amend::Edit(target) => self.writing.edit(target, body),
            Amend::TakeBack => {
                self.writing.take_back(body, text.reply_to);
                // Not before its words stand somewhere else.
                self.live.discard(key.send_id);
            }
            // It has been sent meanwhile, and is not answered for.
            Amend::No => return,
        }
        focus_composer();
    }

    /// Edits the newest message of one's own. Whether there is one that can be.
    pub(super) fn edit_last(self) -> bool {
        let me = self.live.me();
        let last = self.view.with_value(|view| {
            view.items.with_untracked(|items| {
                items.iter().rev().find_map(|item| match item {
                    LiveItem::Message { key, view } if key.author == me => {
                        let is_text = |content: &Content| {
                            matches!(content, Content::Text(text) if !text.forwarded)
                        };
                        view.with_untracked(|view| is_text(&view.row.content))
                            .then_some(*key)
                    }
                    _ => None,
                })
            })
        });
        let last = last.filter(|key| self.live.amend(self.id, *key) != Amend::No);
        if let Some(key) = last {
            self.edit(key);
        }
        last.is_some()
    }

    /// Reacts, or no longer.
    pub(super) fn react(self, key: RowKey, emoji: &str) {
        let Some(row) = self.row(key) else {
            return;
        };
        if let Some(target) = row.seq {
            let on = !self.has_reacted(&row, emoji);
            let emoji = emoji.to_owned();
            self.live.act(self.id, Intent::React { target, emoji, on });
        }
    }

    fn has_reacted(self, row: &Row, emoji: &str) -> bool {
        row.marks.reactions.iter().any(|reaction| {
            reaction.emoji.as_str() == emoji && reaction.users.contains(&self.live.me())
        })
    }

    fn pin(self, key: RowKey) {
        if let Some(row) = self.row(key)
            && let Some(target) = row.seq
        {
            self.pin_at(target, !row.marks.pinned);
        }
    }

    fn is_saved(self, row: &Row) -> bool {
        row.seq.is_some_and(|seq| {
            let conversation = self.id;
            let place = SavedPlace { conversation, seq };
            self.live.saved_state(place) == Some(true)
        })
    }

    /// Saves it, or no longer.
    fn save(self, key: RowKey) {
        if let Some(row) = self.row(key)
            && let Some(seq) = row.seq
        {
            let (conversation, on) = (self.id, !self.is_saved(&row));
            self.live.save(SavedPlace { conversation, seq }, on);
            let s = self.t.saved();
            self.spoken.tell(if on { s.now_saved } else { s.removed });
        }
    }

    /// Asks when to be reminded of it.
    fn ask_remind(self, key: RowKey) {
        if let Some(reminding) = self.reminding
            && let Some(seq) = self.row(key).and_then(|row| row.seq)
        {
            let conversation = self.id;
            reminding.ask(SavedPlace { conversation, seq }, move || rows::focus(key));
        }
    }

    /// Asks why it is reported.
    fn ask_report(self, key: RowKey) {
        let seq = self.row(key).and_then(|row| row.seq);
        if let (Some(reporting), Some(seq)) = (self.reporting, seq) {
            let conversation = self.id;
            let about = Reported::Message(SavedPlace { conversation, seq });
            let name = self.live.name(key.author).unwrap_or_default();
            reporting.ask((about, key.author), name, move || rows::focus(key));
        }
    }

    /// Pins what stands at a place, or no longer.
    pub(super) fn pin_at(self, target: Seq, on: bool) {
        self.live.act(self.id, Intent::Pin { target, on });
    }

    fn delete(self, key: RowKey) {
        if let Some(target) = self.row(key).and_then(|row| row.seq) {
            // What is being written about it is about nothing then.
            if self.writing.mode.get_untracked() == Mode::Edit(target) {
                self.writing.cancel();
            }
            self.live.act(self.id, Intent::Delete { target });
        }
    }

    fn copy(self, key: RowKey) {
        let row = self.row(key);
        if let Some(words) = row.as_ref().and_then(|row| row.content.words()) {
            let (spoken, copied) = (self.spoken, self.t.actions().copied);
            clipboard::write(&words, move || spoken.tell(copied));
        }
    }

    /// Copies the address of a message.
    fn copy_link(self, key: RowKey) {
        let origin = window().location().origin();
        if let (Some(seq), Ok(origin)) = (self.row(key).and_then(|row| row.seq), origin) {
            let (spoken, copied) = (self.spoken, self.t.search().link_copied);
            let link = origin + &permalink(self.id, seq);
            clipboard::write(&link, move || spoken.tell(copied));
        }
    }

    /// Lets the reader select the text by touch.
    fn select(self, key: RowKey) {
        self.selectable.set(Some(key));
        clipboard::select(&format!("b-{}", key.send_id));
    }
}
