//! The stored entries of a conversation that this client holds: one run of consecutive places,
//! and what arrived beyond a gap.
//!
//! Changes take their places in the run like everything else, which is how it is known that
//! none is missing, and are folded into what they change (`folding`); they are no rows to show.

mod dismissing;
mod expiring;
mod folding;
mod pace;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use protocol::{ConversationId, Dismissed, Message, Seq, Timestamp, UserId};

use crate::row::Reached;
use crate::{Delivery, Row};

/// Entries held back beyond a gap. More are dropped: the gap's page brings them again.
const MOST_HELD_BACK: usize = 500;

/// What adding entries changed.
#[derive(Debug, Default)]
pub(crate) struct Added {
    /// Entries that are in the run now and were not before, as they are now, ascending.
    pub(crate) placed: Vec<Message>,
    /// Entries that were in it before and are different now, ascending.
    pub(crate) changed: Vec<Message>,
    /// The run was given up for a newer one, because a gap between them is too wide to fill.
    pub(crate) jumped: bool,
}

/// Consecutive entries.
#[derive(Debug)]
pub(crate) struct Timeline {
    conversation: ConversationId,
    /// The place before the run; `None` while nothing is known.
    base: Option<Seq>,
    run: VecDeque<Row>,
    held_back: BTreeMap<Seq, Message>,
    /// Up to this place there is nothing (more) to read.
    floor: Seq,
    me: UserId,
    /// How far the other one has read, where that is told.
    reached: Reached,
    /// Before this, nothing in the run is over.
    soonest: Option<Timestamp>,
    /// What the user has deleted for themselves of the conversation.
    dismissed: Dismissed,
    /// From where to where entries are to be read that are not dismissed any more.
    again: Option<(Seq, Seq)>,
}

impl Timeline {
    pub(crate) const fn new(conversation: ConversationId, me: UserId) -> Self {
        Self {
            conversation,
            base: None,
            run: VecDeque::new(),
            held_back: BTreeMap::new(),
            floor: Seq::ZERO,
            me,
            reached: Reached::NOWHERE,
            soonest: None,
            dismissed: Dismissed::NONE,
            again: None,
        }
    }

    /// Whether anything is known.
    pub(crate) const fn is_anchored(&self) -> bool {
        self.base.is_some()
    }

    /// The place before the first entry held.
    pub(crate) fn base(&self) -> Seq {
        self.base.unwrap_or(Seq::ZERO)
    }

    /// The newest place up to which nothing is missing.
    pub(crate) fn last(&self) -> Seq {
        Seq(self.base().0.saturating_add(self.len()))
    }

    fn len(&self) -> u64 {
        u64::try_from(self.run.len()).unwrap_or(u64::MAX)
    }

    /// Entries held, shown or not.
    pub(crate) fn count(&self) -> usize {
        self.run.len()
    }

    /// Whether the first entry held is the first there is to read.
    pub(crate) fn at_start(&self) -> bool {
        self.is_anchored() && self.base() <= self.floor
    }

    /// Nothing can be read up to and with this place.
    pub(crate) fn set_floor(&mut self, floor: Seq) {
        self.floor = self.floor.max(floor);
    }

    /// All entries.
    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = &Row> {
        self.run.iter()
    }

    /// The newest place of a message or a notice, over or not.
    pub(crate) fn newest_said(&self) -> Option<Seq> {
        let mut entries = self.entries().rev();
        entries.find(|row| !row.is_change())?.seq
    }

    /// The newest place of a message of somebody else.
    pub(crate) fn newest_of_others(&self) -> Option<Seq> {
        let mut entries = self.entries().rev();
        let is_theirs = |row: &&Row| row.key.author != self.me && row.content.counts();
        entries.find(is_theirs)?.seq
    }

