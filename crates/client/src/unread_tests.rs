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
    told(&mut row, Seq(5), 5);
    assert_eq!((row.read_seq, row.unread), (Seq(8), 2));
    told(&mut row, Seq(9), 1);
    assert_eq!((row.read_seq, row.unread), (Seq(9), 1));
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
