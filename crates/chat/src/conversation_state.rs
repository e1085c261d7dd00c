//! One conversation in memory: what is committed, what waits, who is in it.
//!
//! This node owns the places of a conversation: `committed` is the newest place that is known
//! to be durable, and the next batch takes the places after it. A conversation is in at most
//! one commit at a time, so a commit that fails leaves no hole. After a failure of unknown
//! outcome the whole state is thrown away ([`Log::abandon`]) and read again from the store
//! before the next send. Until what was read is known to be durable, the state is *unsettled*:
//! it holds what was delivered before the failure, to be read, and takes no sends.
//!
//! The newest entries are held decrypted, and a little further back the headers, which
//! recognise a repeated send. Everything here is synchronous and without I/O; the lock around
//! [`Log`] is never held across an await.

mod held;
mod newest;
mod sends;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use parking_lot::Mutex;
use protocol::limits::SUMMARY_MEMBERS;
use protocol::permission::{Action, permit};
use protocol::{
    ConversationId, ConversationKind, ErrorCode, Message, Preferences, SendId, Seq, Timestamp,
    UserId, Username,
};
use security::DataKey;
use tokio::sync::OnceCell;

use crate::entry::Entry;
use crate::hub::{Line, Room};
use crate::mentions::{Mentioning, Mentions, ToLook};
use crate::page_cache::{Span, Stamps};
use crate::roll::{Roll, Shift};
use crate::store::{Details, Dismissals};
use crate::unread::{Membership, ToCount};

use newest::Newest;

pub(crate) use held::HeldBytes;
pub(crate) use newest::{RECENT, is_shown};
pub(crate) use sends::{Admitted, Asker, Outcome, Queued, Waiter};

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
    pub(crate) created_at: Timestamp,
    pub(crate) key: DataKey,
}

/// What was read of a conversation.
pub(crate) struct Read {
    pub(crate) fixed: Arc<Fixed>,
    pub(crate) details: Details,
    /// By user id.
    pub(crate) members: Vec<Membership>,
    pub(crate) committed: Seq,
    /// The newest entries, without a hole, up to `committed`.
    pub(crate) newest: Vec<Entry>,
    /// What a list shows, if that is not among them.
    pub(crate) preview: Option<Entry>,
    /// Under which its pages are cached.
    pub(crate) stamp: u64,
    /// Whether more is stored, perhaps, than may be taken for durable.
    pub(crate) unsettled: bool,
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
    pub(crate) details: Details,
    /// The members once more, for those who are told of each other.
    pub(crate) room: Arc<Room>,
    waiting: VecDeque<Queued>,
    /// What is in the commit now, in the order of its places.
    committing: Vec<(UserId, SendId)>,
    /// Connections that sent something again that is in the commit now.
    late: Vec<(usize, Arc<Line>)>,
    /// Authors for whom a search is under way.
    searchers: Vec<UserId>,
    pub(crate) newest: Newest,
    mentions: Mentions,
    stamps: Stamps,
}

impl Conversation {
    pub(crate) fn new(id: ConversationId, tick: u64, held: &HeldBytes) -> Self {
        Self {
            id,
            load: OnceCell::new(),
            log: Mutex::new(Log::new(id, held)),
            used: AtomicU64::new(tick),
        }
    }
}

impl Log {
    fn new(id: ConversationId, held: &HeldBytes) -> Self {
        Self {
            phase: Phase::Loading,
            called: false,
            busy: false,
            unsettled: false,
            committed: Seq::ZERO,
            members: Vec::new(),
            details: Details::default(),
            room: Arc::new(Room::new(id, &[], false)),
            waiting: VecDeque::new(),
            committing: Vec::new(),
            late: Vec::new(),
            searchers: Vec::new(),
            newest: Newest::new(held),
            mentions: Mentions::default(),
            stamps: Stamps::new(0),
        }
    }

