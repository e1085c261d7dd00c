//! The checker finds what it is there to find: one fault is planted in a picture of a run in
//! which everything is right.

mod own;

use std::collections::BTreeMap;

use client::{Delivery, ListRow, Row, RowKey};
use protocol::{
    Availability, Change, ChangeKind, Content, ConversationId, ConversationKind,
    ConversationSummary, Dismissed, DisplayName, GroupSettings, Intent, Marks, Member, Message,
    MessageBody, Notice, Person, Preferences, Role, Section, SendId, Seq, Timestamp, UserId,
    Username,
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

fn member(number: u8) -> Member {
    Member {
        person: Person {
            id: user(number),
            username: Username::parse(&format!("user{number}")).unwrap(),
            display_name: DisplayName::parse("Somebody").unwrap(),
        },
        role: Role::Member,
        read_seq: Seq::ZERO,
        delivered_seq: Seq::ZERO,
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
        members: [1, 2].map(member).into(),
        member_count: 2,
        pins: Vec::new(),
        created_at: Timestamp::from_millis(0),
        last_seq: Seq(6),
        last_message: Some(message(6)),
        read_seq,
        unread: if reader == user(1) { 0 } else { 2 },
        preferences: Preferences::default(),
        mentions: 0,
        slow_mode: protocol::SlowMode::Off,
        lifespan: None,
        request: None,
    }
}

fn sound() -> Picture {
    let history: Vec<Message> = (1..=6).map(message).collect();
    let people = [user(1), user(2)];
    let truth = |reader| Truth {
        conversation: CONVERSATION,
        members: people.into(),
        reader,
        after: Seq::ZERO,
        history: history.clone(),
        summary: summary(reader),
        dismissed: Dismissed::NONE,
        has_dismissed: false,
        draft: None,
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
            section: Section::Others,
            muted: false,
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
                intent: Intent::text(format!("number {}", it.seq)),
                fate: Fate::Saved,
                tried_again: false,
            })
            .collect(),
        dismissed: BTreeMap::new(),
        threads: Vec::new(),
        reminders: Vec::new(),
        statuses: BTreeMap::new(),
        availability: Availability::Automatic,
        drafts: BTreeMap::new(),
        stored_drafts: BTreeMap::new(),
    };
    Picture {
        asked_groups: Vec::new(),
        truths: people.map(truth).into(),
        views: people.map(view).into(),
        reminders: BTreeMap::new(),
        profiles: BTreeMap::new(),
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
    finds("a preference on the screen", |picture| {
        picture.views[1].list[0].summary.preferences.favourite = true;
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

/// Adds an entry that the first person wrote, everywhere.
fn append(picture: &mut Picture, content: Content, intent: Intent) {
    let entry = Message {
        content,
        author: user(1),
        ..message(7)
    };
    in_history(picture, |history| history.push(entry.clone()));
    for truth in &mut picture.truths {
        truth.summary.last_seq = Seq(7);
    }
    for view in &mut picture.views {
        view.stored.insert((CONVERSATION, Seq(7)), entry.clone());
        view.list[0].summary.last_seq = Seq(7);
        let stored = view.stored_list.get_mut(&CONVERSATION).unwrap();
        stored.last_seq = Seq(7);
    }
    picture.views[0].written.push(Written {
        send_id: entry.send_id,
        conversation: CONVERSATION,
        intent,
        fate: Fate::Saved,
        tried_again: false,
    });
}

/// The first person's message at place 2 is edited, and everybody has it.
fn edited() -> Picture {
    let mut picture = sound();
    let body = MessageBody::parse("edited").unwrap();
    let change = Change {
        target: Seq(2),
        kind: ChangeKind::Edit(body),
    };
    let intent = Intent::Edit {
        target: Seq(2),
        text: "edited".to_owned(),
    };
    append(&mut picture, Content::Change(change), intent);
    let truth = picture.truths[0].clone();
    let now = truth.brought_up_to_date(&truth.history[1]);
    in_history(&mut picture, |history| history[1] = now.clone());
    for view in &mut picture.views {
        view.rows.get_mut(&CONVERSATION).unwrap()[1] = row(&now);
    }
    picture
}

#[track_caller]
fn finds_in_edited(what: &str, plant: impl FnOnce(&mut Picture)) {
    let mut picture = edited();
    plant(&mut picture);
    assert!(!complaints(&picture).is_empty(), "{what} was not found");
}

#[test]
fn the_checker_is_content_with_a_change_and_finds_what_is_wrong_with_it() {
    // The copy on the device is brought up to date when it is read.
    assert_eq!(complaints(&edited()), Vec::<String>::new());
    finds_in_edited("a screen that shows the old words", |picture| {
        rows(picture)[1] = row(&message(2));
    });
    finds_in_edited("a screen with other marks", |picture| {
        rows(picture)[1].marks.edited_at = None;
    });
    finds_in_edited("a change that says something else", |picture| {
        picture.views[0].written[3].intent = Intent::Delete { target: Seq(2) };
    });
    finds_in_edited("a refused change that is stored", |picture| {
        picture.views[0].written[3].fate = Fate::Refused;
    });
    finds_in_edited("a row of the change itself", |picture| {
        let change = picture.truths[1].history[6].clone();
        rows(picture).push(row(&change));
    });
    finds_in_edited("a change that counts as unread", |picture| {
        picture.truths[1].summary.unread += 1;
    });
    finds_in_edited("a mention that nobody made", |picture| {
        picture.truths[1].summary.mentions = 1;
    });
    finds_in_edited("a list that shows the change", |picture| {
        let change = picture.truths[1].history[6].clone();
        picture.truths[1].summary.last_message = Some(change);
    });
    finds_in_edited("a copy that no change explains", |picture| {
        let stored = picture.views[1].stored.get_mut(&(CONVERSATION, Seq(3)));
        stored.unwrap().content = text("something else");
    });
    finds_in_edited("a pin in the list alone", |picture| {
        picture.truths[0].summary.pins = vec![Seq(1)];
    });
}

#[test]
fn the_checker_finds_faults_of_membership() {
    let gone = |picture: &mut Picture| {
        let notice = Notice::Removed { user: user(2) };
        let intent = Intent::Remove { user: user(2) };
        append(picture, Content::Notice(notice), intent);
        for truth in &mut picture.truths {
            truth.members.remove(&user(2));
        }
    };
    finds("an entry of somebody who was not in it", |picture| {
        gone(picture);
        in_history(picture, |history| {
            history.swap(5, 6);
            renumber(history);
        });
    });
    finds("a member whom the entries have removed", |picture| {
        gone(picture);
        for truth in &mut picture.truths {
            truth.members.insert(user(2));
        }
    });
    finds("history of before somebody came", |picture| {
        picture.truths[1].after = Seq(2);
    });
    finds(
        "a conversation kept by somebody who is not in it",
        |picture| {
            picture.truths.remove(1);
        },
    );
    finds("a member in the list alone", |picture| {
        picture.truths[0].summary.members.push(member(9));
    });
}
