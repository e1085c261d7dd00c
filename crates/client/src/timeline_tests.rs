use std::collections::BTreeSet;

use proptest::prelude::*;

use protocol::{ChangeKind, Content};

use super::*;
use crate::fixtures::{
    Deed, Log, ME, THEM, change, edit, entry, here, message as text, reached, react, user,
};

/// Every other one is by me.
fn message(seq: u64) -> Message {
    text(seq, u8::try_from(seq % 2).unwrap())
}

fn new_timeline() -> Timeline {
    Timeline::new(here(), user(0))
}

fn page(from: u64, to: u64) -> Vec<Message> {
    (from..=to).map(message).collect()
}

fn places(timeline: &Timeline) -> Vec<u64> {
    timeline
        .rows()
        .filter_map(|row| row.seq.map(|seq| seq.0))
        .collect()
}

fn others(timeline: &Timeline, after: Seq) -> Option<usize> {
    timeline.others_after(after).map(Iterator::count)
}

#[test]
fn what_lies_beyond_a_gap_is_not_shown_before_it_is_filled() {
    let mut timeline = new_timeline();
    timeline.absorb(page(1, 3));
    assert!(timeline.add(message(6)).placed.is_empty());
    assert!(timeline.add(message(5)).placed.is_empty());
    assert_eq!(places(&timeline), [1, 2, 3]);
    assert_eq!(timeline.gap(), Some((Seq(4), Seq(4))));
    let added = timeline.add(message(4));
    assert_eq!(added.placed, page(4, 6));
    assert_eq!(places(&timeline), [1, 2, 3, 4, 5, 6]);
    assert_eq!(timeline.gap(), None);
}

#[test]
fn a_message_is_taken_once() {
    let mut timeline = new_timeline();
    timeline.absorb(page(4, 6));
    for seq in 4..=6 {
        assert!(timeline.add(message(seq)).placed.is_empty());
    }
    assert_eq!(timeline.absorb(page(2, 7)).placed.len(), 3);
    assert_eq!(places(&timeline), [2, 3, 4, 5, 6, 7]);
}

#[test]
fn older_pages_come_in_front() {
    let mut timeline = new_timeline();
    timeline.absorb(page(51, 60));
    assert_eq!(timeline.absorb(page(1, 50)).placed.len(), 50);
    assert_eq!(timeline.base(), Seq::ZERO);
    assert!(timeline.at_start());
    timeline.check_invariants();
}

#[test]
fn a_page_beyond_a_wide_gap_takes_over() {
    let mut timeline = new_timeline();
    timeline.absorb(page(1, 10));
    timeline.add(message(500));
    let added = timeline.absorb(page(400, 499));
    assert!(added.jumped);
    assert_eq!(added.placed.len(), 101);
    assert_eq!(timeline.base(), Seq(399));
    assert_eq!(timeline.last(), Seq(500));
    // One from before, apart from what is held now, would make a hole.
    assert!(timeline.absorb(page(1, 10)).placed.is_empty());
    timeline.check_invariants();
}

#[test]
fn the_first_readable_message_is_the_start() {
    let mut timeline = new_timeline();
    timeline.absorb(page(21, 30));
    assert!(!timeline.at_start());
    timeline.set_floor(Seq(20));
    assert!(timeline.at_start());
    assert_eq!(others(&timeline, Seq::ZERO), Some(5));
}

#[test]
fn counting_needs_all_places() {
    let mut timeline = new_timeline();
    timeline.absorb(page(11, 20));
    assert_eq!(others(&timeline, Seq(9)), None);
    assert_eq!(others(&timeline, Seq(10)), Some(5));
    assert_eq!(others(&timeline, Seq(19)), Some(0));
    assert_eq!(others(&timeline, Seq(99)), Some(0));
    timeline.trim(3);
    assert_eq!(timeline.base(), Seq(17));
    assert_eq!(others(&timeline, Seq(16)), None);
    assert!(!timeline.at_start());
}

