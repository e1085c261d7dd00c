//! One connection's end of the hub: its bounded queue and what it may be given at the moment.
//!
//! Everything that is put into the queue goes through one small lock, the gate, so that for
//! one connection "is it live, is there room, put it in" is a single step. A full queue never
//! makes anybody wait: the frame is dropped, the line is *lagging* from then on and gets
//! nothing more until its queue is empty; then it gets `Resync` and is silent until it says
//! `Hello` again. So what a connection sees has no hole that it is not told of.

use std::collections::HashSet;

use bytes::Bytes;
use parking_lot::Mutex;
use protocol::limits::{CONNECTION_QUEUE, SENDS_UNDER_WAY};
use protocol::{CloseCode, Codec, ConversationId, EncodeError, ServerFrame, SessionId, UserId};
use tokio::sync::{Notify, mpsc};

use crate::{ConnectionId, Outgoing};

/// Slots of the queue that frames leave free, so that there is always room for a close.
const RESERVED: usize = 2;

pub(crate) struct Line {
    pub(crate) id: ConnectionId,
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    pub(crate) codec: Codec,
    queue: mpsc::Sender<Outgoing>,
    gate: Mutex<Gate>,
    /// Wakes a resume that waits for room.
    emptied: Notify,
}

struct Gate {
    phase: Phase,
    lagging: bool,
    sends_under_way: u32,
    /// Counts hellos, so that a resume that was overtaken by a later one stops.
    hello: u32,
    resuming: Option<Box<Resuming>>,
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

/// A frame encoded at most once for each codec and shared from then on.
pub(crate) struct Shared<'a> {
    frame: &'a ServerFrame,
    binary: Option<Bytes>,
    json: Option<Bytes>,
}

impl<'a> Shared<'a> {
    pub(crate) const fn new(frame: &'a ServerFrame) -> Self {
        Self {
            frame,
            binary: None,
            json: None,
        }
    }

    pub(crate) fn bytes(&mut self, codec: Codec) -> Bytes {
        let slot = match codec {
            Codec::Binary => &mut self.binary,
            Codec::Json => &mut self.json,
        };
        slot.get_or_insert_with(|| encode(codec, self.frame))
            .clone()
    }
}

/// Frames of the protocol can always be encoded; one that cannot becomes an empty message,
/// which a client refuses as malformed, and the log says why.
pub(crate) fn encode(codec: Codec, frame: &ServerFrame) -> Bytes {
    codec.encode(frame).map_or_else(
        |error: EncodeError| {
            tracing::error!(%error, "a frame could not be encoded");
            Bytes::new()
        },
        Bytes::from,
    )
}

impl Line {
    pub(crate) fn new(
        id: ConnectionId,
        user: UserId,
        session: SessionId,
        codec: Codec,
    ) -> (Self, mpsc::Receiver<Outgoing>) {
        let (queue, outgoing) = mpsc::channel(CONNECTION_QUEUE + RESERVED);
        let line = Self {
            id,
            user,
            session,
            codec,
            queue,
            gate: Mutex::new(Gate {
                phase: Phase::Silent,
                lagging: false,
                sends_under_way: 0,
                hello: 0,
                resuming: None,
            }),
            emptied: Notify::new(),
        };
        (line, outgoing)
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
        if gate.resuming.is_some() {
            self.emptied.notify_one();
        }
        if !gate.lagging || gate.phase == Phase::Closed {
            return false;
        }
        gate.lagging = false;
        gate.phase = Phase::Silent;
        gate.resuming = None;
        gate.hello = gate.hello.wrapping_add(1);
        self.push(&mut gate, encode(self.codec, &ServerFrame::Resync))
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
            self.current(&self.gate.lock(), hello)?;
            if self.queue.capacity() >= wanted {
                return Ok(());
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
            if !self.push(&mut gate, frame) {
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
            // Cannot be full, see RESERVED; fails if the connection is gone already.
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
        if gate.lagging {
            return false;
        }
        if self.queue.capacity() <= RESERVED {
            gate.lagging = true;
            self.emptied.notify_one();
            return false;
        }
        self.queue.try_send(Outgoing::Frame(frame)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> (Line, mpsc::Receiver<Outgoing>) {
        let user = UserId::from_bytes([1; 16]);
        let session = SessionId::from_bytes([2; 16]);
        Line::new(ConnectionId(1), user, session, Codec::Json)
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
