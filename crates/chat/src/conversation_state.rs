//! One conversation in memory: what is committed, what waits, who is in it.
//!
//! This node owns the places of a conversation: `committed` is the newest place that is known
//! to be durable, and the next batch takes the places after it. A conversation is in at most
//! one commit at a time, so a commit that fails leaves no hole. After a failure of unknown
//! outcome the whole state is thrown away ([`Log::abandon`]) and read again from the store
//! before the next send.
//!
//! The newest messages are held decrypted, and a little further back the headers, which
//! recognise a repeated send. Everything here is synchronous and without I/O; the lock around
//! [`Log`] is never held across an await.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use parking_lot::Mutex;
use protocol::{
    ConversationId, ConversationKind, DisplayName, ErrorCode, Message, MessageBody, SendId, Seq,
    Timestamp, UserId,
};
use security::DataKey;
use tokio::sync::OnceCell;

use crate::committer::Ticket;
use crate::envelope::Header;
use crate::hub::{Line, Room};
use crate::permission::{self, Action};
use crate::unread::{Membership, ToCount};

/// Headers held of the newest messages, to recognise a repeated send.
pub(crate) const RECENT: usize = 64;

/// Messages held decrypted, and bytes of text that they may take together.
const RING: usize = 64;
const RING_BYTES: usize = 64 * 1024;

/// Sends that may wait in one conversation.
const WAITING: usize = 1_024;

/// A conversation that is, or is being, loaded.
pub(crate) struct Conversation {
    pub(crate) id: ConversationId,
    /// Initialised when it is loaded; several callers at once load it once.
    pub(crate) load: OnceCell<()>,
    pub(crate) log: Mutex<Log>,
    /// When it was last used, in ticks; decides what is unloaded.
    pub(crate) used: AtomicU64,
}

/// What does not change while it is in memory.
pub(crate) struct Fixed {
    pub(crate) kind: ConversationKind,
    pub(crate) title: Option<DisplayName>,
    pub(crate) created_at: Timestamp,
    pub(crate) key: DataKey,
    pub(crate) room: Arc<Room>,
}

#[derive(Clone)]
pub(crate) enum Phase {
    /// Not loaded yet; sends wait.
    Loading,
    Ready(Arc<Fixed>),
    /// Out of use: ask the map again.
    Abandoned,
}

/// A send that waits for its place.
pub(crate) struct Queued {
    pub(crate) author: UserId,
    pub(crate) send_id: SendId,
    pub(crate) body: MessageBody,
    pub(crate) received_at: Timestamp,
    /// The newest place the author knew; a first copy lies after it.
    pub(crate) after: Seq,
    pub(crate) retry: bool,
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

pub(crate) struct Log {
    pub(crate) phase: Phase,
    /// Whether somebody was asked to load it.
    pub(crate) called: bool,
    /// Whether it stands on the committer's list or is in a commit.
    pub(crate) busy: bool,
    pub(crate) committed: Seq,
    pub(crate) members: Vec<Membership>,
    waiting: VecDeque<Queued>,
    /// What is in the commit now, in the order of its places.
    committing: Vec<(UserId, SendId)>,
    /// Connections that sent something again that is in the commit now.
    late: Vec<(usize, Arc<Line>)>,
    /// Authors for whom a search is under way.
    searchers: Vec<UserId>,
    newest_sent_at: Timestamp,
    recent: VecDeque<Header>,
    ring: VecDeque<Message>,
    ring_bytes: usize,
}

impl Conversation {
    pub(crate) fn new(id: ConversationId, tick: u64) -> Self {
        Self {
            id,
            load: OnceCell::new(),
            log: Mutex::new(Log::new()),
            used: AtomicU64::new(tick),
        }
    }
}

impl Log {
    fn new() -> Self {
        Self {
            phase: Phase::Loading,
            called: false,
            busy: false,
            committed: Seq::ZERO,
            members: Vec::new(),
            waiting: VecDeque::new(),
            committing: Vec::new(),
            late: Vec::new(),
            searchers: Vec::new(),
            newest_sent_at: Timestamp::default(),
            recent: VecDeque::new(),
            ring: VecDeque::new(),
            ring_bytes: 0,
        }
    }

    /// Takes what was read from the store: the members by user id, and the newest messages
    /// without a hole, up to `committed`. Returns the sends that waited for it.
    pub(crate) fn fill(
        &mut self,
        fixed: Arc<Fixed>,
        members: Vec<Membership>,
        committed: Seq,
        newest: Vec<Message>,
    ) -> VecDeque<Queued> {
        self.phase = Phase::Ready(fixed);
        self.members = members;
        self.committed = committed;
        for message in newest {
            self.remember(message);
        }
        std::mem::take(&mut self.waiting)
    }

    pub(crate) fn member(&self, user: UserId) -> Option<&Membership> {
        let at = self.members.binary_search_by_key(&user, |m| m.user).ok()?;
        self.members.get(at)
    }

    fn member_mut(&mut self, user: UserId) -> Option<&mut Membership> {
        let at = self.members.binary_search_by_key(&user, |m| m.user).ok()?;
        self.members.get_mut(at)
    }

    /// Moves somebody's cursor forward, at most to the newest place. Whether it moved.
    pub(crate) fn read(&mut self, user: UserId, seq: Seq) -> bool {
        let seq = seq.min(self.committed);
        self.member_mut(user).is_some_and(|member| member.read(seq))
    }

