//! One connection's end of the hub: its bounded queue and what it may be given at the moment.
//!
//! The queue is bounded in frames and in bytes.
//!
//! Everything that is put into the queue goes through one small lock, the gate, so that for
//! one connection "is it live, is there room, put it in" is a single step. A full queue never
//! makes anybody wait: the frame is dropped, the line is *lagging* from then on and gets
//! nothing more until its queue is empty; then it gets `Resync` and is silent until it says
//! `Hello` again. So what a connection sees has no hole that it is not told of.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bytes::Bytes;
use parking_lot::Mutex;
use protocol::limits::{CONNECTION_QUEUE, SENDS_UNDER_WAY};
use protocol::{CloseCode, Codec, ConversationId, ServerFrame, SessionId, Timestamp, UserId};
use tokio::sync::{Notify, mpsc, oneshot};

use super::backlog::{Backlog, Kind};
use super::encode;
use crate::{Connection, ConnectionId, Outgoing};

/// Bytes of live frames that wait for one slow connection before it is told to resynchronise.
const LIVE_BYTES: usize = 512 * 1024;
/// Bytes of a resume that may wait when more of it is put in. What belongs to one conversation
/// goes in at once, however large.
const REPLAYED_BYTES: usize = 256 * 1024;
/// Slots of the queue that frames leave free, so that there is always room for a close.
const RESERVED: usize = 2;

pub(crate) struct Line {
    pub(crate) id: ConnectionId,
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    pub(crate) codec: Codec,
    /// When its session ends, in milliseconds; later if it was refreshed meanwhile.
    expires_at: AtomicU64,
    /// Whether somebody is active there.
    active: AtomicBool,
    queue: mpsc::Sender<Outgoing>,
    gate: Mutex<Gate>,
    /// Wakes a resume that waits for room.
    emptied: Notify,
}

struct Gate {
    phase: Phase,
    lagging: bool,
    backlog: Backlog,
    sends_under_way: u32,
    /// Counts hellos, so that a resume that was overtaken by a later one stops.
    hello: u32,
    resuming: Option<Box<Resuming>>,
    cut: Option<oneshot::Sender<CloseCode>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Before `Hello` and after `Resync`.
    Silent,
    /// Between `Welcome` and `Resumed`: events come for conversations already replayed.
    Resuming,
    Live,
    Closed,
}

#[derive(Default)]
struct Resuming {
    replayed: HashSet<ConversationId>,
    /// Conversations that began or changed meanwhile, or are not theirs any more.
    begun: Vec<ConversationId>,
}

/// The resume is over: the connection closed, lags, or has said `Hello` again.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Overtaken;

/// How a resume ended, see [`Line::finish`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Finish {
    Live,
    /// These conversations began or changed meanwhile and are to be described first.
    Begun(Vec<ConversationId>),
}

impl Line {
    pub(crate) fn new(
        id: ConnectionId,
        user: UserId,
        session: SessionId,
        codec: Codec,
    ) -> (Self, Connection) {
        let (queue, outgoing) = mpsc::channel(CONNECTION_QUEUE + RESERVED);
        let (cut, to_be_cut) = oneshot::channel();
        let line = Self {
            id,
            user,
            session,
            codec,
            expires_at: AtomicU64::new(0),
            active: AtomicBool::new(true),
            queue,
            gate: Mutex::new(Gate {
                phase: Phase::Silent,
                lagging: false,
                backlog: Backlog::default(),
                sends_under_way: 0,
                hello: 0,
                resuming: None,
                cut: Some(cut),
            }),
            emptied: Notify::new(),
        };
        let connection = Connection {
            id,
            outgoing,
            cut: to_be_cut.into(),
        };
        (line, connection)
    }

    pub(crate) fn is_active(&self) -> bool {
        self.active.load(Ordering::Relaxed)
    }

    pub(crate) fn set_active(&self, active: bool) {
        self.active.store(active, Ordering::Relaxed);
    }

    pub(crate) fn expires_at(&self) -> Timestamp {
        Timestamp::from_millis(self.expires_at.load(Ordering::Relaxed))
    }

    /// Its session ends not before this.
    pub(crate) fn extend(&self, expires_at: Timestamp) {
        self.expires_at
            .fetch_max(expires_at.millis(), Ordering::Relaxed);
    }

