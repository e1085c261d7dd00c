//! From waiting sends to durable rows: the one place that appends.
//!
//! Conversations with waiting sends stand on a list. A fixed number of workers each take what
//! is there, of many conversations at once, seal it, append it in one transaction and deliver
//! it. While no commit is under way the next one starts at once with whatever there is;
//! beside others a further one starts only when enough conversations wait to be worth it, so
//! that commits grow under load instead of multiplying (docs/decisions/0004-*.md).
//!
//! Nothing is acked or published before `append` has returned `Ok`. When it has not, every
//! send of the conversations concerned is rejected and their state is read again from the
//! store, because the outcome is not known. What is found there beyond what was delivered
//! counts only after `sync` has returned `Ok`. Until a commit succeeds again only one is tried
//! at a time, with one conversation.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use parking_lot::Mutex;
use protocol::{ConversationId, ErrorCode, Message, SendId, Seq, ServerFrame};
use tokio::sync::Notify;

use crate::ChatError;
use crate::conversation_state::{Conversation, Fixed, Log, Placed};
use crate::engine::{Engine, guarded};
use crate::envelope;
use crate::hub::{Delivery, Line};
use crate::store::{APPEND_PER_CONVERSATION, CHECKPOINT_EVERY, Checkpoint, MessageRow};
use crate::uncertain::Uncertain;

/// Conversations that must wait for each commit under way before a further one starts.
const SPREAD: usize = 8;

/// A cursor that only moves because its owner writes is saved once in so many places: enough
/// for what is left to be counted at the next load, and nothing on the path of most messages.
const OWN_CURSOR_EVERY: u64 = 256;

/// What a client is told to wait after a failure that may pass.
pub(crate) const RETRY_AFTER_MS: u32 = 1_000;

/// The list of conversations with waiting sends.
pub(crate) struct Committer {
    list: Mutex<List>,
    wake: Notify,
}

#[derive(Default)]
struct List {
    ready: VecDeque<Arc<Conversation>>,
    under_way: usize,
    /// The last commit failed.
    suspect: bool,
    stopped: bool,
}

impl List {
    fn may_start(&self) -> bool {
        let enough =
            self.under_way == 0 || (!self.suspect && self.ready.len() >= self.under_way * SPREAD);
        !self.ready.is_empty() && enough
    }
}

/// One conversation's part of a commit.
struct Part {
    conversation: Arc<Conversation>,
    fixed: Arc<Fixed>,
    placed: Vec<Placed>,
}

impl Committer {
    pub(crate) fn new() -> Self {
        Self {
            list: Mutex::new(List::default()),
            wake: Notify::new(),
        }
    }

    /// Puts a conversation on the list. Its log is marked busy already, so it is there once.
    pub(crate) fn push(&self, conversation: Arc<Conversation>) {
        let mut list = self.list.lock();
        list.ready.push_back(conversation);
        let wake = list.may_start();
        drop(list);
        if wake {
            self.wake.notify_one();
        }
    }

    /// Ends the workers when the list is empty.
    pub(crate) fn stop(&self) {
        self.list.lock().stopped = true;
        self.wake.notify_waiters();
        self.wake.notify_one();
    }

    /// Waits for permission to start a commit; `false` when there will be none.
    async fn start(&self) -> bool {
        loop {
            let woken = self.wake.notified();
            {
                let mut list = self.list.lock();
                if list.may_start() {
                    list.under_way += 1;
                    return true;
                }
                if list.stopped && list.ready.is_empty() {
                    drop(list);
                    self.wake.notify_one();
                    return false;
                }
            }
            woken.await;
        }
    }

    fn pop(&self) -> Option<Arc<Conversation>> {
        self.list.lock().ready.pop_front()
    }

    fn finish(&self, succeeded: Option<bool>) {
        let mut list = self.list.lock();
        list.under_way -= 1;
        if let Some(succeeded) = succeeded {
            list.suspect = !succeeded;
        }
        let wake = list.may_start();
        drop(list);
        if wake {
            self.wake.notify_one();
        }
    }

    fn is_suspect(&self) -> bool {
        self.list.lock().suspect
    }

