//! One conversation in memory: what is committed, what waits, who is in it.
//!
//! This node owns the places of a conversation: `committed` is the newest place that is known
//! to be durable, and the next batch takes the places after it. A conversation is in at most
//! one commit at a time, so a commit that fails leaves no hole. After a failure of unknown
//! outcome the whole state is thrown away ([`Log::abandon`]) and read again from the store
//! before the next send. Until what was read is known to be durable, the state is *unsettled*:
//! it holds what was delivered before the failure, to be read, and takes no sends.
//!
//! The newest messages are held decrypted, and a little further back the headers, which
//! recognise a repeated send. Everything here is synchronous and without I/O; the lock around
//! [`Log`] is never held across an await.

mod held;
mod sends;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use parking_lot::Mutex;
use protocol::{
    ConversationId, ConversationKind, DisplayName, ErrorCode, Message, SendId, Seq, Timestamp,
    UserId,
};
use security::DataKey;
use tokio::sync::OnceCell;

use crate::envelope::Header;
use crate::hub::{Line, Room};
use crate::permission::{self, Action};
use crate::unread::{Membership, ToCount};
use held::Held;

pub(crate) use held::HeldBytes;
pub(crate) use sends::{Admitted, Placed, Queued};

/// Headers held of the newest messages, to recognise a repeated send.
pub(crate) const RECENT: usize = 64;

/// Messages held decrypted, and bytes of text that they may take together.
const RING: usize = 64;
const RING_BYTES: usize = 64 * 1024;

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

pub(crate) struct Log {
    pub(crate) phase: Phase,
    /// Whether somebody was asked to load it.
    pub(crate) called: bool,
    /// Whether it stands on the committer's list or is in a commit.
    pub(crate) busy: bool,
    pub(crate) unsettled: bool,
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
    ring_bytes: Held,
}

impl Conversation {
    pub(crate) fn new(id: ConversationId, tick: u64, held: &HeldBytes) -> Self {
        Self {
            id,
            load: OnceCell::new(),
            log: Mutex::new(Log::new(held)),
            used: AtomicU64::new(tick),
        }
    }
}

impl Log {
    fn new(held: &HeldBytes) -> Self {
        Self {
            phase: Phase::Loading,
            called: false,
            busy: false,
            unsettled: false,
            committed: Seq::ZERO,
            members: Vec::new(),
            waiting: VecDeque::new(),
            committing: Vec::new(),
            late: Vec::new(),
            searchers: Vec::new(),
            newest_sent_at: Timestamp::default(),
            recent: VecDeque::new(),
            ring: VecDeque::new(),
            ring_bytes: held.part(),
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
        self.ring_bytes.get()
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

    /// The next place is durable and holds this message. Whether its author's cursor moved.
    pub(crate) fn commit(&mut self, message: Message) -> bool {
        self.committed = message.seq;
        let (author, seq) = (message.author, message.seq);
        let moved = self.member_mut(author).is_some_and(|m| m.wrote(seq));
        self.remember(message);
        moved
    }

    pub(crate) fn committed_all(&mut self) {
        self.committing.clear();
        self.late.clear();
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
        self.ring_bytes.add(weight(&message));
        self.ring.push_back(message);
        while self.ring.len() > RING || (self.ring_bytes.get() > RING_BYTES && self.ring.len() > 1)
        {
            if let Some(oldest) = self.ring.pop_front() {
                self.ring_bytes.take(weight(&oldest));
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
