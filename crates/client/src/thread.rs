//! The thread on screen: its root and the answers that are held, up to the newest.
//!
//! Its entries are part of the conversation's log, so whatever the newest run learns is folded in
//! here too. A page of answers comes from outside the socket.

use std::collections::BTreeMap;

use protocol::{Content, Dismissed, Message, Seq, Thread, ThreadPage, Timestamp, UserId};

use crate::Row;
use crate::row::Reached;
use crate::timeline::Timeline;

/// Answers held of one thread. The oldest beyond them are let go, and can be loaded again.
const MOST_ANSWERS: usize = 2_000;

/// How far the thread on screen is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ThreadState {
    /// The place of its root.
    pub root: Seq,
    /// Whether its newest answers are held.
    pub loaded: bool,
    /// The oldest answer held, if there are older ones.
    pub more_before: Option<Seq>,
    /// Entries were jumped over: its newest page is to be read again.
    pub stale: bool,
}

/// Answers of others that the reader has not seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NewAnswers {
    /// So many.
    Counted(u32),
    /// There are some; not all of them are held here.
    Some,
}

/// The entries of a thread.
#[derive(Debug)]
pub(crate) struct ThreadRun {
    root: Seq,
    top: Option<Row>,
    answers: BTreeMap<Seq, Row>,
    loaded: bool,
    more: bool,
    stale: bool,
}

impl ThreadRun {
    pub(crate) const fn new(root: Seq) -> Self {
        Self {
            root,
            top: None,
            answers: BTreeMap::new(),
            loaded: false,
            more: false,
            stale: false,
        }
    }

    pub(crate) const fn root(&self) -> Seq {
        self.root
    }

    pub(crate) fn state(&self) -> ThreadState {
        let first = self.answers.keys().next().copied();
        ThreadState {
            root: self.root,
            loaded: self.loaded,
            more_before: first.filter(|_| self.more),
            stale: self.stale,
        }
    }

    /// Root and answers, as they are held; answers that are dismissed are none.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row> {
        let answers = self.answers.values().filter(|row| !row.is_dismissed());
        self.top.iter().chain(answers)
    }

    /// The answers after a place, if all of them are held.
    pub(crate) fn after(&self, after: Seq) -> Option<impl Iterator<Item = &Row>> {
        let first = self.answers.keys().next();
        let borders = !self.more || first.is_some_and(|first| *first <= after.next());
        let is_known = self.loaded && !self.stale && borders;
        is_known.then(|| self.answers.range(after.next()..).map(|(_, row)| row))
    }

    /// This is dismissed from now on, and nothing else. What is shown again is read anew.
    pub(crate) fn dismiss(&mut self, dismissed: &Dismissed) {
        for row in self.answers.values_mut() {
            let is_new = row.dismiss(dismissed);
            if let Some(top) = self.top.as_mut().filter(|_| is_new) {
                top.uncount_answer();
            }
        }
        if let Some(top) = &mut self.top {
            top.dismiss(dismissed);
        }
        let mut rows = self.top.iter().chain(self.answers.values());
        let is_back = |row: &Row| row.seq.is_some_and(|seq| !dismissed.contains(seq));
        if rows.any(|row| row.is_dismissed() && is_back(row)) {
            self.doubt();
        }
    }

    pub(crate) fn entry(&self, seq: Seq) -> Option<&Row> {
        let top = self.top.as_ref().filter(|_| seq == self.root);
        top.or_else(|| self.answers.get(&seq))
    }

    /// The newest place of it that is known.
    pub(crate) fn newest(&self) -> Seq {
        let told = match self.top.as_ref().and_then(|top| top.marks.thread.as_ref()) {
            Some(Thread::Root(answers)) => answers.last,
            _ => self.root,
        };
        let held = self.answers.keys().next_back().copied();
        held.map_or(told, |held| held.max(told))
    }

    /// A page has come: of the newest answers, or of those before a place.
    pub(crate) fn arrived(&mut self, before: Option<Seq>, page: ThreadPage, newest: &Timeline) {
        if before.is_none() {
            self.begin_anew(&page);
            self.stale = newest.is_anchored() && newest.base() > page.last_seq;
        } else if before != self.answers.keys().next().copied() {
            return;
        }
        (self.loaded, self.more) = (true, page.more);
        for message in page.message.into_iter().chain(page.answers) {
            self.hold(newest.row_of(message));
        }
        for row in newest.entries() {
            self.follow(row);
        }
    }

    /// Lets go of what does not go together with the newest page.
    fn begin_anew(&mut self, page: &ThreadPage) {
        if self.stale {
            // What has come since was folded in without what was jumped over: it is newer than
            // the page, and wrong.
            self.top = None;
            self.answers.clear();
        } else if page.more {
            // What was held before it may not border on it.
            let from = page.answers.first().map_or(Seq::ZERO, |first| first.seq);
            self.answers = self.answers.split_off(&from);
        }
    }

    /// Entries took their places in the newest run, or are different there now.
    pub(crate) fn follow_all(&mut self, entries: &[Message], newest: &Timeline) {
        for entry in entries {
            self.follow(&newest.row_of(entry.clone()));
        }
    }

    /// The newest run has jumped over entries that nobody here has seen.
    pub(crate) const fn doubt(&mut self) {
        self.stale = self.loaded;
    }

    fn follow(&mut self, row: &Row) {
        let (Some(origin), true) = (row.origin(), self.loaded) else {
            return;
        };
        if let Content::Change(change) = &row.content {
            if let Some(target) = self.entry_mut(change.target) {
                target.fold(origin, &change.kind);
            }
            return;
        }
        if row.under() == Some(self.root) {
            if let Some(top) = &mut self.top {
                top.answered(origin);
            }
            let first = self.answers.keys().next();
            if !self.more || first.is_some_and(|first| *first < origin.seq) {
                self.hold(row.clone());
            }
        } else if origin.seq == self.root {
            self.hold(row.clone());
        }
    }

    /// Takes a row in, unless it is held as it was later.
    fn hold(&mut self, row: Row) {
        let Some(seq) = row.seq else {
            return;
        };
        let is_newer = |held: &Row| held.marks.version <= row.marks.version;
        if self.entry(seq).is_none_or(is_newer) {
            if seq == self.root {
                self.top = Some(row);
            } else {
                self.answers.insert(seq, row);
            }
        }
        while self.answers.len() > MOST_ANSWERS {
            self.answers.pop_first();
            self.more = true;
        }
    }

    /// Before this, nothing of it is over.
    pub(crate) fn soonest(&self) -> Option<Timestamp> {
        let rows = self.top.iter().chain(self.answers.values());
        rows.filter_map(Row::expires_at).min()
    }

    /// Takes away what is over.
    pub(crate) fn expire(&mut self, now: Timestamp) {
        for row in self.top.iter_mut().chain(self.answers.values_mut()) {
            row.expire_at(now);
        }
    }

    fn entry_mut(&mut self, seq: Seq) -> Option<&mut Row> {
        if seq == self.root {
            self.top.as_mut()
        } else {
            self.answers.get_mut(&seq)
        }
    }

    /// The other one is so far; whether a row is different for it.
    pub(crate) fn set_reached(&mut self, reached: Reached, me: UserId) -> bool {
        let rows = self.top.iter_mut().chain(self.answers.values_mut());
        rows.fold(false, |any, row| reached.set(row, me) || any)
    }
}

#[cfg(test)]
#[path = "thread_tests.rs"]
mod tests;