    /// Wakes a further worker if enough is left for it.
    fn hand_on(&self) {
        if self.list.lock().may_start() {
            self.wake.notify_one();
        }
    }
}

/// A worker; ends when the committer is stopped and nothing is left.
pub(crate) async fn work(engine: Arc<Engine>) {
    while engine.committer.start().await {
        let parts = collect(&engine);
        engine.committer.hand_on();
        let outcome = if parts.is_empty() {
            None
        } else {
            Some(commit(&engine, parts).await)
        };
        engine.committer.finish(outcome);
    }
}

/// Takes waiting sends from the list, at most one batch.
fn collect(engine: &Engine) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rows = 0;
    let conversations = if engine.committer.is_suspect() {
        1
    } else {
        usize::MAX
    };
    while rows < engine.commit_batch && parts.len() < conversations {
        let Some(conversation) = engine.committer.pop() else {
            break;
        };
        let most = (engine.commit_batch - rows).min(APPEND_PER_CONVERSATION);
        let mut log = conversation.log.lock();
        let fixed = log.fixed().cloned();
        let placed = log.take(most);
        let Some(fixed) = fixed.filter(|_| !placed.is_empty()) else {
            log.busy = false;
            continue;
        };
        drop(log);
        rows += placed.len();
        parts.push(Part {
            conversation,
            fixed,
            placed,
        });
    }
    parts
}

/// Whether the store took it.
async fn commit(engine: &Engine, parts: Vec<Part>) -> bool {
    let appended = match seal(&parts) {
        Ok((rows, checkpoints)) => guarded(engine.store.append(&rows, &checkpoints)).await,
        Err(error) => Err(ChatError::Security(error.to_string())),
    };
    match appended {
        Ok(()) => {
            engine.counters.commits.fetch_add(1, Ordering::Relaxed);
            for part in parts {
                publish(engine, part);
            }
            true
        }
        Err(error) => {
            let failure = 1 + engine
                .counters
                .commits_failed
                .fetch_add(1, Ordering::SeqCst);
            let rows: usize = parts.iter().map(|part| part.placed.len()).sum();
            tracing::error!(%error, rows, "messages could not be committed");
            for part in parts {
                give_up(engine, part, failure, error.code());
            }
            false
        }
    }
}

type Rows = (Vec<MessageRow>, Vec<Checkpoint>);

fn seal(parts: &[Part]) -> Result<Rows, security::CipherError> {
    let mut rows = Vec::with_capacity(parts.iter().map(|part| part.placed.len()).sum());
    let mut checkpoints = Vec::new();
    for part in parts {
        let conversation = part.conversation.id;
        for Placed { seq, header, send } in &part.placed {
            let key = &part.fixed.key;
            rows.push(envelope::seal(key, conversation, *seq, header, &send.body)?);
        }
        if let (Some(first), Some(last)) = (part.placed.first(), part.placed.last())
            && passes_checkpoint(first.seq, last.seq)
        {
            let seq = last.seq;
            checkpoints.push(Checkpoint { conversation, seq });
        }
    }
    Ok((rows, checkpoints))
}

/// Whether places from `first` to `last` take or pass a multiple of [`CHECKPOINT_EVERY`].
const fn passes_checkpoint(first: Seq, last: Seq) -> bool {
    last.0 / CHECKPOINT_EVERY > first.prev().0 / CHECKPOINT_EVERY
}

