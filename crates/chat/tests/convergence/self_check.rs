//! The checker finds what it is there to find: one fault is planted in a picture of a run in
//! which everything is right.

use client::{Delivery, ListRow, Row, RowKey};
use protocol::{
    Content, ConversationId, ConversationKind, ConversationSummary, GroupSettings, Marks, Message,
    MessageBody, SendId, Seq, Timestamp, UserId,
};

use crate::checker::{Picture, Truth, View, complaints};
use crate::device::{Fate, Written};

const CONVERSATION: ConversationId = ConversationId::from_bytes([9; 16]);

fn user(number: u8) -> UserId {
    UserId::from_bytes([number; 16])
}

fn text(text: &str) -> Content {
    Content::Text(MessageBody::parse(text).unwrap().into())
}

/// Two people took turns; the second has read the first three of six messages.
fn message(seq: u8) -> Message {
    Message {
        conversation: CONVERSATION,
        seq: Seq(seq.into()),
        author: user(1 + seq % 2),
        send_id: SendId::from_bytes([seq; 16]),
        sent_at: Timestamp::from_millis(seq.into()),
        content: text(&format!("number {seq}")),
        marks: Marks::default(),
    }
}

fn row(message: &Message) -> Row {
    Row {
        key: RowKey {
            author: message.author,
            send_id: message.send_id,
        },
        seq: Some(message.seq),
        sent_at: message.sent_at,
        content: message.content.clone(),
        marks: message.marks.clone(),
        delivery: Delivery::Sent,
        waiting: false,
    }
}

fn summary(reader: UserId) -> ConversationSummary {
    let read_seq = Seq(if reader == user(1) { 6 } else { 3 });
    ConversationSummary {
        id: CONVERSATION,
        kind: ConversationKind::Direct,
        title: None,
        description: None,
        settings: GroupSettings::default(),
        members: Vec::new(),
        member_count: 2,
        pins: Vec::new(),
        created_at: Timestamp::from_millis(0),
        last_seq: Seq(6),
        last_message: Some(message(6)),
        read_seq,
        unread: if reader == user(1) { 0 } else { 2 },
    }
}

fn sound() -> Picture {
    let history: Vec<Message> = (1..=6).map(message).collect();
    let people = [user(1), user(2)];
    let truth = |reader| Truth {
        conversation: CONVERSATION,
        members: people.into(),
        reader,
        history: history.clone(),
        summary: summary(reader),
    };
    let view = |user| View {
        device: format!("the device of {user}"),
        user,
        rows: [(CONVERSATION, history.iter().map(row).collect())].into(),
        list: vec![ListRow {
            summary: summary(user),
            draft: None,
            delivery: None,
            unsent: None,
            active_at: Timestamp::from_millis(6),
        }],
        unsent: 0,
        stored_outbox: 0,
        stored: history
            .iter()
            .map(|it| ((CONVERSATION, it.seq), it.clone()))
            .collect(),
        stored_list: [(CONVERSATION, summary(user))].into(),
        written: history
            .iter()
            .filter(|it| it.author == user)
            .map(|it| Written {
                send_id: it.send_id,
                conversation: CONVERSATION,
                text: format!("number {}", it.seq),
                fate: Fate::Saved,
            })
            .collect(),
    };
    Picture {
        truths: people.map(truth).into(),
        views: people.map(view).into(),
    }
}

#[track_caller]
fn finds(what: &str, plant: impl FnOnce(&mut Picture)) {
    let mut picture = sound();
    plant(&mut picture);
    let found = complaints(&picture);
    assert!(!found.is_empty(), "{what} was not found");
}

/// Changes what both members read back.
fn in_history(picture: &mut Picture, change: impl Fn(&mut Vec<Message>)) {
    for truth in &mut picture.truths {
        change(&mut truth.history);
    }
}

fn rows(picture: &mut Picture) -> &mut Vec<Row> {
    picture.views[1].rows.get_mut(&CONVERSATION).unwrap()
}

/// Gives the messages the places that they stand at.
fn renumber(history: &mut [Message]) {
    for (seq, message) in (1..).zip(history) {
        message.seq = Seq(seq);
    }
}

#[test]
fn the_checker_is_content_when_all_is_right() {
    assert_eq!(complaints(&sound()), Vec::<String>::new());
}

#[test]
fn the_checker_finds_faults_of_the_history() {
    finds("a doubled message", |picture| {
        in_history(picture, |history| {
            history.insert(4, history[1].clone());
            renumber(history);
        });
    });
    finds("a lost message", |picture| {
        in_history(picture, |history| {
            history.remove(2);
            renumber(history);
        });
    });
    finds("a hole", |picture| {
        in_history(picture, |history| {
            history.remove(2);
        });
    });
    finds("a swapped pair of one author", |picture| {
        in_history(picture, |history| {
            history.swap(1, 3);
            renumber(history);
        });
    });
    finds("a message that nobody wrote", |picture| {
        in_history(picture, |history| {
            history[5].send_id = SendId::from_bytes([77; 16]);
        });
    });
    finds("a changed text", |picture| {
        in_history(picture, |history| {
            history[2].content = text("forged");
        });
    });
    finds("a message that cannot be read", |picture| {
        in_history(picture, |history| history[2].content = Content::Unavailable);
    });
    finds("different histories", |picture| {
        picture.truths[0].history.pop();
    });
    finds("a wrong count", |picture| {
        picture.truths[1].summary.unread = 1
    });
    finds("a cursor beyond the end", |picture| {
        picture.truths[1].summary.read_seq = Seq(7);
        picture.truths[1].summary.unread = 0;
    });
}

#[test]
fn the_checker_finds_faults_of_a_screen() {
    finds("a doubled row", |picture| {
        let rows = rows(picture);
        rows.insert(3, rows[3].clone());
    });
    finds("a missing row", |picture| {
        rows(picture).remove(3);
    });
    finds("a swapped pair of rows", |picture| rows(picture).swap(2, 3));
    finds("an echo that stays", |picture| rows(picture)[5].seq = None);
    finds("a row that is shown as failed", |picture| {
        rows(picture)[4].delivery = Delivery::Failed { code: None };
    });
    finds("a count on the screen", |picture| {
        picture.views[1].list[0].summary.unread = 0;
    });
    finds("a cursor on the screen", |picture| {
        picture.views[1].list[0].summary.read_seq = Seq(4);
    });
    finds("a preview", |picture| {
        picture.views[0].list[0].summary.last_message = Some(message(5));
    });
    finds("a conversation missing in the list", |picture| {
        picture.views[0].list.clear();
    });
}

#[test]
fn the_checker_finds_faults_of_what_is_stored_on_a_device() {
    finds("an outbox that is not empty", |picture| {
        picture.views[0].stored_outbox = 1;
    });
    finds("an unsent message", |picture| picture.views[0].unsent = 1);
    finds("another message stored at a place", |picture| {
        let at = (CONVERSATION, Seq(2));
        picture.views[0].stored.insert(at, message(3));
    });
    finds("an old row of the list", |picture| {
        let stored = picture.views[0].stored_list.get_mut(&CONVERSATION);
        stored.unwrap().last_seq = Seq(5);
    });
    finds("a message that was sent and forgotten", |picture| {
        picture.views[0].written[0].fate = Fate::Lost;
    });
    finds("a message never stored", |picture| {
        picture.views[0].written[0].fate = Fate::Unsaved;
    });
}
