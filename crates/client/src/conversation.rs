//! One conversation as this client knows it.

use std::collections::{BTreeMap, BTreeSet};

use protocol::limits::{FIRST_PAINT_MESSAGES, PAGE_DEFAULT, PAGE_MESSAGES};
use protocol::{
    Content, ConversationId, ConversationKind, ConversationSummary, Message, Seq, UserId,
};

use crate::fetch::{Patience, Purpose};
use crate::names::Names;
use crate::outbox::Outbox;
use crate::row::Reached;
use crate::seen_here::SeenHere;
use crate::thread::ThreadRun;
use crate::timeline::{Added, Timeline};
use crate::window::Window;
use crate::{Config, Divider, Draft, Row, SavedConversation, summary, unread};

/// Entries held of the conversation on screen.
pub(crate) const ROWS_OPEN: usize = 5_000;
/// Entries held of every other one.
pub(crate) const ROWS_CLOSED: usize = 200;
/// Rows that one request for older messages brings at least, where there are as many.
const ROWS_OLDER: usize = 10;

/// A conversation.
#[derive(Debug)]
pub(crate) struct Conversation {
    pub(crate) id: ConversationId,
    pub(crate) summary: Option<ConversationSummary>,
    pub(crate) timeline: Timeline,
    /// What is shown instead of the newest rows, around a place that was gone to.
    pub(crate) window: Window,
    /// The thread that is shown too.
    pub(crate) thread: Option<ThreadRun>,
    pub(crate) seen: SeenHere,
    /// Rows as the user's own changes will make them that still wait.
    pub(crate) overlay: BTreeMap<Seq, Row>,
    /// The newest place heard of.
    pub(crate) known: Seq,
    /// The read cursor that the server has.
    pub(crate) confirmed_read: Seq,
    /// What the server was told that this device has.
    pub(crate) confirmed_received: Seq,
    pub(crate) divider: Option<Divider>,
    pub(crate) draft: Option<Draft>,
    /// Its text before another device changed it.
    pub(crate) draft_before: String,
    /// The server said that more was missed than it replays.
    pub(crate) behind: bool,
    pub(crate) patience: Patience,
    /// Older messages were asked for by the user, when the run began after this place.
    pub(crate) older_wanted: Option<Seq>,
    pub(crate) older_failed: bool,
}

impl Conversation {
    pub(crate) fn new(id: ConversationId, config: Config) -> Self {
        Self {
            id,
            summary: None,
            timeline: Timeline::new(id, config.me),
            window: Window::new(config.around),
            thread: None,
            seen: SeenHere::default(),
            overlay: BTreeMap::new(),
            known: Seq::ZERO,
            confirmed_read: Seq::ZERO,
            confirmed_received: Seq::ZERO,
            divider: None,
            draft: None,
            draft_before: String::new(),
            behind: false,
            patience: Patience::default(),
            older_wanted: None,
            older_failed: false,
        }
    }