    /// Messages of others after somebody's cursor, or what is to be counted first.
    pub(crate) fn unread(&mut self, user: UserId) -> Result<u32, ToCount> {
        let seen = self.member(user).map_or(Seq::ZERO, Membership::seen);
        let own = self.own_since(user, seen);
        let last = self.committed;
        self.member_mut(user)
            .map_or(Ok(0), |member| member.unread(last, own))
    }

    pub(crate) fn counted(&mut self, asked: &ToCount, own: Option<u64>) {
        if let Some(member) = self.member_mut(asked.user) {
            member.counted(asked, own);
        }
    }

    pub(crate) fn fixed(&self) -> Option<&Arc<Fixed>> {
        match &self.phase {
            Phase::Ready(fixed) => Some(fixed),
            Phase::Loading | Phase::Abandoned => None,
        }
    }

    /// Whether somebody may do something here; their membership if so.
    pub(crate) fn permit(&self, user: UserId, action: Action) -> Result<&Membership, ErrorCode> {
        let fixed = self.fixed().ok_or(ErrorCode::Internal)?;
        let member = self.member(user);
        permission::check(fixed.kind, member.map(|m| m.role), action)?;
        member.ok_or(ErrorCode::NotFound)
    }

    /// Takes a send while the conversation is still loading. Returns it if too many wait.
    pub(crate) fn hold(&mut self, send: Queued) -> Result<(), Queued> {
        if self.waiting.len() >= WAITING {
            return Err(send);
        }
        self.waiting.push_back(send);
        Ok(())
    }

    /// Decides about a send. The conversation is loaded.
    pub(crate) fn admit(&mut self, send: Queued) -> Admitted {
        let joined_after = match self.permit(send.author, Action::Send) {
            Ok(member) => member.joined_after,
            Err(code) => return Admitted::Refused(send, code),
        };
        let Some(send) = self.join_same(send) else {
            return Admitted::Joined;
        };
        let mut send = match self.known(send) {
            Ok(send) => send,
            Err(known) => return known,
        };
        if self.waiting.len() >= WAITING {
            return Admitted::Refused(send, ErrorCode::RateLimited);
        }
        send.after = send.after.max(joined_after);
        send.searching = send.retry && send.after < self.recent_from().prev();
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

    fn known(&self, send: Queued) -> Result<Queued, Admitted> {
        let same = |h: &Header| h.send_id == send.send_id && h.author == send.author;
        match self.recent.iter().rposition(same) {
            Some(at) => {
                let seq = Seq(self.recent_from().0 + at as u64);
                let sent_at = self
                    .recent
                    .get(at)
                    .map_or(self.newest_sent_at, |h| h.sent_at);
                Err(Admitted::Known(send, seq, sent_at))
            }
            None => Ok(send),
        }
    }

    /// The first place whose header is held; one after the newest if none is.
    pub(crate) fn recent_from(&self) -> Seq {
        Seq(self.committed.0 + 1 - (self.recent.len() as u64).min(self.committed.0))
    }

    /// The first place whose message is held; one after the newest if none is.
    pub(crate) fn ring_from(&self) -> Seq {
        Seq(self.committed.0 + 1 - (self.ring.len() as u64).min(self.committed.0))
    }

    /// The held messages from `from` on, up to `to`.
    pub(crate) fn held(&self, from: Seq, to: Seq) -> impl Iterator<Item = &Message> {
        let skip = from.since(self.ring_from());
        let count = (to.0 + 1).saturating_sub(from.max(self.ring_from()).0);
        let bound = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        self.ring.iter().skip(bound(skip)).take(bound(count))
    }

    pub(crate) fn newest(&self) -> Option<&Message> {
        self.ring.back()
    }

    pub(crate) const fn held_bytes(&self) -> usize {
        self.ring_bytes
    }

    /// Somebody's own messages after a place, if all of them are held.
    fn own_since(&self, user: UserId, place: Seq) -> Option<u64> {
        let from = self.recent_from();
        if place.next() < from {
            return None;
        }
        let skip = usize::try_from(place.next().since(from)).ok()?;
        let own = self.recent.iter().skip(skip).filter(|h| h.author == user);
        Some(own.count() as u64)
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

    /// The next place is durable and holds this message.
    pub(crate) fn commit(&mut self, message: Message) {
        self.committed = message.seq;
        let (author, seq) = (message.author, message.seq);
        if let Some(member) = self.member_mut(author) {
            member.wrote(seq);
        }
        self.remember(message);
    }

    pub(crate) fn committed_all(&mut self) {
        self.committing.clear();
        self.late.clear();
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

    fn remember(&mut self, message: Message) {
        if self.recent.len() >= RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(Header {
            author: message.author,
            send_id: message.send_id,
            sent_at: message.sent_at,
        });
        self.newest_sent_at = self.newest_sent_at.max(message.sent_at);
        self.ring_bytes += weight(&message);
        self.ring.push_back(message);
        while self.ring.len() > RING || (self.ring_bytes > RING_BYTES && self.ring.len() > 1) {
            if let Some(oldest) = self.ring.pop_front() {
                self.ring_bytes -= weight(&oldest);
            }
        }
    }
}

/// Bytes that a message takes in memory.
pub(crate) fn weight(message: &Message) -> usize {
    let text = match &message.content {
        protocol::Content::Text(body) => body.as_str().len(),
        protocol::Content::Unavailable => 0,
    };
    size_of::<Message>() + text
}
