//! The client behind the signals: takes what happened, one thing after the other, brings the
//! signals up to date, and gives out what is left to do.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use client::{Change, Client, Config, Effect, Input, Status, Waiting};
use leptos::prelude::*;
use protocol::{
    Availability, ConversationId, CustomStatus, ErrorCode, Person, Presence, Privacy, SendId,
    Timestamp, UserId,
};
use send_wrapper::SendWrapper;

use super::clock::{self, Days};
use super::views::{self, Views};
use super::{
    Announcement, ConversationView, FolderNews, Left, ListItem, Queued, Redrafted, Refusal,
    ReminderNews, SavedNews, Storage,
};

/// The signals that there is one of.
#[derive(Clone, Copy)]
pub(super) struct Signals {
    pub(super) list: RwSignal<Vec<ListItem>>,
    pub(super) unread: RwSignal<u32>,
    pub(super) blocked: RwSignal<BTreeSet<UserId>>,
    pub(super) privacy: RwSignal<Privacy>,
    pub(super) availability: RwSignal<Availability>,
    pub(super) unsent: RwSignal<usize>,
    pub(super) saved: RwSignal<SavedNews>,
    pub(super) reminders: RwSignal<ReminderNews>,
    pub(super) folders: RwSignal<FolderNews>,
    pub(super) not_saved: RwSignal<Option<Refusal>>,
    pub(super) not_dismissed: RwSignal<Option<Refusal>>,
    pub(super) failures: RwSignal<Vec<Waiting>>,
    pub(super) status: RwSignal<Status>,
    pub(super) storage: RwSignal<Storage>,
    pub(super) announcement: RwSignal<Option<(u64, Announcement)>>,
    pub(super) today: RwSignal<i64>,
    pub(super) left: RwSignal<Option<Left>>,
    pub(super) redrafted: RwSignal<Option<Redrafted>>,
    pub(super) scheduled: RwSignal<u32>,
}

impl Signals {
    pub(super) fn new(today: i64) -> Self {
        Self {
            list: RwSignal::new(Vec::new()),
            unread: RwSignal::new(0),
            blocked: RwSignal::new(BTreeSet::new()),
            privacy: RwSignal::new(Privacy::default()),
            availability: RwSignal::new(Availability::default()),
            unsent: RwSignal::new(0),
            saved: RwSignal::new(SavedNews::default()),
            reminders: RwSignal::new(ReminderNews::default()),
            folders: RwSignal::new(FolderNews::default()),
            not_saved: RwSignal::new(None),
            not_dismissed: RwSignal::new(None),
            failures: RwSignal::new(Vec::new()),
            status: RwSignal::new(Status::Quiet),
            storage: RwSignal::new(Storage::Opening),
            announcement: RwSignal::new(None),
            today: RwSignal::new(today),
            left: RwSignal::new(None),
            redrafted: RwSignal::new(None),
            scheduled: RwSignal::new(0),
        }
    }
}

/// Where the time comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Clock {
    /// The request; days are those of UTC.
    Request(Timestamp),
    /// The browser. Days are those of UTC, as in the HTML, until the page is mounted.
    Browser {
        /// Minutes that UTC is ahead of the reader, once mounted.
        offset: Option<i32>,
    },
}

/// What to call when a message is safe or refused.
pub(super) type Done = Box<dyn FnOnce(Queued)>;

/// Everything behind a [`super::Live`] that needs no browser.
pub(super) struct Core {
    client: Client,
    clock: Clock,
    signals: Signals,
    views: Views,
    queue: VecDeque<Input>,
    busy: bool,
    stopped: bool,
    // Called by the thread that gave it: browsers have one, and a server has none of these.
    done: BTreeMap<SendId, SendWrapper<Done>>,
    announcements: VecDeque<Announcement>,
    announced: u64,
}

impl Core {
    pub(super) fn new(config: Config, clock: Clock, signals: Signals) -> Self {
        Self {
            client: Client::new(config),
            clock,
            signals,
            views: Views::default(),
            queue: VecDeque::new(),
            busy: false,
            stopped: false,
            done: BTreeMap::new(),
            announcements: VecDeque::new(),
            announced: 0,
        }
    }

    /// Queues what happened; whether the caller is to call [`Core::next`] until it is empty.
    pub(super) fn accept(&mut self, input: Input) -> bool {
        if self.stopped {
            return false;
        }
        self.queue.push_back(input);
        !std::mem::replace(&mut self.busy, true)
    }

    /// Takes the next thing that happened; what to do about it.
    pub(super) fn next(&mut self) -> Option<Vec<Effect>> {
        let Some(input) = self.queue.pop_front().filter(|_| !self.stopped) else {
            self.busy = false;
            return None;
        };
        let now = self.now();
        let mut effects = self.client.step(input, now);
        let mut changes = Vec::new();
        effects.retain(|effect| match effect {
            Effect::Changed(change) => {
                changes.push(*change);
                false
            }
            _ => true,
        });
        self.show(&changes);
        // A refusal is for whoever wrote the message.
        let refusals = changes
            .into_iter()
            .filter(|change| matches!(change, Change::SendRefused { .. }));
        effects.extend(refusals.map(Effect::Changed));
        Some(effects)
    }

