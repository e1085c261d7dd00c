use protocol::{
    Content, ConversationId, ConversationKind, GroupSettings, Marks, SendId, Timestamp,
};

use super::*;

const ME: u8 = 1;
const THEM: u8 = 2;

fn user(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

fn message(seq: u64, author: u8) -> Message {
    Message {
        conversation: ConversationId::from_bytes([9; 16]),
        seq: Seq(seq),
        author: user(author),
        send_id: SendId::from_parts(Timestamp::from_millis(seq), 0),
        sent_at: Timestamp::from_millis(seq),
        content: Content::Unavailable,
        marks: Marks::default(),
    }
}

fn summary(last: u64, read: u64, unread: u32) -> ConversationSummary {
    ConversationSummary {
        id: ConversationId::from_bytes([9; 16]),
        kind: ConversationKind::Direct,
        title: None,
        description: None,
        settings: GroupSettings::default(),
        members: Vec::new(),
        member_count: 2,
        pins: Vec::new(),
        created_at: Timestamp::default(),
        last_seq: Seq(last),
        last_message: (last > 0).then(|| message(last, THEM)),
        read_seq: Seq(read),
        unread,
    }
}

#[test]
fn only_what_others_write_is_unread_and_only_once() {
    let mut row = summary(3, 3, 0);
    assert!(arrived(&mut row, &message(4, THEM), user(ME)));
    assert!(arrived(&mut row, &message(5, ME), user(ME)));
    assert!(!arrived(&mut row, &message(4, THEM), user(ME)));
    assert_eq!((row.unread, row.last_seq), (1, Seq(5)));
    assert_eq!(row.last_message.map(|it| it.seq), Some(Seq(5)));
}

#[test]
fn an_own_message_after_everything_read_is_read_too() {
    let mut row = summary(3, 3, 0);
    arrived(&mut row, &message(4, ME), user(ME));
    arrived(&mut row, &message(5, ME), user(ME));
    assert_eq!((row.unread, row.read_seq), (0, Seq(5)));
    arrived(&mut row, &message(6, THEM), user(ME));
    arrived(&mut row, &message(7, ME), user(ME));
    assert_eq!((row.unread, row.read_seq), (1, Seq(5)));
}

#[test]
fn the_count_stops_at_the_cap() {
    let mut row = summary(1, 0, ConversationSummary::UNREAD_CAP);
    arrived(&mut row, &message(2, THEM), user(ME));
    assert_eq!(row.unread, ConversationSummary::UNREAD_CAP);
}

#[test]
fn the_cursor_only_moves_forward() {
    let mut row = summary(10, 4, 6);
    assert!(mark(&mut row, Seq(8)));
    assert_eq!(row.unread, 2);
    assert!(!mark(&mut row, Seq(7)));
    assert_eq!(row.read_seq, Seq(8));
    // An answer from before does not move it back.
    told(&mut row, Seq(5), 5);
    assert_eq!((row.read_seq, row.unread), (Seq(8), 2));
    told(&mut row, Seq(9), 1);
    assert_eq!((row.read_seq, row.unread), (Seq(9), 1));
}

#[test]
fn a_description_brings_news_and_keeps_what_is_further_here() {
    let mut row = summary(10, 8, 2);
    merge(&mut row, summary(12, 4, 8));
    assert_eq!(
        (row.last_seq, row.read_seq, row.unread),
        (Seq(12), Seq(8), 4)
    );
    let mut row = summary(10, 8, 2);
    merge(&mut row, summary(9, 9, 0));
    assert_eq!(
        (row.last_seq, row.read_seq, row.unread),
        (Seq(10), Seq(9), 1)
    );
}

#[test]
fn reading_takes_eyes_on_the_end() {
    let seen = Attention {
        visible: true,
        focused: true,
        at_end: true,
    };
    assert_eq!(mark_read(seen, Seq(5), Seq(3)), Some(Seq(5)));
    assert_eq!(mark_read(seen, Seq(5), Seq(5)), None);
    for attention in [
        Attention {
            visible: false,
            ..seen
        },
        Attention {
            focused: false,
            ..seen
        },
        Attention {
            at_end: false,
            ..seen
        },
    ] {
        assert_eq!(mark_read(attention, Seq(5), Seq(3)), None);
    }
}
