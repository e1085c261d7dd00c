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
use std::sync::atomic::{AtomicU64, Ordering};

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
mod tests {
    use super::*;

    fn line() -> (Line, mpsc::Receiver<Outgoing>) {
        let user = UserId::from_bytes([1; 16]);
        let session = SessionId::from_bytes([2; 16]);
        let (line, connection) = Line::new(ConnectionId(1), user, session, Codec::Json);
        (line, connection.outgoing)
    }

    fn conversation(n: u8) -> ConversationId {
        ConversationId::from_bytes([n; 16])
    }

    fn frame(text: &'static str) -> Bytes {
        Bytes::from_static(text.as_bytes())
    }

    fn next(outgoing: &mut mpsc::Receiver<Outgoing>) -> String {
        match outgoing.try_recv() {
            Ok(Outgoing::Frame(bytes)) => String::from_utf8(bytes.to_vec()).unwrap(),
            Ok(Outgoing::Close(code)) => format!("close {}", code.code()),
            Err(_) => "nothing".to_owned(),
        }
    }

    #[test]
    fn silent_until_greeted_and_live_after_the_resume() {
        let (line, mut outgoing) = line();
        assert!(!line.event(conversation(1), frame("early")));
        assert!(!line.notice(frame("early")));
        let hello = line.greet(frame("welcome")).unwrap();
        assert!(!line.event(conversation(1), frame("not replayed yet")));
        line.replay(hello, conversation(1), [frame("missed")])
            .unwrap();
        assert!(line.event(conversation(1), frame("live")));
        assert!(!line.event(conversation(2), frame("not replayed yet")));
        assert_eq!(line.finish(hello), Ok(Finish::Live));
        assert!(line.event(conversation(2), frame("live too")));
        for expected in [
            "welcome",
            "missed",
            "live",
            "\"resumed\"",
            "live too",
            "nothing",
        ] {
            assert_eq!(next(&mut outgoing), expected);
        }
    }

    #[test]
    fn a_conversation_that_begins_during_the_resume_is_replayed() {
        let (line, _outgoing) = line();
        let hello = line.greet(frame("welcome")).unwrap();
        assert!(!line.begun(conversation(3)));
        let begun = Finish::Begun(vec![conversation(3)]);
        assert_eq!(line.finish(hello), Ok(begun));
        assert_eq!(line.finish(hello), Ok(Finish::Live));
        assert!(line.begun(conversation(4)));
    }

    #[test]
    fn what_is_left_during_the_resume_is_looked_at_again() {
        let (line, _outgoing) = line();
        let hello = line.greet(frame("welcome")).unwrap();
        line.replay(hello, conversation(3), [frame("missed")])
            .unwrap();
        assert!(!line.is_overtaken_in(conversation(3)));
        line.parted(conversation(3));
        assert!(line.is_overtaken_in(conversation(3)));
        assert!(!line.event(conversation(3), frame("not theirs any more")));
        let begun = Finish::Begun(vec![conversation(3)]);
        assert_eq!(line.finish(hello), Ok(begun));
        assert_eq!(line.say(hello, frame("gone")), Ok(()));
        assert_eq!(line.finish(hello), Ok(Finish::Live));
        assert_eq!(line.say(hello, frame("gone")), Err(Overtaken));
    }

    #[test]
    fn a_full_queue_lags_until_it_is_empty() {
        let (line, mut outgoing) = line();
        let hello = line.greet(frame("welcome")).unwrap();
        line.finish(hello).unwrap();
        let taken = (0..2 * CONNECTION_QUEUE)
            .filter(|_| line.event(conversation(1), frame("event")))
            .count();
        assert_eq!(taken, CONNECTION_QUEUE - 2, "beside welcome and resumed");
        next(&mut outgoing);
        assert!(!line.event(conversation(1), frame("there is room, but also a hole")));
        while !matches!(next(&mut outgoing).as_str(), "nothing") {}
        assert!(line.drained());
        assert_eq!(next(&mut outgoing), "\"resync\"");
        assert!(!line.event(conversation(1), frame("silent again")));
        assert!(!line.drained());
        assert!(line.greet(frame("welcome")).is_ok());
    }

    #[test]
    fn whoever_holds_what_is_out_of_date_says_hello_again() {
        let (line, mut outgoing) = line();
        assert!(!line.resync(), "it will say so anyway");
        let hello = line.greet(frame("welcome")).unwrap();
        assert!(line.resync());
        assert!(!line.resync(), "once is enough");
        assert!(!line.notice(frame("silent")));
        assert_eq!(line.finish(hello), Err(Overtaken));
        let hello = line.greet(frame("welcome again")).unwrap();
        assert_eq!(line.finish(hello), Ok(Finish::Live));
        assert!(line.resync());
        for expected in [
            "welcome",
            "\"resync\"",
            "welcome again",
            "\"resumed\"",
            "\"resync\"",
        ] {
            assert_eq!(next(&mut outgoing), expected);
        }
        assert_eq!(next(&mut outgoing), "nothing");
    }