/// The rows are durable: ack and deliver, in the order of their places.
fn publish(engine: &Engine, part: Part) {
    let Part {
        conversation,
        placed,
        ..
    } = part;
    let count = placed.len() as u64;
    let mut log = conversation.log.lock();
    let mut delivery = engine.hub.delivery();
    // Tickets go when everything is delivered, so that a drain waits for the acks.
    let mut tickets = Vec::with_capacity(placed.len());
    for (at, Placed { seq, header, send }) in placed.into_iter().enumerate() {
        let ack = ServerFrame::Ack {
            send_id: header.send_id,
            conversation: conversation.id,
            seq,
            sent_at: header.sent_at,
        };
        for line in send.lines().chain(log.late(at)) {
            delivery.settled(line, &ack);
        }
        let event = ServerFrame::Event {
            message: Message {
                conversation: conversation.id,
                seq,
                author: header.author,
                send_id: header.send_id,
                sent_at: header.sent_at,
                content: protocol::Content::Text(send.body),
            },
        };
        let (origin, also) = (&send.origin, &send.also);
        deliver(&mut delivery, &log, &event, |id| {
            origin.id == id
                || also.iter().any(|line| line.id == id)
                || log.late(at).any(|line| line.id == id)
        });
        if let ServerFrame::Event { message } = event {
            let (author, seq) = (message.author, message.seq);
            if log.commit(message) && seq.0.is_multiple_of(OWN_CURSOR_EVERY) {
                engine.note_cursor(conversation.id, author, seq);
            }
        }
        tickets.push(send.ticket);
    }
    log.committed_all();
    drop(delivery);
    log.busy = log.has_work();
    let again = log.busy;
    drop(log);
    if again {
        engine.committer.push(conversation);
    }
    engine
        .counters
        .committed
        .fetch_add(count, Ordering::Relaxed);
}

/// Delivers what a commit without a known outcome has stored after all. What is no longer
/// held shows as a gap, which clients fill.
pub(crate) fn publish_late(engine: &Engine, id: ConversationId, log: &Log) {
    let delivered = engine.uncertain.lock().remove(&id);
    let delivered = delivered.map(|uncertain| uncertain.delivered);
    let Some(delivered) = delivered.filter(|seq| *seq < log.committed) else {
        return;
    };
    let mut delivery = engine.hub.delivery();
    for message in log.held(delivered.next(), log.committed) {
        let event = ServerFrame::Event {
            message: message.clone(),
        };
        deliver(&mut delivery, log, &event, |_| false);
    }
}

fn deliver(
    delivery: &mut Delivery<'_>,
    log: &Log,
    event: &ServerFrame,
    acked: impl Fn(crate::ConnectionId) -> bool,
) {
    if let ServerFrame::Event { message } = event {
        let members = log.members.iter().filter(|m| m.joined_after < message.seq);
        let members = members.map(|m| m.user);
        delivery.event(message.conversation, members, event, acked);
    }
}

/// The outcome is not known: rejects everything and has the state read again.
fn give_up(engine: &Engine, part: Part, failure: u64, code: ErrorCode) {
    let mut log = part.conversation.log.lock();
    let delivered = log.committed;
    engine
        .uncertain
        .lock()
        .entry(part.conversation.id)
        .and_modify(|uncertain| uncertain.failure = failure)
        .or_insert(Uncertain { delivered, failure });
    let (waiting, late) = log.abandon();
    drop(log);
    engine.forget(&part.conversation);
    let placed = part.placed.into_iter().map(|placed| placed.send);
    for send in placed.chain(waiting) {
        for line in send.lines() {
            reject(engine, line, send.send_id, code);
        }
    }
    for (send_id, line) in late {
        reject(engine, &line, send_id, code);
    }
}

/// Tells a connection that its send was not stored.
pub(crate) fn reject(engine: &Engine, line: &Line, send_id: SendId, code: ErrorCode) {
    let frame = ServerFrame::Reject {
        send_id,
        code,
        retry_after_ms: code.is_transient().then_some(RETRY_AFTER_MS),
    };
    engine.hub.delivery().settled(line, &frame);
}

/// Tells a connection where its send is stored.
pub(crate) fn ack(
    engine: &Engine,
    line: &Line,
    conversation: &Conversation,
    send_id: SendId,
    (seq, sent_at): (Seq, protocol::Timestamp),
) {
    let frame = ServerFrame::Ack {
        send_id,
        conversation: conversation.id,
        seq,
        sent_at,
    };
    engine.hub.delivery().settled(line, &frame);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_when_a_multiple_is_taken_or_passed() {
        let cases = [
            (1, 255, false),
            (1, 256, true),
            (256, 256, true),
            (257, 257, false),
            (257, 511, false),
            (250, 505, true),
            (512, 700, true),
        ];
        for (first, last, expected) in cases {
            assert_eq!(
                passes_checkpoint(Seq(first), Seq(last)),
                expected,
                "{first}..={last}"
            );
        }
    }
}
