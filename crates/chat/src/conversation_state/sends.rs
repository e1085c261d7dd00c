//! Sends in a conversation: those that wait, those in the commit, and those that are repeated.

use std::sync::Arc;

use protocol::{ErrorCode, SendId, Seq, Timestamp, UserId};
use tokio::sync::oneshot;

use super::{Log, Phase};
use crate::command::Command;
use crate::hub::Line;
use crate::load::Ticket;

/// Sends that may wait in one conversation.
const WAITING: usize = 1_024;

/// How many of them may be of people who are not in it: what they sent while they were is
/// looked for.
const WAITING_OF_OTHERS: usize = 64;

/// A send that waits for its place.
pub(crate) struct Queued {
    pub(crate) author: UserId,
    pub(crate) send_id: SendId,
    pub(crate) command: Command,
    pub(crate) received_at: Timestamp,
    /// The newest place the author knew; a first copy lies after it.
    pub(crate) after: Seq,
    pub(crate) retry: bool,
    /// Its first copy is being looked for in the store.
    pub(crate) searching: bool,
    pub(crate) waiter: Waiter,
}

/// Who asked for something to be written.
pub(crate) enum Asker {
    Line(Arc<Line>),
    /// A call that waits; nobody any more once it was answered.
    Call(Option<oneshot::Sender<Outcome>>),
}

/// The place of a send, or why it got none.
pub(crate) type Outcome = Result<Seq, ErrorCode>;

/// Who waits for the outcome of a send.
pub(crate) struct Waiter {
    pub(crate) origin: Asker,
    /// Connections that sent the same again while it waited.
    pub(crate) also: Vec<Arc<Line>>,
    /// Held until the outcome is told.
    pub(crate) _ticket: Ticket,
}

impl Waiter {
    pub(crate) fn lines(&self) -> impl Iterator<Item = &Arc<Line>> {
        let origin = match &self.origin {
            Asker::Line(line) => Some(line),
            Asker::Call(_) => None,
        };
        origin.into_iter().chain(&self.also)
    }

    /// Answers the call that waits, if it was one. Connections are told by their lines.
    pub(crate) fn answer(&mut self, outcome: Outcome) {
        if let Asker::Call(call) = &mut self.origin
            && let Some(call) = call.take()
        {
            // Whoever called may be gone.
            let _ = call.send(outcome);
        }
    }
}

/// What became of a send that was handed in.
pub(crate) enum Admitted {
    /// It waits for the next commit.
    Waits,
    /// It waits, and its first copy is to be looked for; nobody does that yet.
    Search,
    /// The same send is under way; its outcome will be told to this connection too.
    Joined,
    /// It is stored already.
    Known(Queued, Seq, Timestamp),
    Refused(Queued, ErrorCode),
}

impl Log {
    /// Takes a send while the conversation is still loading. Returns it if too many wait.
    pub(crate) fn hold(&mut self, send: Queued) -> Option<Queued> {
        if self.waiting.len() >= WAITING {
            return Some(send);
        }
        self.waiting.push_back(send);
        None
    }

    /// Takes in a send. The conversation is loaded. Whether it is permitted is decided when it
    /// gets its place; only those who are not in the conversation are refused here, unless they
    /// come or it may be something that they sent while they were.
    pub(crate) fn admit(&mut self, send: Queued) -> Admitted {
        let Some(mut send) = self.join_same(send) else {
            return Admitted::Joined;
        };
        if let Some((seq, sent_at)) = self.stored(&send) {
            return Admitted::Known(send, seq, sent_at);
        }
        if self.unsettled {
            return Admitted::Refused(send, ErrorCode::StorageUnavailable);
        }
        // A member's is looked for whatever it says of itself: its repetition may have been
        // faster.
        let may_be_stored = send.retry || self.member(send.author).is_some();
        send.searching = may_be_stored && send.after < self.recent_from().prev();
        if let Err(code) = self.room_for(&send) {
            return Admitted::Refused(send, code);
        }
        let starts_search = send.searching && !self.searchers.contains(&send.author);
        if starts_search {
            self.searchers.push(send.author);
        }
        self.waiting.push_back(send);
        if starts_search {
            Admitted::Search
        } else {
            Admitted::Waits
        }
    }

    fn room_for(&self, send: &Queued) -> Result<(), ErrorCode> {
        let is_member = |user| self.member(user).is_some();
        let comes = |send: &Queued| matches!(send.command, Command::Join(_) | Command::Expire(_));
        if !is_member(send.author) && !comes(send) {
            if !send.searching {
                return Err(ErrorCode::NotFound);
            }
            let others = self.waiting.iter();
            let others = others.filter(|send| !is_member(send.author) && !comes(send));
            if others.count() >= WAITING_OF_OTHERS {
                return Err(ErrorCode::RateLimited);
            }
        }
        if self.waiting.len() < WAITING {
            Ok(())
        } else {
            Err(ErrorCode::RateLimited)
        }
    }

