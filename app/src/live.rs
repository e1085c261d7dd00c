//! The live part of the page: drives [`client::Client`] with the browser's socket, timers and
//! storage, and shows what it knows as signals.
//!
//! Components use [`Live`] only. On the server it is filled by [`Live::seed`] and never
//! started, so that the same components render the same HTML there.

mod browser;
mod clock;
mod composing;
mod core;
mod driver;
mod listener;
mod random;
mod reading;
mod session;
mod socket;
mod storage;
mod tabs;
mod threads;
mod timer;
mod views;
mod wishes;

use std::rc::Rc;

use client::{
    Attention, DayLabel, Input, ItemKey, ListRow, NewAnswers, Newer, Older, Row, RowKey, Seeded,
    Sought, ThreadState, Waiting,
};
use leptos::prelude::*;
use protocol::{
    Arrangement, ConversationId, ConversationSummary, HistoryPage, Intent, Person, SendId, Seq,
    UserId,
};
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;

use self::browser::Browser;
use self::core::{Core, Signals};
use self::tabs::Word;
use crate::ui::Mounted;

pub use self::clock::{RequestTime, time_now, zone_offset};
pub use self::composing::Redrafted;
pub use self::tabs::{Left, announce_sign_in};
pub use self::wishes::{FolderNews, Refusal, ReminderNews, SavedNews};

/// A row with its place in a group.
#[derive(Clone, PartialEq, Debug)]
pub struct RowView {
    /// The row.
    pub row: Row,
    /// Whether it shows author and time.
    pub first_of_group: bool,
    /// Whether the next row is not of the same group.
    pub last_of_group: bool,
    /// Whether it is saved.
    pub saved: bool,
    /// Its answers that the reader has not seen.
    pub new_answers: Option<NewAnswers>,
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
        key: RowKey,
        /// What it shows.
        view: ArcRwSignal<RowView>,
    },
    /// Something that happened to the conversation.
    Notice {
        /// Its identity.
        key: RowKey,
        /// Its row, whose content is [`protocol::Content::Notice`]; it stands alone.
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
            Self::Notice { key, .. } => ItemKey::Notice(*key),
        }
    }

    /// The place of a stored message or notice.
    #[must_use]
    pub fn seq(&self) -> Option<Seq> {
        match self {
            Self::Message { view, .. } | Self::Notice { view, .. } => {
                view.with_untracked(|view| view.row.seq)
            }
            Self::Day { .. } | Self::UnreadDivider => None,
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
    /// Whether the account is not in it any more, and was while this was shown.
    pub gone: ArcRwSignal<bool>,
    /// Days, divider, messages and notices, oldest first.
    pub items: ArcRwSignal<Vec<LiveItem>>,
    /// The thread beside it, if one is shown.
    pub thread: ArcRwSignal<Option<ThreadState>>,
    /// Its root and answers, with days.
    pub answers: ArcRwSignal<Vec<LiveItem>>,
    /// Told whenever a row is another: what [`Live::row_at`] and its like say may be new.
    pub rows: ArcTrigger,
    /// What was asked for and has no row of its own (changes of messages, and what is done to a
    /// group), in that order; what was refused stays until it is discarded.
    pub waiting: ArcRwSignal<Vec<Waiting>>,
    /// The places that are pinned, the one pinned last first.
    pub pins: ArcRwSignal<Vec<Seq>>,
    /// The state of the older end.
    pub older: ArcRwSignal<Older>,
    /// The state of the newer end.
    pub newer: ArcRwSignal<Newer>,
    /// What became of the wish to see a place.
    pub sought: ArcRwSignal<Option<Sought>>,
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
        row: Box<Row>,
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
    /// As `MemoryOnly`, because a newer version of the page has changed what is stored here.
    Outdated,
}

impl Storage {
    /// Whether what is written is lost with the tab.
    #[must_use]
    pub const fn is_none(self) -> bool {
        matches!(self, Self::MemoryOnly | Self::Outdated)
    }
}

/// How a send went, for the composer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Queued {
    /// It is safe; the composer may be emptied.
    Safe,
    /// Too many wait already; the composer keeps the text.
    Refused,
}

/// The handle to everything live, in the context of all signed-in pages. The same for all pages
/// of an account, whatever pages come and go.
#[derive(Clone, Copy)]
pub struct Live {
    me: UserId,
    signals: Signals,
    core: StoredValue<Core>,
    mounted: Option<Mounted>,
    /// What is to be stored from before the page was mounted.
    early: StoredValue<Vec<client::Effect>>,
    // Empty on a server, where a request wanders between threads.
    browser: StoredValue<Option<SendWrapper<Rc<Browser>>>>,
}

impl Live {
    /// Makes the handle for whoever is signed in, puts it into the context and, in a browser,
    /// starts it once the page is mounted.
    pub fn provide(me: UserId) -> Self {
        let live = driver::begin(me);
        provide_context(live);
        let mounted = use_context::<Mounted>();
        // Runs in browsers only.
        Effect::new(move |_| {
            if mounted.is_none_or(|mounted| mounted.0.get()) {
                live.start();
            }
        });
        live
    }

