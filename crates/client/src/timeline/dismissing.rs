//! Entries of the run that the user has deleted for themselves. They keep their places and say
//! nothing any more; nothing of them is in what is stored.

use std::collections::BTreeSet;

use protocol::limits::PAGE_MESSAGES;
use protocol::{Content, Dismissed, Message, Seq};

use super::Timeline;
use crate::Row;

impl Timeline {
    /// What is dismissed of the conversation.
    pub(crate) const fn dismissed(&self) -> &Dismissed {
        &self.dismissed
    }

    /// This is dismissed from now on, and nothing else. Returns what is different now, to be
    /// stored.
    pub(crate) fn dismiss(&mut self, dismissed: &Dismissed) -> Vec<Message> {
        self.dismissed.clone_from(dismissed);
        self.set_floor(dismissed.up_to());
        let (mut different, mut roots) = (BTreeSet::new(), Vec::new());
        for row in &mut self.run {
            let under = row.under();
            if row.dismiss(dismissed) {
                different.extend(row.seq);
                roots.extend(under);
            }
        }
        for root in roots {
            if let Some(row) = self.row_mut(root) {
                row.uncount_answer();
                different.insert(root);
            }
        }
        self.watch_all();
        self.entries_at(&different)
    }

    /// Shows entries again as they were, unless they have been changed since. Returns what is
    /// different now.
    pub(crate) fn put_back(&mut self, originals: &[Message]) -> Vec<Message> {
        let unchanged = originals.iter().filter(|original| {
            let row = self.entry(original.seq);
            row.is_some_and(|row| row.is_dismissed() && row.marks.version == original.marks.version)
        });
        let back: Vec<Row> = unchanged.map(|it| self.row_of(it.clone())).collect();
        let different = self.show_again(back, &BTreeSet::new());
        self.watch_all();
        self.entries_at(&different)
    }

    /// Puts rows in place of dismissed ones. Those of them that answer in a thread count in its
    /// root again, unless that is renewed itself.
    pub(super) fn show_again(&mut self, rows: Vec<Row>, renewed: &BTreeSet<Seq>) -> BTreeSet<Seq> {
        let mut different = BTreeSet::new();
        for row in rows {
            let (answer, under, seq) = (row.origin(), row.under(), row.seq);
            if let Some(held) = seq.and_then(|seq| self.row_mut(seq)) {
                *held = row;
                different.extend(seq);
            }
            let root = under.filter(|root| !renewed.contains(root));
            if let (Some(answer), Some(root)) = (answer, root)
                && let Some(held) = self.row_mut(root)
            {
                held.recount_answer(answer);
                different.insert(root);
            }
        }
        different
    }

    /// Entries that say nothing here although they are not dismissed any more are to be read
    /// again; whether there are any.
    pub(crate) fn doubt_shown(&mut self, told: &Dismissed) -> bool {
        let is_shown = |seq: &Seq| !told.contains(*seq) && !self.dismissed.contains(*seq);
        let silent = self.run.iter().filter(|row| row.is_dismissed());
        let mut silent = silent.filter_map(|row| row.seq).filter(is_shown);
        let first = silent.next();
        let last = silent.next_back().or(first);
        self.again = first.zip(last);
        self.again.is_some()
    }

    /// The places that are to be read again now.
    pub(crate) fn again(&self) -> Option<(Seq, Seq)> {
        let (first, last) = self.again?;
        Some((
            first,
            last.min(Seq(first.0.saturating_add(PAGE_MESSAGES - 1))),
        ))
    }

    /// Places were read again, or cannot be: those up to this one are doubted no more.
    pub(crate) fn read_again(&mut self, to: Seq) {
        let rest = self.again.filter(|(_, last)| *last > to);
        self.again = rest.map(|(_, last)| (to.next(), last));
    }

    fn row_mut(&mut self, seq: Seq) -> Option<&mut Row> {
        let at = self.index(seq)?;
        self.run.get_mut(at)
    }

    pub(super) fn entries_at(&self, places: &BTreeSet<Seq>) -> Vec<Message> {
        let entries = places
            .iter()
            .filter_map(|seq| self.entry(*seq)?.entry(self.conversation));
        entries.collect()
    }
}

impl Row {
    /// Whether the user has deleted it for themselves.
    pub(crate) fn is_dismissed(&self) -> bool {
        self.content == Content::Dismissed
    }
}
