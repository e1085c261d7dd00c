//! What must hold after every crash. Compares what the clients know (every send, ack and
//! event, over all restarts) with the history that each member reads back.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use protocol::{ConversationId, Message, SendId, Seq, UserId};

/// A message as a client wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) id: SendId,
    pub(crate) text: String,
}

/// A message as a client received it while connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) author: UserId,
    pub(crate) id: SendId,
    pub(crate) text: String,
}

/// What one client knows of one conversation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    /// In the order of writing.
    pub(crate) written: Vec<Written>,
    /// The first ack of each message.
    pub(crate) acked: HashMap<SendId, Seq>,
    pub(crate) seen: BTreeMap<Seq, Seen>,
}

/// One client's logs.
#[derive(Debug, Clone)]
pub(crate) struct Witness {
    pub(crate) user: UserId,
    pub(crate) logs: BTreeMap<ConversationId, Log>,
}

/// A conversation as one member reads it back.
#[derive(Debug, Clone)]
pub(crate) struct History {
    pub(crate) conversation: ConversationId,
    pub(crate) messages: Vec<Message>,
}

/// The invariants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Invariant {
    /// Every acked message is in history, at its place, as it was written.
    Durable,
    /// No message is there twice.
    ExactlyOnce,
    /// Places are dense, and all members see the same message at each.
    OneOrder,
    /// A retry is answered with the first copy's place; every send is answered in the end.
    Retries,
    /// Messages of one client to one conversation keep their order.
    SenderOrder,
    /// Nothing is there that nobody wrote.
    NoGhosts,
}

/// An invariant that does not hold, and where.
#[derive(Debug, Clone)]
pub(crate) struct Violation {
    pub(crate) invariant: Invariant,
    pub(crate) text: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.invariant, self.text)
    }
}

pub(crate) fn violation(invariant: Invariant, text: String) -> Violation {
    Violation { invariant, text }
}

/// Checks everything that was witnessed against everything that was read.
pub(crate) fn check(witnesses: &[Witness], histories: &[History]) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut by_conversation: BTreeMap<ConversationId, Vec<&[Message]>> = BTreeMap::new();
    for history in histories {
        let read = by_conversation.entry(history.conversation).or_default();
        read.push(&history.messages);
    }
    for (conversation, read) in &by_conversation {
        let Some((first, others)) = read.split_first() else {
            continue;
        };
        if others.iter().any(|other| other != first) {
            let text = format!("{conversation}: members read different histories");
            found.push(violation(Invariant::OneOrder, text));
        }
        check_one(*conversation, first, witnesses, &mut found);
    }
    for witness in witnesses {
        for conversation in witness.logs.keys() {
            if !by_conversation.contains_key(conversation) {
                let text = format!("{conversation}: nobody could read it");
                found.push(violation(Invariant::Durable, text));
            }
        }
    }
    found
}

/// One conversation.
fn check_one(
    conversation: ConversationId,
    messages: &[Message],
    witnesses: &[Witness],
    found: &mut Vec<Violation>,
) {
    let mut fail = |invariant, text: String| {
        found.push(violation(invariant, format!("{conversation}: {text}")));
    };
    let mut written: HashMap<(UserId, SendId), &str> = HashMap::new();
    for witness in witnesses {
        for message in witness
            .logs
            .get(&conversation)
            .map_or(&[][..], |log| &log.written)
        {
            written.insert((witness.user, message.id), &message.text);
        }
    }
    let mut place: HashMap<(UserId, SendId), Seq> = HashMap::new();
    for (index, message) in messages.iter().enumerate() {
        let expected = Seq(index as u64 + 1);
        if message.seq != expected {
            fail(
                Invariant::OneOrder,
                format!("{} stands at {expected}", message.seq),
            );
        }
        let key = (message.author, message.send_id);
        if let Some(first) = place.insert(key, message.seq) {
            let text = format!("{} is at {first} and at {}", message.send_id, message.seq);
            fail(Invariant::ExactlyOnce, text);
        }
        match (written.get(&key), text_of(message)) {
            (None, _) => fail(Invariant::NoGhosts, format!("nobody wrote {}", message.seq)),
            (Some(written), Some(text)) if *written == text => {}
            (Some(_), _) => fail(Invariant::NoGhosts, format!("{} was changed", message.seq)),
        }
    }
    for witness in witnesses {
        if let Some(log) = witness.logs.get(&conversation) {
            check_log(witness.user, log, messages, &place, &mut fail);
        }
    }
}

/// One client's log of one conversation.
fn check_log(
    user: UserId,
    log: &Log,
    messages: &[Message],
    place: &HashMap<(UserId, SendId), Seq>,
    fail: &mut impl FnMut(Invariant, String),
) {
    for (id, acked) in &log.acked {
        match place.get(&(user, *id)) {
            Some(seq) if seq == acked => {}
            Some(seq) => fail(
                Invariant::Retries,
                format!("{id} was acked at {acked}, is at {seq}"),
            ),
            None => fail(
                Invariant::Durable,
                format!("{id} was acked at {acked} and is lost"),
            ),
        }
    }
    let places: Vec<Seq> = log
        .written
        .iter()
        .filter_map(|message| place.get(&(user, message.id)).copied())
        .collect();
    if !places.is_sorted() {
        fail(
            Invariant::SenderOrder,
            format!("{user}'s messages changed places"),
        );
    }
    let distinct: HashSet<Seq> = log.acked.values().copied().collect();
    if distinct.len() != log.acked.len() {
        fail(
            Invariant::ExactlyOnce,
            format!("{user} got one place for two messages"),
        );
    }
    for (seq, seen) in &log.seen {
        let same = seq
            .0
            .checked_sub(1)
            .and_then(|index| messages.get(usize::try_from(index).ok()?))
            .is_some_and(|message| {
                message.author == seen.author
                    && message.send_id == seen.id
                    && text_of(message) == Some(&seen.text)
            });
        if !same {
            fail(
                Invariant::OneOrder,
                format!("{user} saw something else at {seq}"),
            );
        }
    }
}

pub(crate) fn text_of(message: &Message) -> Option<&str> {
    message.content.body().map(|body| body.as_str())
}