    /// Joins a send to the same one under way; returns it if there is none.
    fn join_same(&mut self, send: Queued) -> Option<Queued> {
        // A call has an id of its own.
        let Asker::Line(origin) = &send.waiter.origin else {
            return Some(send);
        };
        let origin = Arc::clone(origin);
        let same = |author: UserId, id: SendId| id == send.send_id && author == send.author;
        if let Some(at) = self.committing.iter().position(|(a, id)| same(*a, *id)) {
            self.late.push((at, origin));
            return None;
        }
        let first = self.waiting.iter_mut().find(|w| same(w.author, w.send_id));
        match first {
            Some(first) => {
                first.waiter.also.push(origin);
                None
            }
            None => Some(send),
        }
    }

    /// Where a send is stored, if that is among the headers held.
    fn stored(&self, send: &Queued) -> Option<(Seq, Timestamp)> {
        self.newest
            .find(|h| h.send_id == send.send_id && h.author == send.author)
    }

    /// The searches of an author that have not begun: what is looked for, and the places to
    /// look in. Everything after those was looked at when the sends were admitted.
    pub(crate) fn searches(&self, author: UserId) -> Option<(Vec<SendId>, Seq, Seq)> {
        let wanted = || {
            let of_author = self.waiting.iter().filter(|w| w.author == author);
            of_author.filter(|w| w.searching)
        };
        let from = wanted().map(|w| w.after.next()).min()?;
        let ids = wanted().map(|w| w.send_id).collect();
        Some((ids, from, self.recent_from().prev()))
    }

    /// Ends the search for these sends: returns those that were found, lets the others go on.
    pub(crate) fn searched(
        &mut self,
        author: UserId,
        ids: &[SendId],
        found: impl Fn(SendId) -> bool,
    ) -> Vec<Queued> {
        let mut known = Vec::new();
        for _ in 0..self.waiting.len() {
            let Some(mut send) = self.waiting.pop_front() else {
                break;
            };
            if send.author == author && send.searching && ids.contains(&send.send_id) {
                if found(send.send_id) {
                    known.push(send);
                    continue;
                }
                send.searching = false;
            }
            self.waiting.push_back(send);
        }
        if self.searches(author).is_none() {
            self.searchers.retain(|searcher| *searcher != author);
        }
        known
    }

    /// Whether something waits that could be committed now.
    pub(crate) fn has_work(&self) -> bool {
        if self.searchers.is_empty() {
            return !self.waiting.is_empty();
        }
        let mut held_back = Vec::new();
        self.waiting.iter().any(|send| {
            let free = !send.searching && !held_back.contains(&send.author);
            held_back.push(send.author);
            free
        })
    }

    /// Takes sends that are to get the next places, of the weight of at most `most` messages,
    /// but at least one. What waits for a search holds back the later sends of its author, and
    /// nobody else's.
    pub(crate) fn take(&mut self, most: usize) -> Vec<Queued> {
        let mut taken = Vec::with_capacity(self.waiting.len().min(most));
        let mut left = most;
        let mut fits = |send: &Queued, is_first: bool| {
            let fitting = left.checked_sub(send.command.weight());
            left = fitting.unwrap_or(0);
            is_first || fitting.is_some()
        };
        if self.searchers.is_empty() {
            while let Some(send) = self.waiting.pop_front() {
                if !fits(&send, taken.is_empty()) {
                    self.waiting.push_front(send);
                    break;
                }
                taken.push(send);
            }
        } else {
            let mut held_back = Vec::new();
            for _ in 0..self.waiting.len() {
                let Some(send) = self.waiting.pop_front() else {
                    break;
                };
                let is_free = !send.searching && !held_back.contains(&send.author);
                if is_free && fits(&send, taken.is_empty()) {
                    taken.push(send);
                } else {
                    held_back.push(send.author);
                    self.waiting.push_back(send);
                }
            }
        }
        self.late.clear();
        self.committing.clear();
        let ids = taken.iter().map(|send| (send.author, send.send_id));
        self.committing.extend(ids);
        taken
    }

    /// Connections that sent the `at`-th send of the commit again while it was under way.
    pub(crate) fn late(&self, at: usize) -> impl Iterator<Item = &Arc<Line>> {
        self.late
            .iter()
            .filter(move |(n, _)| *n == at)
            .map(|(_, l)| l)
    }

    /// Puts the state out of use. Returns everybody who waits for an outcome.
    pub(crate) fn abandon(&mut self) -> (Vec<Queued>, Vec<(SendId, Arc<Line>)>) {
        self.phase = Phase::Abandoned;
        self.searchers.clear();
        let late = std::mem::take(&mut self.late);
        let late = late.into_iter().filter_map(|(at, line)| {
            let (_, send_id) = self.committing.get(at)?;
            Some((*send_id, line))
        });
        let late = late.collect();
        self.committing.clear();
        (std::mem::take(&mut self.waiting).into(), late)
    }
}
