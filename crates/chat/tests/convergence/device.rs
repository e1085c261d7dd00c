//! A tab: the client's state machine, what it stores, and its socket.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chat::SignedIn;
use client::{Change, Client, Config, Delivery, Effect, Input, Row, RowKey};
use protocol::{
    ClientFrame, ConversationId, ErrorCode, Intent, SavedPlace, SendId, Seq, ThreadPage, Timestamp,
    UserId,
};

use crate::disk::{Disk, Write};
use crate::link::Link;

/// Conversations are short here, so little of them is read around a place.
const fn config(me: UserId, seed: u64) -> Config {
    Config {
        me,
        seed,
        around: 1,
    }
}

/// What became of a message that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Not stored on the device yet.
    Unsaved,
    /// Stored there: it must arrive.
    Saved,
    /// The tab was closed before it was stored there: it must not arrive.
    Lost,
    /// Given up by its author: it may have arrived.
    Discarded,
    /// The server has refused it for good: it must not arrive.
    Refused,
}

/// A message that was written, or something else that was to be.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) send_id: SendId,
    pub(crate) conversation: ConversationId,
    pub(crate) intent: Intent,
    pub(crate) fate: Fate,
    /// Whether it was refused and tried again, or slowed down: then what was written later does not wait.
    pub(crate) tried_again: bool,
}

pub(crate) struct Device {
    pub(crate) name: String,
    pub(crate) me: UserId,
    pub(crate) signed_in: SignedIn,
    pub(crate) client: Client,
    pub(crate) disk: Disk,
    pub(crate) writes: VecDeque<Write>,
    pub(crate) link: Option<Link>,
    /// Links that the client has left and the server has not.
    pub(crate) left: Vec<Link>,
    pub(crate) connecting: bool,
    pub(crate) refreshing: bool,
    /// Whose names are asked for.
    pub(crate) unnamed: Vec<UserId>,
    /// A page of a thread that was read and is on its way here.
    pub(crate) thread_page: Option<ThreadPage>,
    pub(crate) wake_at: Option<Timestamp>,
    /// Its clock runs before the server's by this many milliseconds.
    pub(crate) clock_ahead: u64,
    /// In the order of writing.
    pub(crate) written: Vec<Written>,
    /// The newest place known when a message was first transmitted.
    afters: BTreeMap<SendId, Seq>,
    /// Where its user has deleted something for themselves.
    pub(crate) dismissed_in: BTreeSet<ConversationId>,
    announced: BTreeSet<RowKey>,
}

impl Device {
    pub(crate) fn new(name: String, signed_in: SignedIn, seed: u64, clock_ahead: u64) -> Self {
        let me = signed_in.person.id;
        Self {
            name,
            me,
            signed_in,
            client: Client::new(config(me, seed)),
            disk: Disk::default(),
            writes: VecDeque::new(),
            link: None,
            left: Vec::new(),
            connecting: false,
            refreshing: false,
            unnamed: Vec::new(),
            thread_page: None,
            wake_at: None,
            clock_ahead,
            written: Vec::new(),
            afters: BTreeMap::new(),
            dismissed_in: BTreeSet::new(),
            announced: BTreeSet::new(),
        }
    }