    /// The handle from the context; `None` outside signed-in pages.
    #[must_use]
    pub fn current() -> Option<Self> {
        use_context()
    }

    /// Whose it is.
    #[must_use]
    pub const fn me(&self) -> UserId {
        self.me
    }

    /// Adds what the server said outside the socket: the list and first page in the HTML, a
    /// conversation just opened. Older than what is known, it changes nothing.
    pub fn seed(&self, summaries: Vec<ConversationSummary>, pages: Vec<HistoryPage>) {
        self.post(Input::Seeded(Seeded { summaries, pages }));
    }

    /// The same for a place that is to be shown: the page around it.
    pub fn seed_around(&self, seq: Seq, page: HistoryPage) {
        self.post(Input::SeededAround { seq, page });
    }

    /// These people are to be shown by name. Authors and whoever a notice names are asked for
    /// without this.
    pub fn name_these(&self, users: Vec<UserId>) {
        self.post(Input::NameThese(users));
    }

    /// The server has said outside the socket who somebody is.
    pub fn learn(&self, person: Person) {
        self.post(Input::Persons(vec![person]));
    }

    /// A conversation is on screen (`Some`), or none.
    pub fn open(&self, id: Option<ConversationId>) {
        if let Some(browser) = self.browser() {
            browser.look_away(id);
        }
        self.post(id.map_or(Input::Close, Input::Open));
    }

    /// Queues a message or an edit; its row shows it when this returns. `done` is called when it
    /// is safe on this device: only then may the composer lose the text.
    pub fn send(
        &self,
        conversation: ConversationId,
        intent: Intent,
        done: impl FnOnce(Queued) + 'static,
    ) {
        let send_id = random::send_id(clock::now());
        self.core
            .try_update_value(|core| core.expect(send_id, Box::new(done)));
        self.post(Input::Send {
            conversation,
            intent,
            send_id,
        });
    }

    /// Queues anything else, which shows as if it had happened until the server says no. Ask
    /// [`protocol::permission`] first.
    pub fn act(&self, conversation: ConversationId, intent: Intent) {
        let send_id = random::send_id(clock::now());
        self.post(Input::Send {
            conversation,
            intent,
            send_id,
        });
    }

    /// Everything in a conversation counts as seen.
    pub fn mark_read(&self, conversation: ConversationId) {
        let last = self.core.try_with_value(|core| {
            let summary = core.client().conversation(conversation)?;
            Some(summary.last_seq)
        });
        if let Some(seq) = last.flatten() {
            self.post(Input::MarkRead { conversation, seq });
        }
        self.arrange(conversation, Arrangement::MarkUnread(false));
    }

    /// Tries a message again.
    pub fn retry(&self, send_id: SendId) {
        self.post(Input::Retry { send_id });
    }

    /// Gives a message up.
    pub fn discard(&self, send_id: SendId) {
        if let Some(browser) = self.browser() {
            browser.tell(&Word::Discarded(send_id));
        }
        self.post(Input::Discard { send_id });
    }

    /// Asks for older messages, or tries that again.
    pub fn load_older(&self, conversation: ConversationId) {
        self.post(Input::LoadOlder(conversation));
    }

    /// Asks for newer messages where those shown do not reach the newest, or tries that again.
    pub fn load_newer(&self, conversation: ConversationId) {
        self.post(Input::LoadNewer(conversation));
    }

    /// The reader wants to see the message at a place; [`ConversationView::sought`] says what
    /// becomes of it.
    pub fn go_to(&self, conversation: ConversationId, seq: Seq) {
        self.post(Input::GoTo { conversation, seq });
    }

    /// Shows the newest messages again.
    pub fn go_to_newest(&self, conversation: ConversationId) {
        self.post(Input::GoToNewest(conversation));
    }

    /// Tells what the user sees; marks as read what that makes read, after a moment. To be
    /// called when any part of it changes and when new messages arrive.
    pub fn attend(&self, conversation: ConversationId, attention: Attention) {
        if let Some(browser) = self.browser() {
            browser.attention.set(Some((conversation, attention)));
            self.look_soon(&browser);
        }
    }

    /// Removes the unread divider (Esc, or scrolled away and back to the end).
    pub fn clear_divider(&self, conversation: ConversationId) {
        self.post(Input::ClearDivider(conversation));
    }

    /// The user asked to connect now.
    pub fn connect_now(&self) {
        self.post(Input::ConnectNow);
    }

    /// The server has signed this device out: ends this and every other tab of the account and
    /// deletes what is stored here. `done` is called when it is gone.
    pub fn wipe(&self, done: impl FnOnce() + 'static) {
        self.leave_for_good(Left::SignedOut);
        let Some(browser) = self.browser() else {
            done();
            return;
        };
        browser.tell(&Word::SignedOut);
        spawn_local(async move {
            browser.keeper.wipe().await;
            done();
        });
    }
}

/// A fresh identity for what is made outside the outbox, to be kept through every attempt.
#[must_use]
pub fn fresh_send_id() -> SendId {
    random::send_id(clock::now())
}

/// How a day's heading reads, given [`Live::today`].
#[must_use]
pub const fn heading(day: i64, today: i64) -> DayLabel {
    client::day_label(day, today)
}
