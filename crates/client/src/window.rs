//! A second run of entries, around a place that is further back than the newest run reaches.
//!
//! It is shown instead of the newest run, which goes on meanwhile and is what the device keeps.
//! It grows at both ends; when it meets the newest run, the two are one. What changes a message
//! in it is folded into it, wherever that change itself stands.

use protocol::limits::PAGE_MESSAGES;
use protocol::{Content, ConversationId, Dismissed, Message, Seq, Timestamp, UserId};

use crate::Row;
use crate::fetch::Purpose;
use crate::row::Reached;
use crate::timeline::Timeline;

/// Entries of it that are held. Beyond, the end lets go that is further from the reader.
pub(crate) const ROWS_WINDOW: usize = 1_000;

/// What became of the wish to see a place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Sought {
    /// It is being read.
    Looking(Seq),
    /// It is among the rows that are shown.
    Here(Seq),
    /// It cannot be shown.
    Missing(Seq, Absence),
}

/// Why a place cannot be shown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Absence {
    /// No message stands there.
    NoMessage,
    /// It is from before the reader joined.
    BeforeJoining,
    /// It did not come; asking again may help.
    NotLoaded,
}

/// The state of the newer end of what is shown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Newer {
    /// The newest row is the newest message.
    AtNewest,
    /// There are newer messages; ask with [`crate::Input::LoadNewer`].
    More,
    /// They are on their way.
    Loading,
    /// They did not come; [`crate::Input::LoadNewer`] tries again.
    Failed,
}

/// A wish for more at one end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    pub(crate) wanted: bool,
    pub(crate) failed: bool,
}

impl Wish {
    const NONE: Self = Self {
        wanted: false,
        failed: false,
    };
    const WANTED: Self = Self {
        wanted: true,
        failed: false,
    };
    const FAILED: Self = Self {
        wanted: false,
        failed: true,
    };
}

/// The wish to see a place, and what is shown for it.
#[derive(Debug)]
pub(crate) struct Window {
    /// Entries that are read on each side of a place.
    around: u64,
    pub(crate) sought: Option<Sought>,
    /// What stands around it did not fit into one page, so it is asked for alone.
    alone: bool,
    run: Option<Timeline>,
    /// Whether the run is shown. Otherwise it is only at hand for another visit.
    shown: bool,
    pub(crate) older: Wish,
    pub(crate) newer: Wish,
    /// Changes may have been missed: up to this place it is read again.
    stale: Option<Seq>,
}

impl Window {
    pub(crate) const fn new(around: u64) -> Self {
        Self {
            around,
            sought: None,
            alone: false,
            run: None,
            shown: false,
            older: Wish::NONE,
            newer: Wish::NONE,
            stale: None,
        }
    }

    /// The run, if it is what is shown.
    pub(crate) fn run(&self) -> Option<&Timeline> {
        self.run.as_ref().filter(|_| self.shown)
    }

    pub(crate) const fn is_shown(&self) -> bool {
        self.shown
    }

    /// The run, shown or not.
    pub(crate) const fn held(&self) -> Option<&Timeline> {
        self.run.as_ref()
    }

    /// Lets go of everything.
    pub(crate) fn close(&mut self) {
        *self = Self::new(self.around);
    }

    /// Back to the newest run; what was shown stays at hand.
    pub(crate) fn leave(&mut self) {
        *self = Self {
            run: self.run.take().filter(|_| self.stale.is_none()),
            ..Self::new(self.around)
        };
    }

    /// Somebody wants to see a place, which may be in the newest run.
    pub(crate) fn seek(&mut self, seq: Seq, newest: &Timeline) {
        self.alone = false;
        let held = self.run.as_ref().and_then(|run| run.entry(seq));
        self.sought = Some(match (held.map(found), newest.entry(seq)) {
            (Some(found), _) => {
                self.shown |= matches!(found, Sought::Here(_));
                found
            }
            (None, Some(row)) => {
                self.leave();
                found(row)
            }
            (None, None) => Sought::Looking(seq),
        });
    }

