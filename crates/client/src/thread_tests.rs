use protocol::{Answers, ChangeKind, Marks};

use super::*;
use crate::Delivery;
use crate::fixtures::*;

const ROOT: u64 = 3;

/// An answer under the root.
fn answer(seq: u64) -> Message {
    Message {
        marks: Marks {
            thread: Some(Thread::Under(Seq(ROOT))),
            ..Marks::default()
        },
        ..message(seq, THEM)
    }
}

/// The root as it is with so many answers, up to a place.
fn root(count: u32, last: u64) -> Message {
    let answers = Answers {
        count,
        last: Seq(last),
        last_at: at(last),
        authors: vec![user(THEM)],
    };
    Message {
        marks: Marks {
            version: Seq(last),
            thread: Some(Thread::Root(Box::new(answers))),
            ..Marks::default()
        },
        ..message(ROOT, ME)
    }
}

fn page(root: Message, answers: &[u64], more: bool, last_seq: u64) -> ThreadPage {
    ThreadPage {
        conversation: here(),
        root: Seq(ROOT),
        message: Some(root),
        answers: answers.iter().map(|seq| answer(*seq)).collect(),
        more,
        last_seq: Seq(last_seq),
    }
}

/// A run that ends with these entries.
fn newest(entries: Vec<Message>) -> Timeline {
    let mut run = Timeline::new(here(), user(ME));
    run.absorb(entries);
    run
}

fn places(run: &ThreadRun) -> Vec<u64> {
    run.rows().map(|row| row.seq.unwrap().0).collect()
}