    /// Lets something happen to the client and carries out what it asks for.
    pub(crate) fn step(&mut self, input: Input, now: Timestamp) {
        let effects = self.client.step(input, now.plus_millis(self.clock_ahead));
        for effect in effects {
            self.carry_out(effect);
        }
        self.check_rows();
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Connect => {
                self.leave();
                self.connecting = true;
            }
            Effect::CloseSocket => {
                self.leave();
                self.connecting = false;
            }
            Effect::Transmit(frame) => self.transmit(frame),
            Effect::WakeAt(at) => self.wake_at = Some(at),
            Effect::RefreshSession => self.refreshing = true,
            Effect::SaveOutbox(entry) => self.writes.push_back(Write::Entry(entry)),
            Effect::ForgetOutbox(send_id) => {
                // Taken back before it was transmitted, by this client at least.
                if !self.afters.contains_key(&send_id) {
                    self.decide(send_id, Fate::Unsaved, Fate::Discarded);
                    self.decide(send_id, Fate::Saved, Fate::Discarded);
                }
                self.writes.push_back(Write::Forget(send_id));
            }
            Effect::SaveMessages { messages, .. } => {
                self.writes.push_back(Write::Messages(messages));
            }
            Effect::ForgetMessages {
                conversation,
                up_to,
            } => self
                .writes
                .push_back(Write::ForgetMessages(conversation, up_to)),
            Effect::ForgetConversation(id) => {
                self.writes.push_back(Write::ForgetConversation(id));
            }
            Effect::NeedPersons(ids) => self.unnamed.extend(ids),
            Effect::SaveConversations(rows) => {
                self.writes.push_back(Write::Conversations(rows));
            }
            Effect::Changed(Change::Announce { key, .. }) => {
                assert!(
                    key.author != self.me,
                    "{}: own message announced",
                    self.name
                );
                let first = self.announced.insert(key);
                assert!(first, "{}: {key:?} announced twice", self.name);
            }
            Effect::Changed(Change::SendRefused { send_id }) => {
                panic!("{}: {send_id} refused without reason", self.name);
            }
            Effect::Changed(_) => {}
            Effect::SaveAnswer(_) => unreachable!("nobody types in a thread here"),
            own => {
                let write = Write::of_own(own);
                self.writes.push_back(write.unwrap());
            }
        }
    }

    fn transmit(&mut self, frame: ClientFrame) {
        if let ClientFrame::Send { send_id, after, .. } = &frame {
            let written = self.written.iter().find(|it| it.send_id == *send_id);
            let fate = written.map(|it| it.fate);
            assert!(
                matches!(fate, Some(Fate::Saved | Fate::Discarded)),
                "{}: {send_id} transmitted though {fate:?}",
                self.name
            );
            let first = *self.afters.entry(*send_id).or_insert(*after);
            assert!(first == *after, "{}: {send_id} raises `after`", self.name);
        }
        let Some(link) = &mut self.link else {
            panic!("{}: transmits without a socket: {frame:?}", self.name);
        };
        link.up.push_back(frame);
    }

    /// The client's end of the socket is gone; the server may still read what was sent.
    pub(crate) fn leave(&mut self) {
        if let Some(mut link) = self.link.take() {
            link.down.clear();
            self.left.push(link);
        }
    }

    /// Storage carries out what it was asked first. A client that was closed meanwhile is not
    /// told.
    pub(crate) fn store(&mut self) -> Option<SendId> {
        match self.writes.pop_front()? {
            Write::Entry(entry) => {
                let send_id = entry.send_id;
                self.decide(send_id, Fate::Unsaved, Fate::Saved);
                self.disk.outbox.insert(send_id, entry);
                return Some(send_id);
            }
            Write::Forget(send_id) => {
                self.disk.outbox.remove(&send_id);
            }
            Write::Messages(messages) => {
                for message in messages {
                    let place = (message.conversation, message.seq);
                    let version = message.marks.version;
                    let before = self.disk.messages.insert(place, message);
                    let newer = before.is_none_or(|before| before.marks.version <= version);
                    assert!(newer, "{}: {place:?} stored as it was before", self.name);
                }
            }
            Write::ForgetMessages(id, up_to) => {
                let stays = |(of, seq): &(ConversationId, Seq)| *of != id || *seq > up_to;
                self.disk.messages.retain(|place, _| stays(place));
            }
            Write::ForgetConversation(id) => {
                self.disk.messages.retain(|(of, _), _| *of != id);
                self.disk.conversations.remove(&id);
                self.disk.drafts.remove(&id);
            }
            Write::Conversations(rows) => {
                let rows = rows.into_iter().map(|row| (row.summary.id, row));
                self.disk.conversations.extend(rows);
            }
            own => self.disk.store_own(own),
        }
        None
    }

    /// The tab is closed and opened again.
    pub(crate) fn restart(&mut self, stored: usize, seed: u64, now: Timestamp) {
        self.leave();
        (self.connecting, self.refreshing, self.wake_at) = (false, false, None);
        for _ in 0..stored {
            self.store();
        }
        for write in std::mem::take(&mut self.writes) {
            if let Write::Entry(entry) = write {
                self.decide(entry.send_id, Fate::Unsaved, Fate::Lost);
            }
        }
        // What was put aside and not forgotten in time is there again.
        for send_id in self.disk.outbox.keys().copied().collect::<Vec<_>>() {
            self.decide(send_id, Fate::Refused, Fate::Saved);
        }
        self.announced.clear();
        self.unnamed.clear();
        self.thread_page = None;
        self.client = Client::new(config(self.me, seed));
        self.step(Input::Restored(self.disk.restored()), now);
    }

    /// The server has refused something, for good or until its author may write again.
    pub(crate) fn was_refused(&mut self, send_id: SendId) {
        let written = self.written.iter_mut().find(|it| it.send_id == send_id);
        if let Some(written) = written {
            written.tried_again = true;
        }
    }

    pub(crate) fn decide(&mut self, send_id: SendId, from: Fate, to: Fate) {
        let written = self.written.iter_mut().find(|it| it.send_id == send_id);
        if let Some(written) = written.filter(|it| it.fate == from) {
            written.fate = to;
        }
    }

    /// Whether nothing is under way.
    pub(crate) fn is_idle(&self) -> bool {
        self.writes.is_empty()
            && self.left.is_empty()
            && !self.connecting
            && !self.refreshing
            && self.unnamed.is_empty()
            && self.thread_page.is_none()
            && self.link.as_ref().is_none_or(Link::is_idle)
    }

    /// Whether something that was to be written is, and not because it is so already.
    pub(crate) fn has_queued(&self, send_id: SendId) -> bool {
        let is_it = |write: &Write| matches!(write, Write::Entry(it) if it.send_id == send_id);
        self.writes.iter().any(is_it)
    }

    /// The places of a conversation that its user has deleted for themselves, as it shows them.
    pub(crate) fn dismissed_places(&self, conversation: ConversationId) -> Vec<Seq> {
        let summary = self.client.conversation(conversation);
        let last = summary.map_or(0, |summary| summary.last_seq.0);
        let is_dismissed = |seq: &Seq| {
            let seq = *seq;
            let place = SavedPlace { conversation, seq };
            self.client.is_dismissed(place)
        };
        (1..=last).map(Seq).filter(is_dismissed).collect()
    }

    /// What was refused for good is put aside, as its user does when they have read why.
    pub(crate) fn refusals(&self) -> Vec<(SendId, Fate)> {
        let for_good = |delivery| match delivery {
            Delivery::Failed { code } => code.is_some_and(|code| !code.is_transient()),
            _ => false,
        };
        let rows = self.client.list().into_iter().flat_map(|id| {
            let failed = self.client.rows(id).filter(|row| for_good(row.delivery));
            // Whoever was taken out of a conversation is not told what of theirs had arrived, and
            // may be in it again by now.
            let fate = |row: &Row| match row.delivery {
                Delivery::Failed {
                    code: Some(ErrorCode::NotFound),
                } => Fate::Discarded,
                _ => Fate::Refused,
            };
            failed
                .map(|row| (row.key.send_id, fate(row)))
                .collect::<Vec<_>>()
        });
        let others = self.client.failures().into_iter().map(|it| {
            // Of a conversation that they are in no longer it is not asked any more.
            let is_in = self.client.conversation(it.conversation).is_some();
            let fate = if is_in {
                Fate::Refused
            } else {
                Fate::Discarded
            };
            (it.send_id, fate)
        });
        rows.chain(others).collect()
    }

    /// What holds at every moment: stored rows follow one another, then come the echoes, and
    /// no row is there twice.
    fn check_rows(&self) {
        for id in self.client.list() {
            let mut keys = BTreeSet::new();
            let mut last: Option<Option<Seq>> = None;
            let places = self.client.shown(id).filter_map(|row| row.seq);
            assert!(places.is_sorted(), "{}: shown in another order", self.name);
            for row in self.client.rows(id) {
                assert!(keys.insert(row.key), "{}: {:?} twice", self.name, row.key);
                let follows = match (last, row.seq) {
                    (None, _) | (_, None) => true,
                    (Some(None), Some(_)) => false,
                    // Changes between them are no rows.
                    (Some(Some(before)), Some(seq)) => seq > before,
                };
                assert!(follows, "{}: {:?} after {last:?}", self.name, row.seq);
                last = Some(row.seq);
            }
        }
    }
}