    /// The entries that are shown: neither changes nor what is out of sight.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &Row> {
        self.run
            .iter()
            .filter(|row| !row.is_change() && !row.is_out_of_sight())
    }

    /// Whether at least this many entries that are shown are held.
    pub(crate) fn has_rows(&self, number: usize) -> bool {
        self.rows().rev().take(number).count() == number
    }

    /// The entry at a place.
    pub(crate) fn entry(&self, seq: Seq) -> Option<&Row> {
        self.run.get(self.index(seq)?)
    }

    fn index(&self, seq: Seq) -> Option<usize> {
        let base = self.base?;
        let before = (seq > base).then(|| seq.prev().since(base))?;
        usize::try_from(before).ok()
    }

    /// The places missing before the first entry held back.
    pub(crate) fn gap(&self) -> Option<(Seq, Seq)> {
        let (first, _) = self.held_back.first_key_value()?;
        Some((self.last().next(), first.prev()))
    }

    /// Entries after `after` that count and were written by others, if all of them are held.
    pub(crate) fn others_after(&self, after: Seq) -> Option<impl Iterator<Item = &Row> + Clone> {
        if !self.is_anchored() || (self.base() > after && !self.at_start()) {
            return None;
        }
        let skip = usize::try_from(after.since(self.base())).unwrap_or(usize::MAX);
        Some(
            self.run
                .iter()
                .skip(skip)
                .filter(|row| row.key.author != self.me)
                .filter(|row| row.content.counts() && !row.is_out_of_sight()),
        )
    }

    /// Whose it is.
    pub(crate) const fn me(&self) -> UserId {
        self.me
    }

    /// Begins after a place, if nothing is known yet.
    pub(crate) fn anchor(&mut self, base: Seq) {
        self.base.get_or_insert(base);
    }

    /// Adds one entry that just arrived.
    pub(crate) fn add(&mut self, message: Message) -> Added {
        if message.seq == Seq::ZERO {
            return Added::default();
        }
        self.anchor(message.seq.prev());
        if message.seq <= self.last() {
            return Added::default();
        }
        self.hold_back(vec![message])
    }

    /// Whether entries lie apart from the run, after it.
    pub(crate) fn is_beyond_gap(&self, entries: &[Message]) -> bool {
        let first = entries.first().map(|message| message.seq);
        self.is_anchored() && first > Some(self.last().next())
    }

    /// Adds entries that lie after the run as soon as nothing is missing between.
    pub(crate) fn hold_back(&mut self, entries: Vec<Message>) -> Added {
        for message in entries {
            self.held_back.entry(message.seq).or_insert(message);
        }
        let mut placed = Vec::new();
        self.take_held_back(&mut placed);
        while self.held_back.len() > MOST_HELD_BACK {
            self.held_back.pop_last();
        }
        self.added(&placed, false, false)
    }

    /// Adds a page of consecutive entries. One that lies beyond a gap takes the place of the
    /// run; one that lies before it, apart, is of no use.
    pub(crate) fn absorb(&mut self, page: Vec<Message>) -> Added {
        let (Some(first), Some(last)) = (page.first(), page.last()) else {
            return Added::default();
        };
        let (first, last) = (first.seq, last.seq);
        self.anchor(first.prev());
        if last < self.base() {
            return Added::default();
        }
        let jumped = first > self.last().next();
        if jumped {
            self.run.clear();
            self.base = Some(first.prev());
        }
        let (base, end) = (self.base(), self.last());
        let (older, newer): (Vec<Message>, Vec<Message>) = page
            .into_iter()
            .filter(|message| message.seq <= base || message.seq > end)
            .partition(|message| message.seq <= base);
        let mut placed: Vec<Seq> = older.iter().map(|message| message.seq).collect();
        let has_older = !older.is_empty();
        for message in older.into_iter().rev() {
            let row = self.row_of(message);
            self.run.push_front(row);
        }
        if first <= base {
            self.base = Some(first.prev());
        }
        for message in newer {
            placed.push(message.seq);
            let row = self.row_of(message);
            self.run.push_back(row);
        }
        self.take_held_back(&mut placed);
        self.added(&placed, has_older, jumped)
    }

    /// Gives up on a gap that cannot be filled.
    pub(crate) fn jump_gap(&mut self) -> Added {
        let Some((first, _)) = self.held_back.first_key_value() else {
            return Added::default();
        };
        self.base = Some(first.prev());
        self.run.clear();
        let mut placed = Vec::new();
        self.take_held_back(&mut placed);
        self.added(&placed, false, true)
    }

    fn take_held_back(&mut self, placed: &mut Vec<Seq>) {
        while let Some(entry) = self.held_back.first_entry() {
            let next = Seq(self.base.unwrap_or_default().0)
                .0
                .saturating_add(u64::try_from(self.run.len()).unwrap_or(u64::MAX))
                .saturating_add(1);
            if entry.key().0 > next {
                break;
            }
            let message = entry.remove();
            if message.seq.0 == next {
                placed.push(message.seq);
                let row = self.row_of(message);
                self.run.push_back(row);
            }
        }
    }

    /// Folds what is new into what is held, and says what came of it.
    fn added(&mut self, placed: &[Seq], older: bool, jumped: bool) -> Added {
        self.watch(placed);
        // What comes at the end and changes nothing needs no look at the rest.
        let news = older
            || placed
                .iter()
                .any(|seq| self.entry(*seq).is_some_and(Row::alters));
        let mut changed = if news { self.fold() } else { BTreeSet::new() };
        for seq in placed {
            changed.remove(seq);
        }
        let entries = |places: &mut dyn Iterator<Item = &Seq>| {
            places
                .filter_map(|seq| self.entry(*seq)?.entry(self.conversation))
                .collect()
        };
        Added {
            placed: entries(&mut placed.iter()),
            changed: entries(&mut changed.iter()),
            jumped,
        }
    }

    /// The row that an entry is here.
    pub(crate) fn row_of(&self, mut message: Message) -> Row {
        message.dismiss(&self.dismissed);
        let delivery = self.delivery(message.author, message.seq);
        Row::new(message, delivery)
    }

    /// How far a stored entry is.
    pub(crate) fn delivery(&self, author: UserId, seq: Seq) -> Delivery {
        if author == self.me {
            self.reached.delivery(seq)
        } else {
            Delivery::Sent
        }
    }

    /// The other one is so far; whether a row is different for it.
    pub(crate) fn set_reached(&mut self, reached: Reached) -> bool {
        if self.reached == reached {
            return false;
        }
        self.reached = reached;
        let rows = self.run.iter_mut();
        rows.fold(false, |any, row| reached.set(row, self.me) || any)
    }

    /// An empty run of the same conversation.
    pub(crate) fn another(&self, conversation: ConversationId, me: UserId) -> Self {
        let mut run = Self::new(conversation, me);
        run.floor = self.floor;
        run.reached = self.reached;
        run.dismissed.clone_from(&self.dismissed);
        run
    }

    /// Lets go of the newest entries beyond a number.
    pub(crate) fn trim_newest(&mut self, most: usize) {
        if self.run.len() > most {
            self.run.truncate(most);
            self.held_back.clear();
        }
    }

    /// Takes over what entries are now that are in the run already. Returns what is different,
    /// to be stored.
    pub(crate) fn renew(&mut self, entries: Vec<Message>) -> Vec<Message> {
        let (mut renewed, mut back) = (BTreeSet::new(), Vec::new());
        for entry in entries {
            let fresh = self.row_of(entry);
            let place = fresh.seq.and_then(|seq| self.index(seq));
            let Some(row) = place.and_then(|at| self.run.get_mut(at)) else {
                continue;
            };
            if row.is_dismissed() && !fresh.is_dismissed() {
                back.push(fresh);
            } else if row.marks.version < fresh.marks.version || row.is_change() {
                renewed.extend(fresh.seq);
                *row = fresh;
            }
        }
        renewed.extend(self.show_again(back, &renewed));
        self.watch_all();
        self.entries_at(&renewed)
    }

    /// Lets go of the oldest entries beyond a number.
    pub(crate) fn trim(&mut self, most: usize) -> bool {
        let over = self.run.len().saturating_sub(most);
        if over == 0 {
            return false;
        }
        self.run.drain(..over);
        let over = u64::try_from(over).unwrap_or(u64::MAX);
        self.base = Some(Seq(self.base().0.saturating_add(over)));
        true
    }

    /// Checks what always holds.
    #[cfg(test)]
    pub(crate) fn check_invariants(&self) {
        let mut place = self.base();
        for row in &self.run {
            place = place.next();
            assert_eq!(row.seq, Some(place), "the run has a gap or a wrong order");
        }
        assert_eq!(place, self.last());
        if let Some((first, _)) = self.held_back.first_key_value() {
            assert!(*first > self.last().next(), "held back without a gap");
        }
        assert!(self.held_back.len() <= MOST_HELD_BACK);
    }
}

#[cfg(test)]
#[path = "timeline_tests.rs"]
mod tests;