    /// A new message. Whether it was taken.
    pub(crate) fn event(&self, conversation: ConversationId, frame: Bytes) -> bool {
        let mut gate = self.gate.lock();
        let wanted = match gate.phase {
            Phase::Live => true,
            Phase::Resuming => gate
                .resuming
                .as_ref()
                .is_some_and(|r| r.replayed.contains(&conversation)),
            Phase::Silent | Phase::Closed => false,
        };
        wanted && self.push(&mut gate, frame)
    }

    /// Presence, typing, cursors: what only a connection that has said `Hello` gets.
    pub(crate) fn notice(&self, frame: Bytes) -> bool {
        let mut gate = self.gate.lock();
        matches!(gate.phase, Phase::Resuming | Phase::Live) && self.push(&mut gate, frame)
    }

    /// About the connection itself; in every phase.
    pub(crate) fn control(&self, frame: Bytes) -> bool {
        let mut gate = self.gate.lock();
        gate.phase != Phase::Closed && self.push(&mut gate, frame)
    }

    /// Whether one more send may be under way; it then ends with [`Self::settled`].
    pub(crate) fn begin_send(&self) -> bool {
        let mut gate = self.gate.lock();
        if gate.phase == Phase::Closed || gate.sends_under_way as usize >= SENDS_UNDER_WAY {
            return false;
        }
        gate.sends_under_way += 1;
        true
    }

    /// The outcome of a send: `Ack` or `Reject`.
    pub(crate) fn settled(&self, frame: Bytes) -> bool {
        let mut gate = self.gate.lock();
        gate.sends_under_way = gate.sends_under_way.saturating_sub(1);
        gate.phase != Phase::Closed && self.push(&mut gate, frame)
    }

    /// The queue was found empty. Whether that ended a lag with a `Resync`.
    pub(crate) fn drained(&self) -> bool {
        let mut gate = self.gate.lock();
        gate.backlog.keep(self.waiting());
        if gate.resuming.is_some() {
            self.emptied.notify_one();
        }
        if !gate.lagging || gate.phase == Phase::Closed {
            return false;
        }
        gate.lagging = false;
        self.silence(&mut gate)
    }

    /// What it holds is to be told anew. Whether it was asked to say `Hello` for that; where it
    /// has not yet or will be asked, there is no need to.
    pub(crate) fn resync(&self) -> bool {
        let mut gate = self.gate.lock();
        let asks = matches!(gate.phase, Phase::Resuming | Phase::Live) && !gate.lagging;
        asks && self.silence(&mut gate)
    }

    /// Nothing more comes before its next `Hello`.
    fn silence(&self, gate: &mut Gate) -> bool {
        gate.phase = Phase::Silent;
        gate.resuming = None;
        gate.hello = gate.hello.wrapping_add(1);
        // A resume that ends by this may be waiting.
        self.emptied.notify_one();
        self.push(gate, encode(self.codec, &ServerFrame::Resync))
    }

    /// Begins a resume with `Welcome`; returns its number.
    pub(crate) fn greet(&self, welcome: Bytes) -> Result<u32, Overtaken> {
        let mut gate = self.gate.lock();
        if gate.phase == Phase::Closed || gate.lagging || !self.push(&mut gate, welcome) {
            return Err(Overtaken);
        }
        gate.phase = Phase::Resuming;
        gate.resuming = Some(Box::default());
        gate.hello = gate.hello.wrapping_add(1);
        // A resume that this one overtakes may be waiting.
        self.emptied.notify_one();
        Ok(gate.hello)
    }

    /// A conversation has begun, or shows itself in another way. Whether the line is to be told
    /// now; otherwise its resume tells it.
    pub(crate) fn begun(&self, conversation: ConversationId) -> bool {
        let mut gate = self.gate.lock();
        if let Some(resuming) = &mut gate.resuming {
            resuming.begun.push(conversation);
        }
        gate.phase == Phase::Live
    }

    /// The account is not in a conversation any more: a resume under way must not count it in.
    pub(crate) fn parted(&self, conversation: ConversationId) {
        let mut gate = self.gate.lock();
        if let Some(resuming) = &mut gate.resuming {
            resuming.replayed.remove(&conversation);
            resuming.begun.push(conversation);
        }
    }

    /// Whether what a resume knows of a conversation may be out of date.
    pub(crate) fn is_overtaken_in(&self, conversation: ConversationId) -> bool {
        let gate = self.gate.lock();
        let resuming = gate.resuming.as_ref();
        resuming.is_some_and(|resuming| resuming.begun.contains(&conversation))
    }

