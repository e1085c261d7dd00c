//! The checker itself: it accepts what is right, and each way of being wrong is found.

use std::collections::BTreeMap;

use protocol::{
    Content, ConversationId, Marks, Message, MessageBody, SendId, Seq, Timestamp, UserId,
};

use crate::checker::{History, Invariant, Log, Seen, Violation, Witness, Written, check};

struct Scene {
    witnesses: Vec<Witness>,
    histories: Vec<History>,
}

fn user(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

fn id(n: u8) -> SendId {
    SendId::from_bytes([n; 16])
}

fn message(conversation: ConversationId, seq: u64, author: u8, send: u8) -> Message {
    Message {
        conversation,
        seq: Seq(seq),
        author: user(author),
        send_id: id(send),
        sent_at: Timestamp::default(),
        content: Content::Text(
            MessageBody::parse(&format!("text {send}"))
                .expect("a text")
                .into(),
        ),
        marks: Marks::default(),
    }
}

/// Two people, four messages, all acked, all seen by both.
fn scene() -> Scene {
    let conversation = ConversationId::from_bytes([9; 16]);
    let places = [(1, 1, 11), (2, 2, 21), (3, 1, 12), (4, 2, 22)];
    let messages: Vec<Message> = places
        .iter()
        .map(|(seq, author, send)| message(conversation, *seq, *author, *send))
        .collect();
    let witness = |person: u8| {
        let mut log = Log::default();
        for (seq, author, send) in places {
            let text = format!("text {send}");
            if author == person {
                let written = Written {
                    id: id(send),
                    text: text.clone(),
                };
                log.written.push(written);
                log.acked.insert(id(send), Seq(seq));
            }
            let seen = Seen {
                author: user(author),
                id: id(send),
                text,
            };
            log.seen.insert(Seq(seq), seen);
        }
        Witness {
            user: user(person),
            logs: BTreeMap::from([(conversation, log)]),
        }
    };
    let history = History {
        conversation,
        messages,
    };
    Scene {
        witnesses: vec![witness(1), witness(2)],
        histories: vec![history.clone(), history],
    }
}

fn of(scene: &Scene) -> Vec<Violation> {
    check(&scene.witnesses, &scene.histories)
}

#[track_caller]
fn finds(expected: Invariant, damage: impl Fn(&mut Scene)) {
    let mut damaged = scene();
    damage(&mut damaged);
    let found = of(&damaged);
    assert!(
        found
            .iter()
            .any(|violation| violation.invariant == expected),
        "the checker missed {expected:?}: {found:?}"
    );
}

/// Fails if the checker does not find what it is there to find.
pub(crate) fn run() {
    assert!(of(&scene()).is_empty(), "{:?}", of(&scene()));
    finds(Invariant::Durable, |scene| {
        for history in &mut scene.histories {
            history.messages.pop();
        }
    });
    finds(Invariant::ExactlyOnce, |scene| {
        for history in &mut scene.histories {
            let again = message(history.conversation, 5, 1, 11);
            history.messages.push(again);
        }
    });
    finds(Invariant::OneOrder, |scene| {
        for history in &mut scene.histories {
            history.messages.remove(1);
        }
    });
    finds(Invariant::OneOrder, |scene| {
        if let Some(history) = scene.histories.last_mut() {
            history.messages.pop();
        }
    });
    finds(Invariant::OneOrder, |scene| {
        for log in scene.witnesses.iter_mut().flat_map(|w| w.logs.values_mut()) {
            if let Some(seen) = log.seen.get_mut(&Seq(2)) {
                seen.id = id(99);
            }
        }
    });
    finds(Invariant::Retries, |scene| {
        for log in scene.witnesses.iter_mut().flat_map(|w| w.logs.values_mut()) {
            if let Some(seq) = log.acked.get_mut(&id(11)) {
                *seq = Seq(3);
            }
        }
    });
    finds(Invariant::SenderOrder, |scene| {
        for log in scene.witnesses.iter_mut().flat_map(|w| w.logs.values_mut()) {
            log.written.reverse();
        }
    });
    finds(Invariant::NoGhosts, |scene| {
        for log in scene.witnesses.iter_mut().flat_map(|w| w.logs.values_mut()) {
            log.written.retain(|written| written.id != id(22));
        }
    });
    finds(Invariant::NoGhosts, |scene| {
        for log in scene.witnesses.iter_mut().flat_map(|w| w.logs.values_mut()) {
            for written in &mut log.written {
                written.text.push('!');
            }
        }
    });
}