    /// Gives up a place that is being looked for; whether there was one.
    pub(crate) fn give_up(&mut self) -> bool {
        let Some(Sought::Looking(seq)) = self.sought else {
            return false;
        };
        self.sought = Some(Sought::Missing(seq, Absence::NotLoaded));
        true
    }

    /// Asks for more older or newer entries.
    pub(crate) fn want(&mut self, purpose: Purpose) {
        match purpose {
            Purpose::WindowOlder => self.older = Wish::WANTED,
            Purpose::WindowNewer => self.newer = Wish::WANTED,
            _ => {}
        }
    }

    /// What is to be read for it.
    pub(crate) fn need(&self) -> Option<(Purpose, (Seq, Seq))> {
        if let Some(Sought::Looking(seq)) = self.sought {
            let reach = if self.alone { 0 } else { self.around };
            let from = Seq(seq.0.saturating_sub(reach).max(1));
            let to = Seq(seq.0.saturating_add(reach));
            return Some((Purpose::Around(seq), (from, to)));
        }
        let run = self.run()?;
        let (base, last) = (run.base(), run.last());
        let down_to = |to: Seq| Seq(to.0.saturating_sub(PAGE_MESSAGES - 1).max(1));
        if let Some(to) = self.stale {
            return Some((Purpose::Again, (down_to(to).max(base.next()), to)));
        }
        if self.newer.wanted {
            let to = Seq(last.0.saturating_add(PAGE_MESSAGES));
            let range = run.gap().unwrap_or((last.next(), to));
            return Some((Purpose::WindowNewer, range));
        }
        let older = self.older.wanted && !run.at_start();
        older.then(|| (Purpose::WindowOlder, (down_to(base), base)))
    }

    /// The page that was asked for around a place has come.
    pub(crate) fn arrived_around(
        &mut self,
        seq: Seq,
        (messages, last_seq): (Vec<Message>, Seq),
        newest: &Timeline,
        me: UserId,
    ) {
        if self.sought != Some(Sought::Looking(seq)) {
            return;
        }
        let first = messages.first().map(|message| message.seq);
        let Some(there) = messages.iter().find(|message| message.seq == seq) else {
            let absence = if seq > last_seq {
                Absence::NoMessage
            } else {
                Absence::BeforeJoining
            };
            if first > Some(seq) && !self.alone {
                self.alone = true;
            } else {
                self.sought = Some(Sought::Missing(seq, absence));
            }
            return;
        };
        let is_dismissed = newest.dismissed().contains(seq);
        if matches!(there.content, Content::Change(_) | Content::Dismissed) || is_dismissed {
            self.sought = Some(Sought::Missing(seq, Absence::NoMessage));
            return;
        }
        let mut run = newest.another(there.conversation, me);
        run.absorb(messages);
        *self = Self {
            sought: Some(Sought::Here(seq)),
            run: Some(run),
            shown: true,
            ..Self::new(self.around)
        };
        self.catch_up(newest);
    }

    /// A page of older or newer entries has come, or the same once more.
    pub(crate) fn arrived(
        &mut self,
        purpose: Purpose,
        (from, to): (Seq, Seq),
        messages: Vec<Message>,
        newest: &Timeline,
    ) {
        let Some(run) = &mut self.run else {
            return;
        };
        let first = messages.first().map(|message| message.seq);
        // Changes are no rows: a page full of them shows nothing, and it goes on.
        let over = messages.is_empty() || messages.iter().any(is_row);
        match purpose {
            Purpose::WindowOlder => {
                if messages.is_empty() {
                    run.set_floor(to);
                }
                run.absorb(messages);
                run.trim_newest(ROWS_WINDOW);
                self.older.wanted = !over;
            }
            Purpose::WindowNewer => {
                run.hold_back(messages);
                self.newer.wanted = !over || run.gap().is_some();
                run.trim(ROWS_WINDOW);
            }
            Purpose::Again => {
                drop(run.renew(messages));
                let below = first.unwrap_or(from).prev();
                self.stale = (below > run.base()).then_some(below);
            }
            Purpose::Around(_) | Purpose::Older | Purpose::Newer | Purpose::Shown => {}
        }
        self.catch_up(newest);
    }