fn count(run: &ThreadRun) -> u32 {
    match &run.top.as_ref().unwrap().marks.thread {
        Some(Thread::Root(answers)) => answers.count,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_page_is_brought_up_to_what_the_newest_run_knows() {
    // It was read when place 20 was the newest.
    let delete = change(22, THEM, 10, ChangeKind::Delete);
    let newest = newest(vec![message(20, THEM), answer(21), delete, answer(23)]);
    let mut run = ThreadRun::new(Seq(ROOT));
    assert!(!run.state().loaded);
    run.arrived(None, page(root(2, 12), &[10, 12], false, 20), &newest);
    assert_eq!(places(&run), [3, 10, 12, 21, 23]);
    assert_eq!(run.entry(Seq(10)).unwrap().content, Content::Deleted);
    assert_eq!((count(&run), run.newest()), (4, Seq(23)));
    assert!(run.state().loaded && !run.state().stale);
}

#[test]
fn what_happens_meanwhile_is_in_it_once() {
    let mut log = newest(vec![message(12, THEM)]);
    let mut run = ThreadRun::new(Seq(ROOT));
    run.follow_all(&[answer(12)], &log);
    assert_eq!(places(&run), [0; 0], "nothing is known of it yet");
    run.arrived(None, page(root(1, 10), &[10], false, 12), &log);
    let other = Message {
        marks: Marks {
            thread: Some(Thread::Under(Seq(4))),
            ..Marks::default()
        },
        ..message(14, THEM)
    };
    for entry in [answer(13), other, edit_of(15, 10)] {
        let added = log.add(entry);
        for _ in 0..2 {
            run.follow_all(&added.placed, &log);
        }
    }
    assert_eq!(places(&run), [3, 10, 13]);
    assert_eq!(count(&run), 2);
    let words = run.entry(Seq(10)).unwrap().content.words().unwrap();
    assert_eq!(words, "better");
}

fn edit_of(seq: u64, target: u64) -> Message {
    change(seq, THEM, target, edit("better"))
}

#[test]
fn older_answers_are_put_before_and_nothing_is_left_out_between() {
    let log = newest(vec![message(50, THEM)]);
    let mut run = ThreadRun::new(Seq(ROOT));
    run.arrived(None, page(root(4, 40), &[30, 40], true, 50), &log);
    assert_eq!(run.state().more_before, Some(Seq(30)));
    // Older entries of the log are read: one of the thread is among them, with others before it
    // that are not held.
    run.follow_all(&[answer(20)], &log);
    assert_eq!(places(&run), [3, 30, 40]);
    // An answer to another question.
    run.arrived(Some(Seq(40)), page(root(4, 40), &[7], false, 50), &log);
    assert_eq!(places(&run), [3, 30, 40]);
    run.arrived(Some(Seq(30)), page(root(4, 40), &[10, 20], false, 50), &log);
    assert_eq!(places(&run), [3, 10, 20, 30, 40]);
    assert_eq!(run.state().more_before, None);
}

#[test]
fn what_was_jumped_over_is_read_again_and_what_is_apart_is_let_go() {
    let log = newest(vec![message(50, THEM)]);
    let mut run = ThreadRun::new(Seq(ROOT));
    run.doubt();
    assert!(!run.state().stale, "there is nothing to doubt");
    run.arrived(None, page(root(2, 40), &[30, 40], false, 50), &log);
    run.doubt();
    assert!(run.state().stale);
    // Still older than what the newest run begins with.
    let later = newest(vec![message(900, THEM)]);
    let again = page(root(90, 700), &[600, 700], true, 800);
    run.arrived(None, again.clone(), &later);
    assert_eq!(places(&run), [3, 600, 700]);
    assert!(run.state().stale);
    let again = ThreadPage {
        last_seq: Seq(899),
        ..again
    };
    run.arrived(None, again, &later);
    assert!(!run.state().stale);
    assert_eq!(run.state().more_before, Some(Seq(600)));
}

#[test]
fn earlier_answers_do_not_make_what_was_jumped_over_known() {
    let log = newest(vec![message(50, THEM)]);
    let mut run = ThreadRun::new(Seq(ROOT));
    run.arrived(None, page(root(4, 40), &[30, 40], true, 50), &log);
    let later = newest(vec![message(900, THEM)]);
    run.doubt();
    run.arrived(
        Some(Seq(30)),
        page(root(90, 700), &[10], false, 900),
        &later,
    );
    assert_eq!(places(&run), [3, 10, 30, 40]);
    assert!(run.state().stale, "600 is missing");
}

#[test]
fn what_was_folded_over_a_jump_does_not_win_over_the_page() {
    let log = newest(vec![message(50, THEM)]);
    let mut run = ThreadRun::new(Seq(ROOT));
    run.arrived(None, page(root(2, 40), &[30, 40], false, 50), &log);
    run.doubt();
    let mut later = newest(vec![message(900, THEM)]);
    later.absorb(vec![answer(901)]);
    run.follow_all(&[answer(901)], &later);
    assert_eq!(count(&run), 3, "as far as is known");
    run.arrived(None, page(root(90, 700), &[600, 700], true, 900), &later);
    assert_eq!(places(&run), [3, 600, 700, 901]);
    assert_eq!((count(&run), run.newest()), (91, Seq(901)));
    assert!(!run.state().stale);
}

#[test]
fn a_page_that_is_older_than_what_is_held_changes_nothing() {
    let log = newest(vec![message(12, THEM), answer(13)]);
    let mut run = ThreadRun::new(Seq(ROOT));
    run.arrived(None, page(root(1, 10), &[10], false, 12), &log);
    run.arrived(None, page(root(1, 10), &[10], false, 12), &log);
    assert_eq!((places(&run), count(&run)), (vec![3, 10, 13], 2));
}

#[test]
fn how_many_are_held_is_bounded() {
    let log = newest(vec![message(9, THEM)]);
    let mut run = ThreadRun::new(Seq(ROOT));
    run.arrived(None, page(root(0, 9), &[], false, 9), &log);
    let most = MOST_ANSWERS as u64;
    let many: Vec<_> = (10..most + 30).map(answer).collect();
    run.follow_all(&many, &log);
    assert_eq!(run.answers.len(), MOST_ANSWERS);
    assert_eq!(run.state().more_before, Some(Seq(30)));
}

#[test]
fn own_answers_are_read_as_far_as_the_other_one_has() {
    let log = newest(vec![message(50, THEM)]);
    let mut run = ThreadRun::new(Seq(ROOT));
    run.arrived(None, page(root(2, 40), &[30], false, 50), &log);
    assert!(run.set_reached(reached(30), user(ME)));
    assert_eq!(run.top.as_ref().unwrap().delivery, Delivery::Read);
    assert!(!run.set_reached(reached(40), user(ME)));
}