    #[test]
    fn a_queue_of_large_frames_lags_before_it_is_full() {
        const LARGE: Bytes = Bytes::from_static(&[b'x'; 32 * 1024]);
        let (line, mut outgoing) = line();
        let hello = line.greet(frame("welcome")).unwrap();
        line.finish(hello).unwrap();
        // Who keeps up is given any amount.
        for _ in 0..100 {
            assert!(line.event(conversation(1), LARGE));
            while !matches!(next(&mut outgoing).as_str(), "nothing") {}
        }
        let taken = (0..CONNECTION_QUEUE)
            .filter(|_| line.event(conversation(1), LARGE))
            .count();
        assert_eq!(taken, LIVE_BYTES / LARGE.len());
        while !matches!(next(&mut outgoing).as_str(), "nothing") {}
        assert!(line.drained());
        assert_eq!(next(&mut outgoing), "\"resync\"");
    }

    #[tokio::test]
    async fn a_resume_of_large_frames_waits_and_leaves_room_for_live_ones() {
        const LARGE: Bytes = Bytes::from_static(&[b'x'; 32 * 1024]);
        let (line, mut outgoing) = line();
        let hello = line.greet(frame("welcome")).unwrap();
        assert_eq!(line.room_for(hello, 40).await, Ok(()));
        let missed = std::iter::repeat_n(LARGE, 40);
        assert_eq!(line.replay(hello, conversation(1), missed), Ok(40));
        assert!(line.event(conversation(1), LARGE));
        let wait = line.room_for(hello, 1);
        tokio::pin!(wait);
        tokio::select! {
            biased;
            _ = &mut wait => panic!("there is no room"),
            () = std::future::ready(()) => {}
        }
        while !matches!(next(&mut outgoing).as_str(), "nothing") {}
        line.drained();
        assert_eq!(wait.await, Ok(()));
    }

    #[test]
    fn a_close_always_fits_and_is_the_last() {
        let (line, mut outgoing) = line();
        line.greet(frame("welcome")).unwrap();
        while line.notice(frame("event")) {}
        line.close(CloseCode::SessionEnded);
        line.close(CloseCode::Restart);
        assert!(!line.control(frame("after")));
        assert!(!line.begin_send());
        let mut last = String::new();
        loop {
            match next(&mut outgoing) {
                end if end == "nothing" => break,
                frame => last = frame,
            }
        }
        assert_eq!(last, "close 4001");
    }

    #[test]
    fn only_the_end_of_the_session_does_not_wait_in_the_queue() {
        use futures_util::FutureExt as _;

        let ids = (UserId::from_bytes([1; 16]), SessionId::from_bytes([2; 16]));
        for (code, expected) in [
            (CloseCode::SessionEnded, Some(CloseCode::SessionEnded)),
            (CloseCode::Restart, None),
        ] {
            let (line, connection) = Line::new(ConnectionId(1), ids.0, ids.1, Codec::Json);
            line.greet(frame("welcome")).unwrap();
            line.close(code);
            drop(line);
            assert_eq!(connection.cut.wait().now_or_never(), expected);
        }
    }

    #[test]
    fn a_later_hello_overtakes_an_earlier_one() {
        let (line, _outgoing) = line();
        let first = line.greet(frame("welcome")).unwrap();
        let second = line.greet(frame("welcome")).unwrap();
        assert_eq!(line.replay(first, conversation(1), []), Err(Overtaken));
        assert_eq!(line.finish(first), Err(Overtaken));
        assert_eq!(line.finish(second), Ok(Finish::Live));
    }

    #[test]
    fn sends_under_way_are_bounded() {
        let (line, _outgoing) = line();
        for _ in 0..SENDS_UNDER_WAY {
            assert!(line.begin_send());
        }
        assert!(!line.begin_send());
        line.settled(frame("ack"));
        assert!(line.begin_send());
    }

    #[tokio::test]
    async fn a_resume_waits_for_room_and_ends_with_the_connection() {
        let (line, mut outgoing) = line();
        let hello = line.greet(frame("welcome")).unwrap();
        while line.queue.capacity() > 100 {
            line.notice(frame("event"));
        }
        let wait = line.room_for(hello, 101);
        tokio::pin!(wait);
        tokio::select! {
            biased;
            _ = &mut wait => panic!("there is no room"),
            () = std::future::ready(()) => {}
        }
        while !matches!(next(&mut outgoing).as_str(), "nothing") {}
        line.drained();
        assert_eq!(wait.await, Ok(()));
        line.close(CloseCode::Normal);
        assert_eq!(line.room_for(hello, 1).await, Err(Overtaken));
    }
}