    /// What was asked for does not come.
    pub(crate) fn failed(&mut self, purpose: Purpose, for_good: bool) {
        match purpose {
            Purpose::Around(seq) if self.sought == Some(Sought::Looking(seq)) => {
                self.give_up();
            }
            Purpose::WindowOlder => self.older = Wish::FAILED,
            Purpose::WindowNewer => self.newer = Wish::FAILED,
            Purpose::Again if for_good => self.stale = None,
            _ => {}
        }
    }

    /// This is dismissed from now on, and nothing else; `back` is shown again.
    pub(crate) fn dismiss(&mut self, dismissed: &Dismissed, back: &[Message]) {
        if let Some(run) = &mut self.run {
            run.dismiss(dismissed);
            run.put_back(back);
        }
    }

    /// Entries that say nothing here although they are not dismissed any more are to be read
    /// again; whether there are any.
    pub(crate) fn doubt_shown(&mut self, told: &Dismissed) -> bool {
        let run = self.run.as_mut();
        let doubted = run.is_some_and(|run| run.doubt_shown(told));
        if doubted {
            self.doubt();
        }
        doubted
    }

    /// Takes away what is over.
    pub(crate) fn expire(&mut self, now: Timestamp) {
        if let Some(run) = &mut self.run {
            run.expire(now);
        }
    }

    /// Folds all changes and answers in that the newest run knows: a page may have been read before them.
    fn catch_up(&mut self, newest: &Timeline) {
        for row in newest.entries().filter(|row| row.alters()) {
            if let Some(run) = &mut self.run {
                run.fold_in(row);
            }
        }
    }

    /// Entries took their places in the newest run; whether a row here is another.
    pub(crate) fn follow(&mut self, placed: &[Message]) -> bool {
        let Some(run) = &mut self.run else {
            return false;
        };
        let mut different = false;
        for entry in placed {
            let row = Row::new(entry.clone(), crate::Delivery::Sent);
            different |= row.alters() && run.fold_in(&row);
        }
        different
    }

    /// The newest run has jumped over entries that nobody here has seen.
    pub(crate) fn doubt(&mut self) {
        self.run = self.run.take().filter(|_| self.shown);
        self.stale = self.run.as_ref().map(Timeline::last);
    }

    /// The other one is so far; whether a row is different for it.
    pub(crate) fn set_reached(&mut self, reached: Reached) -> bool {
        let run = self.run.as_mut();
        run.is_some_and(|run| run.set_reached(reached))
    }

    /// The entries, if the run has met the newest one: then the two are one.
    pub(crate) fn meet(
        &mut self,
        newest: &Timeline,
        known: Seq,
        conversation: ConversationId,
    ) -> Option<Vec<Message>> {
        let run = self.run.as_ref().filter(|_| self.stale.is_none())?;
        let meets = if newest.is_anchored() {
            run.last() >= newest.base() && run.base() <= newest.last()
        } else {
            run.last() >= known
        };
        if !meets {
            return None;
        }
        let entries = run.entries().filter_map(|row| row.entry(conversation));
        let entries = entries.collect();
        let sought = self.sought;
        self.close();
        self.sought = sought;
        Some(entries)
    }
}

fn found(row: &Row) -> Sought {
    let seq = row.seq.unwrap_or_default();
    if row.is_change() || row.is_out_of_sight() {
        Sought::Missing(seq, Absence::NoMessage)
    } else {
        Sought::Here(seq)
    }
}

const fn is_row(message: &Message) -> bool {
    !matches!(message.content, Content::Change(_))
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;
