//! The live part of the page: drives [`client::Client`] with the browser's socket, timers and
//! storage, and shows what it knows as signals.
//!
//! Components use [`Live`] only. On the server it is filled by [`Live::seed`] and never
//! started, so that the same components render the same HTML there.

use client::{Attention, DayLabel, Draft, ItemKey, ListRow, Older, Row, Status};
use leptos::prelude::*;
use protocol::{
    ConversationId, ConversationSummary, HistoryPage, MessageBody, Presence, SendId, Seq, UserId,
};

/// A row with its place in a group.
#[derive(Clone, PartialEq, Debug)]
pub struct RowView {
    /// The row.
    pub row: Row,
    /// Whether it shows author and time.
    pub first_of_group: bool,
    /// Whether the next row is not of the same group.
    pub last_of_group: bool,
}

/// One thing in the column of messages. A row's signal lives as long as the row, so that an
/// acknowledgement updates one row in place.
#[derive(Clone)]
pub enum LiveItem {
    /// The heading of a day.
    Day {
        /// Its number in the reader's time zone, see [`Live::today`] and [`client::day_label`].
        day: i64,
        /// A moment in it.
        at: protocol::Timestamp,
    },
    /// "New messages".
    UnreadDivider,
    /// A message.
    Message {
        /// Its identity.
        key: client::RowKey,
        /// What it shows.
        view: ArcRwSignal<RowView>,
    },
}

impl LiveItem {
    /// The identity for a keyed list.
    #[must_use]
    pub fn key(&self) -> ItemKey {
        match self {
            Self::Day { day, .. } => ItemKey::Day(*day),
            Self::UnreadDivider => ItemKey::UnreadDivider,
            Self::Message { key, .. } => ItemKey::Message(*key),
        }
    }
}

/// A row of the conversation list under its identity.
#[derive(Clone)]
pub struct ListItem {
    /// The conversation.
    pub id: ConversationId,
    /// What the row shows.
    pub row: ArcRwSignal<ListRow>,
}

/// One conversation's signals; cheap to clone, the same for the same conversation.
#[derive(Clone)]
pub struct ConversationView {
    /// Which.
    pub id: ConversationId,
    /// Its row of the list; `None` while unknown.
    pub summary: ArcRwSignal<Option<ConversationSummary>>,
    /// Days, divider and messages, oldest first.
    pub items: ArcRwSignal<Vec<LiveItem>>,
    /// The state of the older end.
    pub older: ArcRwSignal<Older>,
    /// The newest place held; what [`Live::attend`] reports as seen.
    pub newest: ArcRwSignal<Seq>,
    /// Who else types, the longest first.
    pub typing: ArcRwSignal<Vec<UserId>>,
}

/// Something to be said by the announcer, not shown.
#[derive(Clone, PartialEq, Debug)]
pub enum Announcement {
    /// Somebody else's message arrived.
    Message {
        /// Where.
        conversation: ConversationId,
        /// The message.
        row: Row,
    },
    /// A message of one's own was not sent.
    NotSent {
        /// Where.
        conversation: ConversationId,
    },
}

/// Whether what is written survives a reload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Storage {
    /// Not opened yet.
    Opening,
    /// The outbox, drafts and recent messages are kept on this device.
    Kept,
    /// The browser gives no storage (private window, full disk): what waits to be sent is
    /// lost with the tab.
    MemoryOnly,
}

/// How a send went, for the composer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Queued {
    /// It is safe; the composer may be emptied.
    Safe,
    /// Too many wait already; the composer keeps the text.
    Refused,
}

/// The handle to everything live, in the context of all signed-in pages.
#[derive(Clone, Copy)]
pub struct Live {
    me: UserId,
    status: RwSignal<Status>,
}

impl Live {
    /// Makes the handle for whoever is signed in, puts it into the context and, in a browser,
    /// starts it once the page is mounted.
    pub fn provide(me: UserId) -> Self {
        let live = Self {
            me,
            status: RwSignal::new(Status::Quiet),
        };
        provide_context(live);
        live
    }

    /// The handle from the context; `None` outside signed-in pages.
    #[must_use]
    pub fn current() -> Option<Self> {
        use_context()
    }