#[test]
fn a_gap_that_cannot_be_filled_is_jumped() {
    let mut timeline = new_timeline();
    timeline.absorb(page(1, 3));
    timeline.add(message(7));
    timeline.add(message(8));
    let added = timeline.jump_gap();
    assert!(added.jumped);
    assert_eq!(places(&timeline), [7, 8]);
    timeline.check_invariants();
}

fn entries(timeline: &Timeline) -> Vec<Message> {
    let entries = timeline.entries();
    entries.filter_map(|row| row.entry(here())).collect()
}

/// Entries in the order in which they are appended.
fn log(entries: impl IntoIterator<Item = Message>) -> Log {
    let mut log = Log::default();
    for entry in entries {
        log.append(entry);
    }
    log
}

#[test]
fn a_change_takes_its_place_and_is_not_shown() {
    let mut timeline = new_timeline();
    timeline.absorb(vec![text(1, ME), text(2, THEM)]);
    let added = timeline.add(change(3, ME, 1, edit("after")));
    assert_eq!(timeline.last(), Seq(3));
    assert_eq!(places(&timeline), [1, 2]);
    let row = timeline.entry(Seq(1)).unwrap();
    assert_eq!(row.content.body().unwrap().as_str(), "after");
    assert_eq!(row.marks.version, Seq(3));
    let changed: Vec<Seq> = added.changed.iter().map(|it| it.seq).collect();
    assert_eq!((added.placed.len(), changed), (1, vec![Seq(1)]));
    // Heard again it does nothing.
    let again = timeline.add(change(3, ME, 1, edit("after")));
    assert!(again.placed.is_empty() && again.changed.is_empty());
}

#[test]
fn what_is_held_back_is_folded_when_it_comes_in() {
    let history = log([
        text(1, ME),
        text(2, THEM),
        change(3, ME, 1, edit("once")),
        change(4, THEM, 2, react("👍", true)),
        text(5, ME),
        change(6, ME, 1, edit("twice")),
        change(7, ME, 5, ChangeKind::Pin(true)),
    ]);
    let mut timeline = new_timeline();
    timeline.absorb(vec![text(1, ME)]);
    for entry in history.appended.iter().rev().take(5) {
        assert!(timeline.add(entry.clone()).changed.is_empty());
    }
    assert_eq!(timeline.gap(), Some((Seq(2), Seq(2))));
    timeline.add(text(2, THEM));
    assert_eq!(entries(&timeline), history.entries);
}

#[test]
fn a_page_read_before_a_change_that_is_here_gets_it() {
    let mut history = log([text(1, ME), text(2, THEM)]);
    let page = history.page(1, 2);
    let edits = [
        change(3, ME, 1, edit("after")),
        change(4, THEM, 2, ChangeKind::Delete),
    ];
    let mut timeline = new_timeline();
    for entry in edits {
        timeline.add(history.append(entry).clone());
    }
    let added = timeline.absorb(page);
    assert_eq!(entries(&timeline), history.entries);
    assert_eq!(added.placed, history.page(1, 2), "as they are now");
}

#[test]
fn what_a_page_has_in_it_already_is_passed_over() {
    let mut history = log([text(1, ME)]);
    history.append(change(2, THEM, 1, react("👍", true)));
    history.append(change(3, THEM, 1, react("👍", false)));
    let mut timeline = new_timeline();
    timeline.absorb(history.page(1, 1));
    // The first of them alone would show a reaction that is gone.
    timeline.add(history.appended[1].clone());
    assert_eq!(timeline.entry(Seq(1)).unwrap().marks.reaction_count(), 0);
    timeline.add(history.appended[2].clone());
    assert_eq!(entries(&timeline), history.entries);
}

#[test]
fn deletion_takes_the_texts_of_edits_with_it() {
    let mut timeline = new_timeline();
    timeline.absorb(vec![text(3, ME), change(4, ME, 3, edit("secret"))]);
    let added = timeline.add(change(5, ME, 3, ChangeKind::Delete));
    let left = format!("{:?}", entries(&timeline));
    assert!(!left.contains("secret"), "{left}");
    let changed: Vec<Seq> = added.changed.iter().map(|it| it.seq).collect();
    assert_eq!(changed, [Seq(3), Seq(4)]);
    // Also where the message itself is not held.
    timeline.add(change(6, ME, 1, edit("secret")));
    timeline.add(change(7, ME, 1, ChangeKind::Delete));
    let left = format!("{:?}", entries(&timeline));
    assert!(!left.contains("secret"), "{left}");
}

