//! Sends in a conversation: those that wait, those in the commit, and those that are repeated.

use std::sync::Arc;

use protocol::{ErrorCode, MessageBody, SendId, Seq, Timestamp, UserId};

use super::{Log, Phase};
use crate::envelope::Header;
use crate::hub::Line;
use crate::load::Ticket;
use crate::permission::Action;

/// Sends that may wait in one conversation.
const WAITING: usize = 1_024;

/// A send that waits for its place.
pub(crate) struct Queued {
    pub(crate) author: UserId,
    pub(crate) send_id: SendId,
    pub(crate) body: MessageBody,
    pub(crate) received_at: Timestamp,
    /// The newest place the author knew; a first copy lies after it.
    pub(crate) after: Seq,
    pub(crate) origin: Arc<Line>,
    /// Connections that sent the same again while it waited.
    pub(crate) also: Vec<Arc<Line>>,
    /// Its first copy is being looked for in the store.
    pub(crate) searching: bool,
    pub(crate) ticket: Ticket,
}

impl Queued {
    pub(crate) fn lines(&self) -> impl Iterator<Item = &Arc<Line>> {
        std::iter::once(&self.origin).chain(&self.also)
    }
}

/// A send that has its place and is being committed.
pub(crate) struct Placed {
    pub(crate) seq: Seq,
    pub(crate) header: Header,
    pub(crate) send: Queued,
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

    /// Decides about a send. The conversation is loaded.
    pub(crate) fn admit(&mut self, send: Queued) -> Admitted {
        let joined_after = match self.permit(send.author, Action::Send) {
            Ok(member) => member.joined_after,
            Err(code) => return Admitted::Refused(send, code),
        };
        let Some(mut send) = self.join_same(send) else {
            return Admitted::Joined;
        };
        if let Some((seq, sent_at)) = self.known(&send) {
            return Admitted::Known(send, seq, sent_at);
        }
        if self.unsettled {
            return Admitted::Refused(send, ErrorCode::StorageUnavailable);
        }
        if self.waiting.len() >= WAITING {
            return Admitted::Refused(send, ErrorCode::RateLimited);
        }
        send.after = send.after.max(joined_after);
        // Whatever it says of itself: its repetition may have been faster.
        send.searching = send.after < self.recent_from().prev();
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

    /// Joins a send to the same one under way; returns it if there is none.
    fn join_same(&mut self, send: Queued) -> Option<Queued> {
        let same = |author: UserId, id: SendId| id == send.send_id && author == send.author;
        if let Some(at) = self.committing.iter().position(|(a, id)| same(*a, *id)) {
            self.late.push((at, send.origin));
            return None;
        }
        let first = self.waiting.iter_mut().find(|w| same(w.author, w.send_id));
        match first {
            Some(first) => {
                first.also.push(send.origin);
                None
            }
            None => Some(send),
        }
    }

    /// Where a send is stored, if that is among the headers held.
    fn known(&self, send: &Queued) -> Option<(Seq, Timestamp)> {
        let same = |h: &Header| h.send_id == send.send_id && h.author == send.author;
        let at = self.recent.iter().rposition(same)?;
        let header = self.recent.get(at)?;
        Some((Seq(self.recent_from().0 + at as u64), header.sent_at))
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

    /// Gives the next places to at most `most` sends. What waits for a search holds back the
    /// later sends of its author, and nobody else's.
    pub(crate) fn take(&mut self, most: usize) -> Vec<Placed> {
        let mut taken = Vec::with_capacity(self.waiting.len().min(most));
        if self.searchers.is_empty() {
            let count = self.waiting.len().min(most);
            let sends = self.waiting.drain(..count);
            taken.extend(sends);
        } else {
            let mut held_back = Vec::new();
            for _ in 0..self.waiting.len() {
                let Some(send) = self.waiting.pop_front() else {
                    break;
                };
                if taken.len() < most && !send.searching && !held_back.contains(&send.author) {
                    taken.push(send);
                } else {
                    held_back.push(send.author);
                    self.waiting.push_back(send);
                }
            }
        }
        self.committing.clear();
        self.late.clear();
        let mut seq = self.committed;
        let mut placed = Vec::with_capacity(taken.len());
        for send in taken {
            seq = seq.next();
            // The clock may be set back; the order of a conversation's times is not.
            self.newest_sent_at = self.newest_sent_at.max(send.received_at);
            self.committing.push((send.author, send.send_id));
            let header = Header {
                author: send.author,
                send_id: send.send_id,
                sent_at: self.newest_sent_at,
            };
            placed.push(Placed { seq, header, send });
        }
        placed
    }

    /// Connections that sent the `at`-th message of the commit again while it was under way.
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