    /// Takes what was read from the store. Returns the sends that waited for it.
    pub(crate) fn fill(&mut self, read: Read) -> VecDeque<Queued> {
        let kind = read.fixed.kind;
        self.phase = Phase::Ready(read.fixed);
        self.unsettled = read.unsettled;
        self.members = read.members;
        self.details = read.details;
        self.regroup();
        self.stamps = Stamps::new(read.stamp);
        self.committed = read.committed;
        self.newest.set_preview(read.preview);
        let held = read.newest.len() as u64;
        self.mentions = Mentions::from(Seq(self.committed.0.saturating_sub(held)).next());
        for entry in read.newest {
            self.mentions.push(kind, &entry.message);
            self.newest.push(entry);
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

    /// A device of somebody has everything up to a place, at most the newest. Whether that is news.
    pub(crate) fn received(&mut self, user: UserId, seq: Seq) -> bool {
        let seq = seq.min(self.committed);
        let member = self.member_mut(user);
        member.is_some_and(|member| member.received(seq))
    }

    /// A member has arranged it for themselves.
    pub(crate) fn arrange(&mut self, user: UserId, preferences: Preferences) {
        if let Some(member) = self.member_mut(user) {
            member.preferences = preferences;
        }
    }

    /// A member has deleted this for themselves, and nothing else.
    pub(crate) fn dismiss(&mut self, user: UserId, dismissals: &Arc<Dismissals>) {
        if let Some(member) = self.member_mut(user) {
            member.dismiss(dismissals);
        }
    }

    /// Messages of others after somebody's cursor, or what is to be counted first.
    pub(crate) fn unread(&mut self, user: UserId) -> Result<u32, ToCount> {
        let Some(member) = self.member(user) else {
            return Ok(0);
        };
        let (seen, dismissed) = (member.seen(), &member.dismissals().places);
        let quiet = self.newest.quiet_since((user, dismissed), seen);
        let last = self.committed;
        self.member_mut(user)
            .map_or(Ok(0), |member| member.unread(last, quiet))
    }

    pub(crate) fn counted(&mut self, asked: &ToCount, quiet: Option<u64>) {
        if let Some(member) = self.member_mut(asked.user) {
            member.counted(asked, quiet);
        }
    }

    /// Unread messages that mention somebody who has this name, or what has to be looked at
    /// first.
    pub(crate) fn mentions(&self, user: UserId, name: &Username) -> Result<u32, ToLook> {
        self.member(user).map_or(Ok(0), |member| {
            let dismissed = &member.dismissals().places;
            self.mentions.after(member.seen(), (user, name), dismissed)
        })
    }

    pub(crate) fn looked(&mut self, asked: &ToLook, found: Vec<(Seq, Mentioning)>) {
        self.mentions.looked(asked, found);
    }

    /// Whether the members see how far the others have read.
    pub(crate) const fn shows_reading(&self) -> bool {
        self.members.len() <= SUMMARY_MEMBERS && self.details.request.is_none()
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
        let role = member.map(|member| member.role);
        permit(fixed.kind, self.details.settings, role, action).map_err(|rule| rule.code())?;
        member.ok_or(ErrorCode::NotFound)
    }

    /// Who is in it and what its rules are.
    pub(crate) fn roll(&self, kind: ConversationKind) -> Roll<'_> {
        Roll {
            kind,
            members: Cow::Borrowed(&self.members),
            details: Cow::Borrowed(&self.details),
        }
    }

    /// What is to be read of a range: under which names its pages are cached is decided here,
    /// under the lock, so that nobody finds what is older than `committed`.
    pub(crate) fn span(&self, from: Seq, to: Seq) -> Span {
        self.stamps.span(from, to, self.committed)
    }

    /// An earlier entry is another now. Returns its page and the name under which that was
    /// cached; `fresh` is the one from now on.
    pub(crate) fn rewrite(&mut self, entry: &Entry, fresh: u64) -> (u64, u64) {
        self.newest.rewrite(entry);
        if let Some(kind) = self.fixed().map(|fixed| fixed.kind) {
            self.mentions.rewrite(kind, &entry.message);
        }
        self.stamps.change(entry.message.seq, fresh)
    }

    /// The first place whose header is held; one after the newest if none is.
    pub(crate) fn recent_from(&self) -> Seq {
        self.newest.headers_from()
    }

    /// The first place whose entry is held; one after the newest if none is.
    pub(crate) fn ring_from(&self) -> Seq {
        self.newest.from()
    }

    /// The held messages from `from` on, up to `to`.
    pub(crate) fn held(&self, from: Seq, to: Seq) -> impl Iterator<Item = &Message> {
        self.newest.held(from, to).map(|entry| &entry.message)
    }

    /// What a list shows of the conversation.
    pub(crate) fn preview(&self) -> Option<&Message> {
        self.newest.preview()
    }

    /// What a list shows of the conversation to a member: where they have dismissed all that is
    /// held, that there is something.
    pub(crate) fn shown_to(&self, member: &Membership) -> Option<Message> {
        let dismissals = member.dismissals();
        let newest = self.newest.preview_past(&dismissals.places);
        let shown = newest.or_else(|| self.preview());
        let readable = shown.filter(|message| message.seq > member.joined_after);
        Some(dismissals.told(readable?.clone(), member.user, member.joined_after))
    }

    pub(crate) const fn held_bytes(&self) -> usize {
        self.newest.bytes()
    }

    /// The next place is durable and holds this entry. Whether its author's cursor moved.
    pub(crate) fn commit(&mut self, entry: Entry) -> bool {
        let message = &entry.message;
        let (author, seq) = (message.author, message.seq);
        self.committed = seq;
        if let Some(kind) = self.fixed().map(|fixed| fixed.kind) {
            self.mentions.push(kind, message);
        }
        let (is_said, at) = (message.content.is_said(), message.sent_at);
        let slow_mode = self.details.slow_mode;
        if let Some(member) = self.member_mut(author).filter(|_| is_said) {
            member.paced(slow_mode, at);
        }
        let mut moved = false;
        if message.content.counts() {
            moved = self.member_mut(author).is_some_and(|m| m.wrote(seq));
        } else {
            let shows_reading = message.content.shows_reading();
            for member in &mut self.members {
                if member.user == author && shows_reading {
                    moved = member.wrote(seq);
                } else {
                    member.passed();
                }
            }
        }
        self.newest.push(entry);
        moved
    }

    /// Somebody came or went, or has answered; the room is another from now on.
    pub(crate) fn regroup(&mut self) -> Arc<Room> {
        let blind = self.details.request.is_some();
        self.room = Arc::new(Room::new(self.room.id, &self.members, blind));
        Arc::clone(&self.room)
    }

    /// Everybody who is in it has been told so.
    pub(crate) fn told_all(&mut self) {
        for member in &mut self.members {
            member.told = true;
        }
    }

    /// Some of the members have still to be told that they are in it. Returns them.
    pub(crate) fn tell_later(&mut self, whom: impl Fn(UserId) -> bool) -> Vec<UserId> {
        let some = self.members.iter_mut().filter(|member| whom(member.user));
        some.map(|member| {
            member.told = false;
            member.user
        })
        .collect()
    }

    /// An entry has its place: what follows from it for members and details.
    pub(crate) fn apply(&mut self, kind: ConversationKind, entry: &Message) -> Shift {
        let mut roll = Roll {
            kind,
            members: Cow::Owned(std::mem::take(&mut self.members)),
            details: Cow::Owned(std::mem::take(&mut self.details)),
        };
        let shift = roll.apply(entry.into(), &entry.content);
        self.members = roll.members.into_owned();
        self.details = roll.details.into_owned();
        shift
    }

    pub(crate) fn committed_all(&mut self) {
        self.committing.clear();
        self.late.clear();
    }
}