#[test]
fn only_messages_of_others_count() {
    let mut timeline = new_timeline();
    let history = log([
        text(1, THEM),
        change(2, THEM, 1, edit("after")),
        entry(3, THEM, Content::Unavailable),
        text(4, THEM),
        change(5, THEM, 4, ChangeKind::Delete),
        text(6, 0),
    ]);
    timeline.absorb(history.page(1, 6));
    assert_eq!(others(&timeline, Seq(0)), Some(3));
    assert_eq!(others(&timeline, Seq(3)), Some(1));
}

#[test]
fn rows_are_counted_as_far_as_wanted() {
    let mut timeline = new_timeline();
    timeline.absorb(vec![text(1, ME), change(2, ME, 1, edit("x")), text(3, ME)]);
    assert!(timeline.has_rows(2));
    assert!(!timeline.has_rows(3));
}

#[test]
fn what_the_other_one_has_read_is_marked_and_stays_so() {
    let read = |timeline: &Timeline| -> Vec<bool> {
        let rows = timeline.rows();
        rows.map(|row| row.delivery == Delivery::Read).collect()
    };
    let mut timeline = Timeline::new(here(), user(ME));
    timeline.absorb(vec![text(2, ME), text(3, THEM), text(4, ME)]);
    assert!(timeline.set_reached(reached(3)));
    assert_eq!(read(&timeline), [true, false, false]);
    assert!(!timeline.set_reached(reached(2)));
    assert!(timeline.set_reached(reached(5)));
    timeline.absorb(vec![text(1, ME)]);
    timeline.add(text(5, ME));
    timeline.add(text(6, ME));
    assert_eq!(read(&timeline), [true, true, false, true, true, false]);
}

#[test]
fn a_cut_page_of_a_gap_is_held_back_until_the_rest_comes() {
    let mut timeline = new_timeline();
    timeline.absorb(page(1, 3));
    assert!(timeline.is_beyond_gap(&page(7, 8)));
    assert!(!timeline.is_beyond_gap(&page(4, 8)));
    assert!(timeline.hold_back(page(7, 8)).placed.is_empty());
    assert_eq!(timeline.gap(), Some((Seq(4), Seq(6))));
    assert_eq!(timeline.hold_back(page(4, 6)).placed, page(4, 8));
}

