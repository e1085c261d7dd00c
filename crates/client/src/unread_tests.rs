use super::*;
use crate::fixtures::*;

#[test]
fn the_cursor_only_moves_forward() {
    let mut row = summary(10, 4, 6);
    assert!(mark(&mut row, Seq(8)));
    assert_eq!(row.unread, 2);
    assert!(!mark(&mut row, Seq(7)));
    assert_eq!(row.read_seq, Seq(8));
    // An answer from before does not move it back.
    told(&mut row, Seq(5), (5, 5));
    assert_eq!((row.read_seq, row.unread, row.mentions), (Seq(8), 2, 0));
    told(&mut row, Seq(9), (1, 1));
    assert_eq!((row.read_seq, row.unread, row.mentions), (Seq(9), 1, 1));
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

fn said(seq: u64, author: u8, words: &str) -> Message {
    entry(seq, author, Content::Text(body(words).into()))
}

#[test]
fn a_message_of_somebody_else_that_mentions_the_reader_is_counted_apart() {
    let mut row = group(4, &[ME, THEM, 3]);
    for (seq, author, words, expected) in [
        (5, THEM, "@user1, chai?", (1, 1)),
        (6, THEM, "@user3, chai?", (2, 1)),
        (7, 3, "@all", (3, 2)),
        (8, ME, "@user1 @all", (3, 2)),
        (9, THEM, "`@user1`", (4, 2)),
    ] {
        arrived(&mut row, &said(seq, author, words), user(ME));
        assert_eq!((row.unread, row.mentions), expected, "{words}");
    }
    // Two people need no word for all of them.
    let mut row = summary(4, 4, 0);
    arrived(&mut row, &said(5, THEM, "@all"), user(ME));
    assert_eq!((row.unread, row.mentions), (1, 0));
}

#[test]
fn nothing_unread_mentions_anybody() {
    let mut row = group(0, &[ME, THEM]);
    for seq in 1..=4 {
        row.last_seq = Seq(seq);
        arrived(&mut row, &said(seq, THEM, "@user1"), user(ME));
    }
    assert!(mark(&mut row, Seq(3)));
    assert_eq!((row.unread, row.mentions), (1, 1));
    assert!(mark(&mut row, Seq(4)));
    assert_eq!((row.unread, row.mentions), (0, 0));
    told(&mut row, Seq(4), (0, 9));
    assert_eq!(row.mentions, 0);
}