    /// Whose it is.
    #[must_use]
    pub fn me(&self) -> UserId {
        self.me
    }

    /// Adds what the server said outside the socket: the list and first page in the HTML, a
    /// conversation just opened. Older than what is known, it changes nothing.
    pub fn seed(&self, _summaries: Vec<ConversationSummary>, _pages: Vec<HistoryPage>) {
        unimplemented!()
    }

    /// The conversation list, the most recently active first.
    #[must_use]
    pub fn list(&self) -> Signal<Vec<ListItem>> {
        unimplemented!()
    }

    /// Unread messages over all conversations.
    #[must_use]
    pub fn unread(&self) -> Signal<u32> {
        unimplemented!()
    }

    /// What the connection strip shows.
    #[must_use]
    pub fn status(&self) -> Signal<Status> {
        self.status.into()
    }

    /// Whether what is written survives a reload.
    #[must_use]
    pub fn storage(&self) -> Signal<Storage> {
        unimplemented!()
    }

    /// Messages that the server has not answered for.
    #[must_use]
    pub fn unsent(&self) -> Signal<usize> {
        unimplemented!()
    }

    /// The newest announcement; the number tells two equal ones apart.
    #[must_use]
    pub fn announcement(&self) -> Signal<Option<(u64, Announcement)>> {
        unimplemented!()
    }

    /// The number of today in the reader's time zone; UTC until the page is mounted.
    #[must_use]
    pub fn today(&self) -> Signal<i64> {
        unimplemented!()
    }

    /// The signals of one conversation.
    #[must_use]
    pub fn conversation(&self, _id: ConversationId) -> ConversationView {
        unimplemented!()
    }

    /// Whether somebody is there, where known.
    #[must_use]
    pub fn presence(&self, _user: UserId) -> Signal<Option<Presence>> {
        unimplemented!()
    }

    /// A conversation is on screen (`Some`), or none.
    pub fn open(&self, _id: Option<ConversationId>) {
        unimplemented!()
    }

    /// Queues a message; its row is there when this returns. `done` is called when the message
    /// is safe on this device: only then may the composer lose the text.
    pub fn send(
        &self,
        _conversation: ConversationId,
        _text: MessageBody,
        _done: impl FnOnce(Queued) + 'static,
    ) {
        unimplemented!()
    }

    /// Tries a message again.
    pub fn retry(&self, _send_id: SendId) {
        unimplemented!()
    }

    /// Gives a message up.
    pub fn discard(&self, _send_id: SendId) {
        unimplemented!()
    }

    /// Asks for older messages, or tries that again.
    pub fn load_older(&self, _conversation: ConversationId) {
        unimplemented!()
    }

    /// Tells what the user sees; marks as read what that makes read, after a moment. To be
    /// called when any part of it changes and when new messages arrive.
    pub fn attend(&self, _conversation: ConversationId, _attention: Attention) {
        unimplemented!()
    }

    /// Removes the unread divider (Esc, or scrolled away and back to the end).
    pub fn clear_divider(&self, _conversation: ConversationId) {
        unimplemented!()
    }

    /// A key was pressed in the composer, or it was emptied or left.
    pub fn composing(&self, _conversation: ConversationId, _active: bool) {
        unimplemented!()
    }

    /// What stood in the composer of a conversation.
    #[must_use]
    pub fn draft(&self, _conversation: ConversationId) -> Option<Draft> {
        unimplemented!()
    }

    /// Keeps what stands in the composer; `None` when it is empty. Debounce it, and call it at
    /// once when the composer goes away.
    pub fn save_draft(&self, _conversation: ConversationId, _draft: Option<Draft>) {
        unimplemented!()
    }

    /// The user asked to connect now.
    pub fn connect_now(&self) {
        unimplemented!()
    }

    /// Before signing out: ends this and every other tab of the account and deletes what is
    /// stored here. Ask first if [`Live::unsent`] is not 0. `done` is called when it is gone.
    pub fn wipe(&self, _done: impl FnOnce() + 'static) {
        unimplemented!()
    }
}

/// How a day's heading reads, given [`Live::today`].
#[must_use]
pub const fn heading(day: i64, today: i64) -> DayLabel {
    client::day_label(day, today)
}
