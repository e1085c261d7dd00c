//! Messages of the run whose time is over. They keep their places and say nothing any more.

use std::collections::BTreeSet;

use protocol::{Content, Lifespan, Message, Notice, Seq, Timestamp};

use super::Timeline;
use super::folding::withdraw;
use crate::Row;

impl Timeline {
    /// Before this, nothing in the run is over.
    pub(crate) const fn soonest(&self) -> Option<Timestamp> {
        self.soonest
    }

    /// Takes the words out of what is over by now, and of what edited it. Returns what is
    /// different now, to be stored.
    pub(crate) fn expire(&mut self, now: Timestamp) -> Vec<Message> {
        if self.soonest.is_none_or(|at| now < at) {
            return Vec::new();
        }
        let over = self.run.iter_mut().filter_map(|row| {
            let is_over = row.expire_at(now);
            row.seq.filter(|_| is_over)
        });
        let over: BTreeSet<Seq> = over.collect();
        let edits = self.run.iter_mut().filter_map(|row| withdraw(row, &over));
        let edits: BTreeSet<Seq> = edits.collect();
        self.watch_all();
        let changed = over.union(&edits);
        let changed = changed.filter_map(|seq| self.entry(*seq)?.entry(self.conversation));
        changed.collect()
    }

    /// How long messages stayed that were written in this place, as far as the run tells.
    pub(crate) fn lifespan_at(&self, place: Seq) -> Option<Option<Lifespan>> {
        let mut before = self.run.iter().rev().filter(|row| row.seq < Some(place));
        before.find_map(|row| match &row.content {
            Content::Notice(Notice::Lifespan { lifespan }) => Some(*lifespan),
            _ => None,
        })
    }

    /// Takes note of when entries are over that are in the run now.
    pub(super) fn watch(&mut self, placed: &[Seq]) {
        let ends = placed
            .iter()
            .filter_map(|seq| self.entry(*seq)?.expires_at());
        self.soonest = ends.chain(self.soonest).min();
    }

    /// [`Timeline::watch`] for the whole run.
    pub(super) fn watch_all(&mut self) {
        self.soonest = self.run.iter().filter_map(Row::expires_at).min();
    }
}