    /// Says something within a resume.
    pub(crate) fn say(&self, hello: u32, frame: Bytes) -> Result<(), Overtaken> {
        let mut gate = self.gate.lock();
        self.current(&gate, hello)?;
        if self.push(&mut gate, frame) {
            Ok(())
        } else {
            Err(Overtaken)
        }
    }

    /// Waits until `frames` fit into the queue and some live ones beside them.
    pub(crate) async fn room_for(&self, hello: u32, frames: usize) -> Result<(), Overtaken> {
        let wanted = (frames + RESERVED + CONNECTION_QUEUE / 4).min(CONNECTION_QUEUE);
        loop {
            {
                let mut gate = self.gate.lock();
                self.current(&gate, hello)?;
                gate.backlog.keep(self.waiting());
                let has_room = gate.backlog.of(Kind::Replayed) < REPLAYED_BYTES;
                if has_room && self.queue.capacity() >= wanted {
                    return Ok(());
                }
            }
            self.emptied.notified().await;
        }
    }

    /// Puts in what was missed of a conversation; its events come live from here on. Called
    /// under the lock of the conversation, so that nothing falls between.
    pub(crate) fn replay(
        &self,
        hello: u32,
        conversation: ConversationId,
        frames: impl IntoIterator<Item = Bytes>,
    ) -> Result<u64, Overtaken> {
        let mut gate = self.gate.lock();
        self.current(&gate, hello)?;
        let mut count = 0;
        for frame in frames {
            if !self.put(&mut gate, frame, Kind::Replayed) {
                return Err(Overtaken);
            }
            count += 1;
        }
        if let Some(resuming) = &mut gate.resuming {
            resuming.replayed.insert(conversation);
        }
        Ok(count)
    }

    /// Ends a resume with `Resumed`, unless conversations began meanwhile.
    pub(crate) fn finish(&self, hello: u32) -> Result<Finish, Overtaken> {
        let mut gate = self.gate.lock();
        self.current(&gate, hello)?;
        let begun = gate
            .resuming
            .as_mut()
            .map(|resuming| std::mem::take(&mut resuming.begun))
            .unwrap_or_default();
        if !begun.is_empty() {
            return Ok(Finish::Begun(begun));
        }
        gate.resuming = None;
        gate.phase = Phase::Live;
        if self.push(&mut gate, encode(self.codec, &ServerFrame::Resumed)) {
            Ok(Finish::Live)
        } else {
            Err(Overtaken)
        }
    }

    /// Nothing is put in after this.
    pub(crate) fn close(&self, code: CloseCode) {
        let mut gate = self.gate.lock();
        if gate.phase != Phase::Closed {
            gate.phase = Phase::Closed;
            gate.resuming = None;
            // Both fail if the connection is gone already. The queue cannot be full, see
            // RESERVED.
            if let (CloseCode::SessionEnded, Some(cut)) = (code, gate.cut.take()) {
                let _gone = cut.send(code);
            }
            let _gone = self.queue.try_send(Outgoing::Close(code));
            self.emptied.notify_one();
        }
    }

    fn current(&self, gate: &Gate, hello: u32) -> Result<(), Overtaken> {
        let current = gate.hello == hello && gate.phase == Phase::Resuming && !gate.lagging;
        if current && !self.queue.is_closed() {
            Ok(())
        } else {
            Err(Overtaken)
        }
    }

    fn push(&self, gate: &mut Gate, frame: Bytes) -> bool {
        self.put(gate, frame, Kind::Live)
    }

    fn put(&self, gate: &mut Gate, frame: Bytes, kind: Kind) -> bool {
        if gate.lagging {
            return false;
        }
        gate.backlog.keep(self.waiting());
        let bytes = frame.len();
        let is_heavy = kind == Kind::Live && gate.backlog.of(kind) + bytes > LIVE_BYTES;
        if is_heavy || self.queue.capacity() <= RESERVED {
            gate.lagging = true;
            self.emptied.notify_one();
            return false;
        }
        let taken = self.queue.try_send(Outgoing::Frame(frame)).is_ok();
        if taken {
            gate.backlog.push(bytes, kind);
        }
        taken
    }

    /// Frames in the queue. Only the gate puts in, so under it the number can only fall.
    fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }
}

#[cfg(test)]
mod tests;
