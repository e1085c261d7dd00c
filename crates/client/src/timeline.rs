//! The stored messages of a conversation that this client holds: one run of consecutive
//! places, and what arrived beyond a gap.

use std::collections::{BTreeMap, VecDeque};

use protocol::{Message, Seq, UserId};

use crate::{Delivery, Row, RowKey};

/// Messages held back beyond a gap. More are dropped: the gap's page brings them again.
const MOST_HELD_BACK: usize = 500;

/// A message as a row.
pub(crate) fn row_of(message: &Message) -> Row {
    Row {
        key: RowKey {
            author: message.author,
            send_id: message.send_id,
        },
        seq: Some(message.seq),
        sent_at: message.sent_at,
        content: message.content.clone(),
        delivery: Delivery::Sent,
    }
}

/// What adding messages changed.
#[derive(Debug, Default)]
pub(crate) struct Added {
    /// Messages that are in the run now and were not before, ascending.
    pub(crate) shown: Vec<Message>,
    /// The run was given up for a newer one, because a gap between them is too wide to fill.
    pub(crate) jumped: bool,
}

/// Consecutive messages.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    /// The place before the run; `None` while nothing is known.
    base: Option<Seq>,
    run: VecDeque<Row>,
    held_back: BTreeMap<Seq, Message>,
    /// Up to this place there is nothing (more) to read.
    floor: Seq,
}

impl Timeline {
    /// Whether anything is known.
    pub(crate) const fn is_anchored(&self) -> bool {
        self.base.is_some()
    }

    /// The place before the first message held.
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

    pub(crate) fn count(&self) -> usize {
        self.run.len()
    }

    /// Whether the first row is the first message there is to read.
    pub(crate) fn at_start(&self) -> bool {
        self.is_anchored() && self.base() <= self.floor
    }

    /// Nothing can be read up to and with this place.
    pub(crate) fn set_floor(&mut self, floor: Seq) {
        self.floor = self.floor.max(floor);
    }

    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &Row> {
        self.run.iter()
    }

    /// The places missing before the first message held back.
    pub(crate) fn gap(&self) -> Option<(Seq, Seq)> {
        let (first, _) = self.held_back.first_key_value()?;
        Some((self.last().next(), first.prev()))
    }

    /// Places after `after`, written by others, if all of them are held.
    pub(crate) fn others_after(&self, after: Seq, me: UserId) -> Option<usize> {
        if !self.is_anchored() || (self.base() > after && !self.at_start()) {
            return None;
        }
        let skip = usize::try_from(after.since(self.base())).unwrap_or(usize::MAX);
        Some(
            self.run
                .iter()
                .skip(skip)
                .filter(|row| row.key.author != me)
                .count(),
        )
    }

    /// Begins after a place, if nothing is known yet.
    pub(crate) fn anchor(&mut self, base: Seq) {
        self.base.get_or_insert(base);
    }

    /// Adds one message that just arrived.
    pub(crate) fn add(&mut self, message: Message) -> Added {
        let mut added = Added::default();
        if message.seq == Seq::ZERO {
            return added;
        }
        self.anchor(message.seq.prev());
        if message.seq <= self.last() {
            return added;
        }
        self.held_back.entry(message.seq).or_insert(message);
        self.take_held_back(&mut added);
        while self.held_back.len() > MOST_HELD_BACK {
            self.held_back.pop_last();
        }
        added
    }

    /// Adds a page of consecutive messages. One that lies beyond a gap takes the place of the
    /// run; one that lies before it, apart, is of no use.
    pub(crate) fn absorb(&mut self, page: Vec<Message>) -> Added {
        let mut added = Added::default();
        let (Some(first), Some(last)) = (page.first(), page.last()) else {
            return added;
        };
        let (first, last) = (first.seq, last.seq);
        self.anchor(first.prev());
        if last < self.base() {
            return added;
        }
        if first > self.last().next() {
            self.run.clear();
            self.base = Some(first.prev());
            added.jumped = true;
        }
        let (base, end) = (self.base(), self.last());
        let (older, newer): (Vec<Message>, Vec<Message>) = page
            .into_iter()
            .filter(|message| message.seq <= base || message.seq > end)
            .partition(|message| message.seq <= base);
        for message in older.iter().rev() {
            self.run.push_front(row_of(message));
        }
        if first <= base {
            self.base = Some(first.prev());
        }
        added.shown = older;
        for message in newer {
            self.run.push_back(row_of(&message));
            added.shown.push(message);
        }
        self.take_held_back(&mut added);
        added
    }

    /// Gives up on a gap that cannot be filled.
    pub(crate) fn jump_gap(&mut self) -> Added {
        let mut added = Added::default();
        if let Some((first, _)) = self.held_back.first_key_value() {
            self.base = Some(first.prev());
            self.run.clear();
            added.jumped = true;
            self.take_held_back(&mut added);
        }
        added
    }

    fn take_held_back(&mut self, added: &mut Added) {
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
                self.run.push_back(row_of(&message));
                added.shown.push(message);
            }
        }
    }

    /// Lets go of the oldest rows beyond a number.
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