    fn show(&mut self, changes: &[Change]) {
        let days = self.days();
        let (mut list, mut saved, mut reminders) = (false, false, false);
        for change in changes {
            self.views.update(&self.client, &days, *change);
            match *change {
                Change::List(_) => list = true,
                Change::Blocked => {
                    views::show(&self.signals.blocked, self.client.blocked().clone());
                }
                Change::Privacy => views::show(&self.signals.privacy, self.client.privacy()),
                Change::Availability => {
                    views::show(&self.signals.availability, self.client.availability());
                }
                Change::Saved => saved = true,
                Change::Dismissals => {
                    let refused = self.client.take_not_dismissed();
                    refuse(self.signals.not_dismissed, refused);
                }
                Change::Reminders => reminders = true,
                Change::Folders => {
                    views::show(&self.signals.folders, FolderNews::of(&self.client));
                }
                Change::Redrafted(id) => {
                    let redrafted = Redrafted::of(&self.client, id);
                    self.signals.redrafted.set(Some(redrafted));
                }
                Change::Scheduled => {
                    self.signals
                        .scheduled
                        .update(|times| *times = times.wrapping_add(1));
                }
                Change::Connection => {
                    views::show(&self.signals.status, self.client.status(self.now()));
                }
                other => self.note_announcement(other),
            }
        }
        if saved {
            self.signals.saved.update(|news| {
                *news = SavedNews {
                    number: news.number + 1,
                    newest: self.client.newest_saved(),
                };
            });
            refuse(self.signals.not_saved, self.client.take_not_saved());
        }
        if reminders {
            let news = ReminderNews::of(&self.client);
            views::show(&self.signals.reminders, news);
        }
        if list {
            self.views.order(&self.client, self.signals.list);
            views::show(&self.signals.unread, self.client.unread());
        }
        views::show(&self.signals.unsent, self.client.unsent());
        views::show(&self.signals.failures, self.client.failures());
    }

    fn note_announcement(&mut self, change: Change) {
        match change {
            Change::Announce { conversation, key } => {
                let row = self.client.rows(conversation).find(|row| row.key == key);
                let message = row.map(|row| Announcement::Message {
                    conversation,
                    row: Box::new(row.clone()),
                });
                self.announcements.extend(message);
            }
            Change::SendFailed {
                conversation,
                send_id,
            } => {
                // What has no row is told where it is shown.
                let mut rows = self.client.rows(conversation);
                if rows.any(|row| row.key.send_id == send_id) {
                    let not_sent = Announcement::NotSent { conversation };
                    self.announcements.push_back(not_sent);
                }
            }
            _ => {}
        }
    }

    /// Shows the next announcement, if there is one.
    pub(super) fn announce(&mut self) -> bool {
        let Some(announcement) = self.announcements.pop_front() else {
            return false;
        };
        self.announced += 1;
        let numbered = (self.announced, announcement);
        self.signals.announcement.set(Some(numbered));
        true
    }

    /// The client, to read.
    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn conversation(&mut self, id: ConversationId) -> ConversationView {
        let days = self.days();
        self.views.conversation(&self.client, &days, id)
    }

    pub(super) fn presence(&mut self, user: UserId) -> ArcRwSignal<Option<Presence>> {
        self.views.presence(&self.client, user)
    }

    pub(super) fn custom_status(&mut self, user: UserId) -> ArcRwSignal<Option<CustomStatus>> {
        self.views.custom_status(&self.client, user)
    }

    pub(super) fn person(&mut self, user: UserId) -> ArcRwSignal<Option<Person>> {
        self.views.person(&self.client, user)
    }

    /// Remembers what to call when a message is safe or refused.
    pub(super) fn expect(&mut self, send_id: SendId, done: Done) {
        self.done.insert(send_id, SendWrapper::new(done));
    }

    /// What was to be called.
    pub(super) fn expected(&mut self, send_id: SendId) -> Option<Done> {
        self.done.remove(&send_id).map(SendWrapper::take)
    }

    /// Takes the reader's own calendar over, now that the page is mounted, or again when the
    /// day or the time zone is another. Whether the reader had a calendar and has another now.
    pub(super) fn look_at_clock(&mut self, offset: i32) -> bool {
        let clock = Clock::Browser {
            offset: Some(offset),
        };
        let before = std::mem::replace(&mut self.clock, clock);
        let moved = before != clock;
        let today = self.days().number(self.now());
        views::show(&self.signals.today, today);
        if moved {
            let days = self.days();
            self.views.lay_out_again(&self.client, &days);
        }
        moved && matches!(before, Clock::Browser { offset: Some(_) })
    }

    /// The time of the server's clock, as far as it is known.
    pub(super) fn server_time(&self) -> Timestamp {
        self.client.server_time(self.now())
    }

    /// From when on the user may write.
    pub(super) fn may_write_at(&self, id: ConversationId) -> Option<Timestamp> {
        self.client.may_write_at(id, self.now())
    }

    /// Takes nothing more and shows nothing new.
    pub(super) fn stop(&mut self) {
        self.stopped = true;
        self.queue.clear();
        self.done.clear();
        self.announcements.clear();
    }

    fn now(&self) -> Timestamp {
        match self.clock {
            Clock::Request(at) => at,
            Clock::Browser { .. } => clock::now(),
        }
    }

    const fn days(&self) -> Days {
        Days::new(matches!(self.clock, Clock::Browser { offset: Some(_) }))
    }
}

/// Shows that something was refused, if it was.
fn refuse(signal: RwSignal<Option<Refusal>>, refused: Option<ErrorCode>) {
    if let Some(code) = refused {
        signal.update(|last| *last = Some(Refusal::next(*last, code)));
    }
}

#[cfg(test)]
#[path = "core_tests.rs"]
mod tests;