    /// The rows as they are shown, oldest first.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &Row> {
        self.timeline.rows().map(|row| self.laid_over(row))
    }

    /// The rows around a place that was gone to, if they are what is shown.
    pub(crate) fn window_rows(&self) -> Option<impl Iterator<Item = &Row>> {
        let run = self.window.run()?;
        Some(run.rows().map(|row| self.laid_over(row)))
    }

    pub(crate) fn laid_over<'a>(&'a self, row: &'a Row) -> &'a Row {
        let over = row.seq.and_then(|seq| self.overlay.get(&seq));
        over.unwrap_or(row)
    }

    /// The entry at a place, wherever it is held.
    pub(crate) fn entry(&self, seq: Seq) -> Option<&Row> {
        let newest = self.timeline.entry(seq);
        let around = || self.window.held()?.entry(seq);
        let in_thread = || self.thread.as_ref()?.entry(seq);
        newest.or_else(around).or_else(in_thread)
    }

    /// The row at a place as it is shown.
    pub(crate) fn row(&self, seq: Seq) -> Option<&Row> {
        let stored = || self.entry(seq).filter(|row| !row.is_change());
        self.overlay.get(&seq).or_else(stored)
    }

    /// Entries are in the newest run: what that means for what else is shown.
    pub(crate) fn follow(&mut self, added: &Added) {
        self.window.follow(&added.placed);
        if added.jumped {
            self.window.doubt();
        }
        if let Some(thread) = &mut self.thread {
            thread.follow_all(&added.placed, &self.timeline);
            thread.follow_all(&added.changed, &self.timeline);
            if added.jumped {
                thread.doubt();
            }
        }
    }

    /// Works out anew what waiting changes make of the rows.
    pub(crate) fn lay_over(&mut self, outbox: &Outbox) {
        let targets: BTreeSet<Seq> = outbox.targets(self.id).collect();
        self.overlay = targets
            .into_iter()
            .filter_map(|seq| {
                let mut row = self.entry(seq)?.clone();
                row.waiting = outbox.apply(self.id, &mut row);
                row.waiting.then_some((seq, row))
            })
            .collect();
    }

    /// The read cursor as the user has moved it.
    pub(crate) fn read(&self) -> Seq {
        self.summary
            .as_ref()
            .map_or(Seq::ZERO, |summary| summary.read_seq)
    }

    /// What to store of it.
    pub(crate) fn saved(&self) -> Option<SavedConversation> {
        Some(SavedConversation {
            summary: self.summary.clone()?,
            confirmed_read: self.confirmed_read,
            threads: self.seen.saved(self.read()),
        })
    }

    /// What to read over the socket, if anything.
    pub(crate) fn need(&self, open: bool) -> Option<(Purpose, (Seq, Seq))> {
        let window = open.then(|| self.window.need()).flatten();
        window.or_else(|| self.need_newest(open))
    }

    fn need_newest(&self, open: bool) -> Option<(Purpose, (Seq, Seq))> {
        if !self.timeline.is_anchored() {
            return open.then_some((Purpose::Newer, (Seq(1), Seq(u64::MAX))));
        }
        if let Some(gap) = self.timeline.gap() {
            return Some((Purpose::Newer, gap));
        }
        if let Some(range) = self.timeline.again() {
            return Some((Purpose::Shown, range));
        }
        let last = self.timeline.last();
        if self.known > last && (open || self.behind) {
            return Some((Purpose::Newer, (last.next(), self.known)));
        }
        let first_page = open && !self.timeline.has_rows(self.first_page());
        // More than is held would push out what is newer, and it would be read again.
        let has_room = self.timeline.count() < ROWS_OPEN && !self.timeline.at_start();
        if (first_page || self.older_wanted.is_some()) && has_room {
            let base = self.timeline.base();
            let from = Seq(base.0.saturating_sub(self.older_page() - 1).max(1));
            return Some((Purpose::Older, (from, base)));
        }
        None
    }

    /// Whether more older messages are wanted, now that a page has come. One full of changes
    /// shows nothing, so it goes on until there is something to see.
    pub(crate) fn settle_older(&mut self) {
        let Some(began) = self.older_wanted else {
            return;
        };
        let older = self
            .timeline
            .rows()
            .take_while(|row| row.seq <= Some(began));
        let enough = older.take(ROWS_OLDER).count() == ROWS_OLDER;
        let over = self.timeline.base() >= began || self.timeline.count() >= ROWS_OPEN;
        if enough || over || self.timeline.at_start() {
            self.older_wanted = None;
        }
    }

    /// Rows that an open conversation has before anybody scrolls: down to the unread divider
    /// where one page reaches it.
    fn first_page(&self) -> usize {
        let unread = self.summary.as_ref().map_or(0, |summary| summary.unread);
        let wanted = u64::from(unread)
            .saturating_add(10)
            .clamp(FIRST_PAINT_MESSAGES, PAGE_MESSAGES);
        usize::try_from(wanted).unwrap_or(usize::MAX)
    }

    fn older_page(&self) -> u64 {
        let unread = self.summary.as_ref().map_or(0, |summary| summary.unread);
        u64::from(unread)
            .saturating_add(10)
            .clamp(PAGE_DEFAULT, PAGE_MESSAGES)
    }

    /// Takes over what the server says about the conversation.
    pub(crate) fn merge(&mut self, summary: ConversationSummary, me: UserId) {
        self.known = self.known.max(summary.last_seq);
        self.confirmed_read = summary.read_seq;
        self.place(&summary);
        if let Some(ours) = &mut self.summary {
            let preferences = summary.preferences;
            summary::merge(ours, summary);
            ours.preferences = preferences;
        } else {
            self.summary = Some(summary);
        }
        self.show_last();
        self.note_seen(me);
        self.recount();
    }

    /// Takes over what an earlier page stored; anything known already is newer.
    pub(crate) fn restore(&mut self, saved: SavedConversation, me: UserId) {
        let SavedConversation {
            summary,
            confirmed_read,
            threads,
        } = saved;
        self.seen.restore(&threads);
        self.known = self.known.max(summary.last_seq);
        if let Some(ours) = &mut self.summary {
            // The cursor may have been moved without the server having heard of it.
            if summary.read_seq > ours.read_seq {
                unread::mark(ours, summary.read_seq);
            }
        } else {
            self.confirmed_read = confirmed_read;
            self.summary = Some(summary);
            self.show_last();
            self.note_seen(me);
        }
    }

    /// Lets the timeline begin where the summary stands, if it knows nothing better.
    fn place(&mut self, summary: &ConversationSummary) {
        let newest = summary
            .last_message
            .as_ref()
            .filter(|message| message.seq == summary.last_seq && message.conversation == self.id);
        if !self.timeline.is_anchored() {
            let base = newest.map_or(summary.last_seq, |message| message.seq.prev());
            self.timeline.anchor(base);
        }
        if let Some(message) = newest.filter(|it| it.seq == self.timeline.last().next()) {
            self.timeline.add(message.clone());
        }
    }

    /// Anchors a timeline that storage held no messages for.
    pub(crate) fn settle(&mut self) {
        if let Some(summary) = self.summary.clone() {
            self.place(&summary);
        }
    }

    /// An entry is in the timeline; whether it is news for the list.
    pub(crate) fn note(&mut self, entry: &Message, me: UserId, names: &Names) -> bool {
        self.known = self.known.max(entry.seq);
        let Some(summary) = &mut self.summary else {
            return false;
        };
        let is_new = summary::arrived(summary, entry, me, names);
        self.note_seen(me);
        is_new
    }

    /// Puts in the members whose names have become known; whether there were any.
    pub(crate) fn complete(&mut self, names: &Names) -> bool {
        let Some(summary) = &mut self.summary else {
            return false;
        };
        if !summary::is_incomplete(summary) {
            return false;
        }
        let notices = self
            .timeline
            .entries()
            .filter_map(|row| match &row.content {
                Content::Notice(notice) => Some((row.key.author, notice)),
                _ => None,
            });
        summary::complete(summary, notices, names)
    }

    /// Calls the members what they are called now; whether that is another name for any.
    pub(crate) fn rename_members(&mut self, names: &Names) -> bool {
        let mut renamed = false;
        for member in self.summary.iter_mut().flat_map(|it| &mut it.members) {
            if let Some(person) = names.get(member.person.id)
                && *person != member.person
            {
                member.person = person.clone();
                renamed = true;
            }
        }
        renamed
    }

    /// Takes note of how far the other one of a direct conversation is; whether a row is different
    /// for it.
    pub(crate) fn note_seen(&mut self, me: UserId) -> bool {
        let Some(summary) = &self.summary else {
            return false;
        };
        if summary.kind != ConversationKind::Direct {
            return false;
        }
        let mut others = summary.members.iter().filter(|it| it.person.id != me);
        let reached = others.next().map_or(Reached::NOWHERE, |member| Reached {
            delivered: member.delivered_seq,
            read: member.read_seq,
        });
        let in_window = self.window.set_reached(reached);
        let thread = self.thread.as_mut();
        let in_thread = thread.is_some_and(|it| it.set_reached(reached, me));
        self.timeline.set_reached(reached) || in_window || in_thread
    }

    /// The newest place of the other one's in a direct conversation that this device has, if the
    /// server does not know that and it was not looked at either.
    pub(crate) fn to_confirm(&self, me: UserId) -> Option<Seq> {
        let summary = self.summary.as_ref()?;
        if summary.kind != ConversationKind::Direct {
            return None;
        }
        let newest = self.timeline.newest_of_others()?;
        let own = summary.members.iter().find(|it| it.person.id == me);
        let elsewhere = own.map_or(Seq::ZERO, |own| own.delivered_seq);
        let known = self.confirmed_received.max(elsewhere);
        (newest > known.max(summary.read_seq)).then_some(newest)
    }

    /// Counts exactly where everything unread is held.
    pub(crate) fn recount(&mut self) {
        let me = self.timeline.me();
        let Some(summary) = &mut self.summary else {
            return;
        };
        if self.timeline.last() < summary.last_seq {
            return;
        }
        if let Some(others) = self.timeline.others_after(summary.read_seq) {
            unread::recount(summary, others, me);
        }
    }

    /// Freezes the divider where the unread messages begin.
    pub(crate) fn divide(&mut self) {
        self.divider = self
            .summary
            .as_ref()
            .filter(|summary| summary.unread > 0)
            .map(|summary| Divider {
                after: summary.read_seq,
                until: self.known,
            });
    }
}
