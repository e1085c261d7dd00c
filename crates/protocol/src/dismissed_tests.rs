use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{Change, MessageBody, Notice, Origin, Text, Thread, Timestamp, UserId};

const ME: UserId = UserId::from_bytes([1; 16]);

fn dismissed(places: &[u64]) -> Dismissed {
    let mut it = Dismissed::default();
    for seq in places {
        it.apply(Seq(*seq), Dismissal::This).unwrap();
    }
    it
}

fn entry(seq: u64, content: Content) -> Message {
    crate::fixtures::message(seq, ME, content)
}

fn text(seq: u64) -> Message {
    let body = MessageBody::parse("not for me").unwrap();
    entry(seq, Content::Text(Text::from(body)))
}

proptest! {
    /// Whatever is done in whatever order: it is the set that a plain set would be, in runs that
    /// neither touch nor cross.
    #[test]
    fn is_a_set(steps in prop::collection::vec((0..40u64, 0..8u8), 0..80)) {
        let mut it = Dismissed::default();
        let mut plain = BTreeSet::new();
        let mut floor = 0;
        for (seq, what) in steps {
            let dismissal = match what {
                0 => Dismissal::ThisAndBefore,
                1..=3 => Dismissal::Show,
                _ => Dismissal::This,
            };
            let before = plain.clone();
            match dismissal {
                Dismissal::This if seq > 0 => { plain.insert(seq); }
                Dismissal::ThisAndBefore => {
                    plain.extend(1..=seq);
                    floor = it.up_to().0.max(seq);
                }
                Dismissal::Show if seq > it.up_to().0 => { plain.remove(&seq); }
                _ => {}
            }
            let changed = it.apply(Seq(seq), dismissal).unwrap();
            let all: BTreeSet<u64> = (0..100).filter(|seq| it.contains(Seq(*seq))).collect();
            prop_assert_eq!(&all, &plain);
            prop_assert!(changed || before == plain);
            prop_assert!(it.up_to() >= Seq(floor));
            prop_assert_eq!(it.is_empty(), plain.is_empty());
            let mut end = it.up_to();
            for (first, last) in &it.runs {
                prop_assert!(first <= last && (*first > end.next() || end == Seq::ZERO));
                end = *last;
            }
        }
    }
}

#[test]
fn there_is_room_for_so_many_runs_and_clearing_makes_room() {
    let every_other: Vec<u64> = (1..=DISMISSED_RUNS as u64).map(|n| 2 * n).collect();
    let mut it = dismissed(&every_other);
    let full = it.clone();
    assert_eq!(
        it.apply(Seq(1_000_000), Dismissal::This),
        Err(ErrorCode::TooMany)
    );
    assert_eq!(it, full, "nothing has changed");
    assert_eq!(it.apply(Seq(2), Dismissal::This), Ok(false), "a repetition");
    assert_eq!(
        it.apply(Seq(3), Dismissal::This),
        Ok(true),
        "two become one"
    );
    assert_eq!(it.apply(Seq(1_000_000), Dismissal::This), Ok(true));
    assert_eq!(it.apply(Seq(999_999), Dismissal::ThisAndBefore), Ok(true));
    assert_eq!(it.runs, []);
    assert_eq!(it.up_to(), Seq(1_000_000));
}

#[test]
fn a_full_set_fits_into_a_frame() {
    let last = u64::from(u32::MAX);
    let runs = (0..DISMISSED_RUNS as u64).map(|n| (Seq(last + 2 * n), Seq(last + 2 * n)));
    let full = Dismissed {
        up_to: Seq(last - 10),
        runs: runs.collect(),
    };
    let json = crate::Codec::Json.encode(&full).unwrap();
    assert!(
        json.len() * 5 < crate::limits::FRAME_BYTES * 4,
        "{}",
        json.len()
    );
}

#[test]
fn what_is_dismissed_says_nothing_and_keeps_its_place() {
    let mut message = text(3);
    message.marks.pinned = true;
    message.marks.version = Seq(9);
    message.marks.thread = Some(Thread::Under(Seq(1)));
    let whole = message.clone();
    assert!(!message.dismiss(&dismissed(&[2, 4])));
    assert_eq!(message, whole);
    assert!(message.dismiss(&dismissed(&[3])));
    assert!(!message.dismiss(&dismissed(&[3])), "only once");
    assert_eq!(message.content, Content::Dismissed);
    assert_eq!(
        message.marks,
        Marks {
            version: Seq(9),
            ..Marks::default()
        }
    );
    assert!(!message.content.counts() && !message.content.is_said());
    assert_eq!(message.root(), None, "nobody answers it");

    // What others do to it later changes nothing.
    let origin = Origin {
        seq: Seq(10),
        author: ME,
        at: Timestamp::from_millis(2),
    };
    message.fold(origin, &ChangeKind::Delete);
    assert_eq!(message.content, Content::Dismissed);
}

#[test]
fn a_notice_goes_too_and_an_edit_loses_its_words() {
    let mut notice = entry(3, Content::Notice(Notice::Left { successor: None }));
    assert!(notice.dismiss(&dismissed(&[3])));
    let kind = ChangeKind::Edit(MessageBody::parse("other words").unwrap());
    let target = Seq(3);
    let mut edit = entry(5, Content::Change(Change { target, kind }));
    assert!(!edit.dismiss(&dismissed(&[5])), "an edit is no message");
    assert!(edit.dismiss(&dismissed(&[3])));
    let kind = ChangeKind::Withdrawn;
    assert_eq!(edit.content, Content::Change(Change { target, kind }));
}

#[test]
fn answers_that_are_dismissed_do_not_count_and_count_again() {
    let by = |seq| Origin {
        seq: Seq(seq),
        author: ME,
        at: Timestamp::from_millis(seq),
    };
    let mut root = text(1);
    root.answered(by(2));
    root.answered(by(3));
    let whole = root.clone();
    root.uncount_answers(1);
    let count = |root: &Message| match &root.marks.thread {
        Some(Thread::Root(answers)) => answers.count,
        _ => 0,
    };
    assert_eq!(count(&root), 1);
    root.recount_answer(by(2));
    assert_eq!(root, whole);
    root.uncount_answers(2);
    assert_eq!(root.marks.thread, None);
    root.recount_answer(by(3));
    assert_eq!(count(&root), 1);
    assert_eq!(root.marks.version, Seq(3));
}

/// An answer of somebody.
fn answer(seq: u64, author: u8) -> Origin {
    Origin {
        seq: Seq(seq),
        author: UserId::from_bytes([author; 16]),
        at: Timestamp::from_millis(seq),
    }
}

#[test]
fn a_root_whose_answers_were_all_dismissed_says_the_same_when_they_are_back() {
    let answers = [answer(2, 7), answer(3, 8), answer(4, 7)];
    let mut root = text(1);
    for answer in answers {
        root.answered(answer);
    }
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let mut again = root.clone();
        again.uncount_answers(3);
        assert_eq!(again.marks.thread, None);
        for at in order {
            again.recount_answer(answers[at]);
        }
        assert_eq!(again, root, "{order:?}");
    }
}

#[test]
fn an_older_answer_that_is_back_names_nobody_where_enough_are() {
    let mut root = text(1);
    for (seq, author) in [(2, 5), (3, 6), (4, 7), (5, 8)] {
        root.answered(answer(seq, author));
    }
    let whole = root.clone();
    root.uncount_answers(1);
    root.recount_answer(answer(2, 5));
    assert_eq!(root, whole);
}
