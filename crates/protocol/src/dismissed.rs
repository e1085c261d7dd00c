//! What somebody has deleted for themselves alone: of each conversation a set of places. Nobody
//! else learns of it, and all devices of the account agree on it
//! (docs/decisions/0034-deleting-for-oneself.md).
//!
//! One function says what is left of an entry for whoever has dismissed it: the server applies it
//! to all that is read, a client to what arrives live and to what its device keeps.

use serde::{Deserialize, Serialize};

use crate::limits::DISMISSED_RUNS;
use crate::{ChangeKind, Content, ErrorCode, Marks, Message, Origin, Seq, Thread};

/// What is to become of a place. It is a whole value, so it may be repeated.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dismissal {
    /// It is deleted for the account alone.
    This,
    /// So is everything before it. That is for good.
    ThisAndBefore,
    /// It is shown again.
    Show,
}

/// The places of one conversation that an account has dismissed.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dismissed {
    /// All up to this one; [`Seq::ZERO`] for none.
    up_to: Seq,
    /// And these after it, from the first to the last of each run, ascending; between two runs
    /// lies at least one place. At most [`DISMISSED_RUNS`].
    runs: Vec<(Seq, Seq)>,
}

impl Dismissed {
    /// No place.
    pub const NONE: Self = Self {
        up_to: Seq::ZERO,
        runs: Vec::new(),
    };

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.up_to.0 == 0 && self.runs.is_empty()
    }

    /// All up to this place are among them.
    #[must_use]
    pub const fn up_to(&self) -> Seq {
        self.up_to
    }

    /// Whether a place is among them.
    #[must_use]
    pub fn contains(&self, seq: Seq) -> bool {
        let after = self.runs.partition_point(|(first, _)| *first <= seq);
        let run = after.checked_sub(1).and_then(|at| self.runs.get(at));
        (seq > Seq::ZERO && seq <= self.up_to) || run.is_some_and(|(_, last)| seq <= *last)
    }

    /// Does something with a place; whether anything is different for it.
    ///
    /// # Errors
    /// [`ErrorCode::TooMany`] if there would be too many runs; nothing is changed then.
    pub fn apply(&mut self, seq: Seq, dismissal: Dismissal) -> Result<bool, ErrorCode> {
        let is_different = match dismissal {
            Dismissal::This => seq > Seq::ZERO && !self.contains(seq),
            Dismissal::ThisAndBefore => seq > self.up_to,
            Dismissal::Show => seq > self.up_to && self.contains(seq),
        };
        if is_different {
            let mut next = self.clone();
            match dismissal {
                Dismissal::This => next.insert(seq),
                Dismissal::ThisAndBefore => next.raise(seq),
                Dismissal::Show => next.remove(seq),
            }
            if next.runs.len() > DISMISSED_RUNS.max(self.runs.len()) {
                return Err(ErrorCode::TooMany);
            }
            *self = next;
        }
        Ok(is_different)
    }

    /// A place that is not among them comes in.
    fn insert(&mut self, seq: Seq) {
        if seq == self.up_to.next() && self.up_to > Seq::ZERO {
            return self.raise(seq);
        }
        let at = self.runs.partition_point(|(first, _)| *first < seq);
        let joins_before = at
            .checked_sub(1)
            .and_then(|before| self.runs.get(before))
            .filter(|(_, last)| last.next() == seq)
            .map(|(first, _)| *first);
        let joins_after = self
            .runs
            .get(at)
            .filter(|(first, _)| seq.next() == *first)
            .map(|(_, last)| *last);
        let run = (joins_before.unwrap_or(seq), joins_after.unwrap_or(seq));
        let from = at - usize::from(joins_before.is_some());
        let to = at + usize::from(joins_after.is_some());
        self.runs.splice(from..to, [run]);
    }

    /// Everything up to a place comes in.
    fn raise(&mut self, seq: Seq) {
        self.up_to = seq;
        for (first, last) in std::mem::take(&mut self.runs) {
            if first <= self.up_to.next() {
                self.up_to = self.up_to.max(last);
            } else {
                self.runs.push((first, last));
            }
        }
    }

    /// A place goes out of the run that it is in.
    fn remove(&mut self, seq: Seq) {
        let is_in = |(first, last): &(Seq, Seq)| (*first..=*last).contains(&seq);
        if let Some(at) = self.runs.iter().position(is_in)
            && let Some((first, last)) = self.runs.get(at).copied()
        {
            let before = (first < seq).then(|| (first, seq.prev()));
            let after = (seq < last).then(|| (seq.next(), last));
            self.runs.splice(at..=at, before.into_iter().chain(after));
        }
    }
}

impl Message {
    /// What is left of it for somebody who has dismissed these places: of a dismissed entry that
    /// it is there, of an edit of one that there was one. Whether it is another now.
    pub fn dismiss(&mut self, dismissed: &Dismissed) -> bool {
        if let Content::Change(change) = &mut self.content {
            let is_edit = matches!(change.kind, ChangeKind::Edit(_));
            let gone = is_edit && dismissed.contains(change.target);
            if gone {
                change.kind = ChangeKind::Withdrawn;
            }
            return gone;
        }
        let gone = self.content != Content::Dismissed && dismissed.contains(self.seq);
        if gone {
            self.content = Content::Dismissed;
            self.marks = Marks {
                version: self.marks.version,
                ..Marks::default()
            };
        }
        gone
    }

    /// The root of the thread that it is an answer in.
    #[must_use]
    pub const fn under(&self) -> Option<Seq> {
        match &self.marks.thread {
            Some(Thread::Under(root)) => Some(*root),
            _ => None,
        }
    }

    /// So many of the answers to it were dismissed: they do not count for whoever did that.
    pub fn uncount_answers(&mut self, dismissed: u32) {
        if let Some(Thread::Root(answers)) = &mut self.marks.thread {
            answers.count = answers.count.saturating_sub(dismissed);
            if answers.count == 0 {
                self.marks.thread = None;
            }
        }
    }

    /// An answer to it counts again that was dismissed. Where all were, what was known of the others
    /// is gone: they bring it back, in whatever order they come.
    pub fn recount_answer(&mut self, answer: Origin) {
        match &mut self.marks.thread {
            Some(Thread::Root(answers)) => answers.recount(answer),
            _ => {
                let version = std::mem::take(&mut self.marks.version);
                self.answered(answer);
                self.marks.version = version.max(answer.seq);
            }
        }
    }
}

#[cfg(test)]
#[path = "dismissed_tests.rs"]
mod tests;