/// What happens to a log and to a client of it.
#[derive(Clone, Debug)]
enum Step {
    Happen(u8, Deed, usize),
    /// An entry arrives, as it was appended or as it is now.
    Arrive(usize, bool),
    /// A page is read, to arrive later.
    Read(usize, usize),
    /// One that was read arrives.
    Page(usize),
    Trim(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => Just(Deed::Say),
        2 => Just(Deed::Edit),
        1 => Just(Deed::Delete),
        2 => any::<bool>().prop_map(Deed::React),
        1 => any::<bool>().prop_map(Deed::Pin),
        1 => Just(Deed::Rename),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let place = 0..60_usize;
    prop_oneof![
        6 => (0..3_u8, deed(), 0..60_usize).prop_map(|(who, deed, at)| Step::Happen(who, deed, at)),
        6 => (place.clone(), any::<bool>()).prop_map(|(at, now)| Step::Arrive(at, now)),
        3 => (place, 0..20_usize).prop_map(|(from, more)| Step::Read(from, more)),
        3 => any::<usize>().prop_map(Step::Page),
        1 => (1..40_usize).prop_map(Step::Trim),
    ]
}

/// The rows of a timeline are what the log says, as far as the timeline has come. A row may be
/// further, where a page has brought it as it is now. One that is deleted by now may say any of
/// what it said until the deletion arrives, for the edits between have lost their texts.
fn check_rows(timeline: &Timeline, log: &Log) -> Result<(), TestCaseError> {
    timeline.check_invariants();
    let last = timeline.last().0;
    let then = log.after(last);
    for row in timeline.rows() {
        let seq = row.seq.unwrap();
        let now = &log.page(seq.0, seq.0)[0];
        if now.content == Content::Deleted && now.marks.version.0 > last {
            continue;
        }
        let expected = if row.marks.version.0 > last {
            log.after(row.marks.version.0).page(seq.0, seq.0)
        } else {
            then.page(seq.0, seq.0)
        };
        prop_assert_eq!(row.entry(here()), expected.into_iter().next());
    }
    Ok(())
}

proptest! {
    /// Folding entry by entry comes to what a fresh page brings.
    #[test]
    fn folding_is_like_reading_anew(
        deeds in prop::collection::vec((0..3_u8, deed(), 0..60_usize), 1..60),
    ) {
        let mut log = Log::default();
        let mut timeline = new_timeline();
        for (who, deed, target) in deeds {
            timeline.add(log.happen(who, deed, target).clone());
            prop_assert_eq!(entries(&timeline), log.entries.clone());
        }
        let mut fresh = new_timeline();
        fresh.absorb(log.page(1, log.last()));
        prop_assert_eq!(entries(&fresh), entries(&timeline));
    }

    /// In whatever order entries and pages arrive, however old they are: what is shown is what
    /// the log says, and when everything has come it is all there.
    #[test]
    fn any_order_of_arrival_comes_to_the_same(steps in prop::collection::vec(step(), 1..120)) {
        let mut log = Log::default();
        let mut timeline = new_timeline();
        let mut under_way = Vec::new();
        for step in steps {
            match step {
                Step::Happen(who, deed, target) => {
                    log.happen(who, deed, target);
                }
                Step::Arrive(at, now) => {
                    let list = if now { &log.entries } else { &log.appended };
                    if let Some(entry) = list.get(at) {
                        timeline.add(entry.clone());
                    }
                }
                Step::Read(from, more) => {
                    let (from, more) = (from as u64, more as u64);
                    under_way.push(log.page(from, from + more));
                }
                Step::Page(which) if !under_way.is_empty() => {
                    let page = under_way.remove(which % under_way.len());
                    timeline.absorb(page);
                }
                Step::Page(_) => {}
                Step::Trim(most) => {
                    timeline.trim(most);
                }
            }
            check_rows(&timeline, &log)?;
        }
        for entry in &log.appended {
            timeline.add(entry.clone());
        }
        while let Some((from, to)) = timeline.gap() {
            timeline.absorb(log.page(from.0, to.0));
        }
        timeline.absorb(log.page(1, timeline.base().0));
        prop_assert_eq!(entries(&timeline), log.entries);
    }

    /// Any mixture of arrivals and pages keeps the run dense, shows nothing twice and loses
    /// nothing that arrived next to it.
    #[test]
    fn always_consecutive(steps in prop::collection::vec(
        prop_oneof![
            3 => (1..60_u64).prop_map(|seq| (seq, seq, false)),
            2 => (1..60_u64, 0..20_u64).prop_map(|(from, more)| (from, from + more, true)),
            1 => (0..40_u64).prop_map(|most| (0, most, false)),
        ],
        1..80,
    )) {
        let mut timeline = new_timeline();
        let mut held: BTreeSet<Seq> = BTreeSet::new();
        for (from, to, is_page) in steps {
            let added = if from == 0 {
                timeline.trim(usize::try_from(to).unwrap_or(0));
                Added::default()
            } else if is_page {
                timeline.absorb(page(from, to))
            } else {
                timeline.add(message(from))
            };
            timeline.check_invariants();
            if added.jumped {
                held.clear();
            }
            held.retain(|seq| *seq > timeline.base());
            for message in &added.placed {
                prop_assert!(held.insert(message.seq), "{:?} twice", message.seq);
            }
            let rows: Vec<Seq> = timeline.rows().filter_map(|row| row.seq).collect();
            prop_assert_eq!(&rows, &held.iter().copied().collect::<Vec<_>>());
        }
    }
}
