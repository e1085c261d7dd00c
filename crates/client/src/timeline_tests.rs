use std::collections::BTreeSet;

use proptest::prelude::*;
use protocol::{Content, ConversationId, Marks, SendId, Timestamp};

use super::*;

fn message(seq: u64) -> Message {
    Message {
        conversation: ConversationId::from_bytes([1; 16]),
        seq: Seq(seq),
        author: UserId::from_bytes([u8::try_from(seq % 2).unwrap_or(0); 16]),
        send_id: SendId::from_parts(Timestamp::from_millis(seq), 0),
        sent_at: Timestamp::from_millis(seq),
        content: Content::Unavailable,
        marks: Marks::default(),
    }
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

#[test]
fn what_lies_beyond_a_gap_is_not_shown_before_it_is_filled() {
    let mut timeline = Timeline::default();
    timeline.absorb(page(1, 3));
    assert!(timeline.add(message(6)).shown.is_empty());
    assert!(timeline.add(message(5)).shown.is_empty());
    assert_eq!(places(&timeline), [1, 2, 3]);
    assert_eq!(timeline.gap(), Some((Seq(4), Seq(4))));
    let added = timeline.add(message(4));
    assert_eq!(added.shown, page(4, 6));
    assert_eq!(places(&timeline), [1, 2, 3, 4, 5, 6]);
    assert_eq!(timeline.gap(), None);
}

#[test]
fn a_message_is_taken_once() {
    let mut timeline = Timeline::default();
    timeline.absorb(page(4, 6));
    for seq in 4..=6 {
        assert!(timeline.add(message(seq)).shown.is_empty());
    }
    assert_eq!(timeline.absorb(page(2, 7)).shown.len(), 3);
    assert_eq!(places(&timeline), [2, 3, 4, 5, 6, 7]);
}

#[test]
fn older_pages_come_in_front() {
    let mut timeline = Timeline::default();
    timeline.absorb(page(51, 60));
    assert_eq!(timeline.absorb(page(1, 50)).shown.len(), 50);
    assert_eq!(timeline.base(), Seq::ZERO);
    assert!(timeline.at_start());
    timeline.check_invariants();
}

#[test]
fn a_page_beyond_a_wide_gap_takes_over() {
    let mut timeline = Timeline::default();
    timeline.absorb(page(1, 10));
    timeline.add(message(500));
    let added = timeline.absorb(page(400, 499));
    assert!(added.jumped);
    assert_eq!(added.shown.len(), 101);
    assert_eq!(timeline.base(), Seq(399));
    assert_eq!(timeline.last(), Seq(500));
    // One from before, apart from what is held now, would make a hole.
    assert!(timeline.absorb(page(1, 10)).shown.is_empty());
    timeline.check_invariants();
}

#[test]
fn the_first_readable_message_is_the_start() {
    let mut timeline = Timeline::default();
    timeline.absorb(page(21, 30));
    assert!(!timeline.at_start());
    timeline.set_floor(Seq(20));
    assert!(timeline.at_start());
    let me = UserId::from_bytes([0; 16]);
    assert_eq!(timeline.others_after(Seq::ZERO, me), Some(5));
}

#[test]
fn counting_needs_all_places() {
    let mut timeline = Timeline::default();
    timeline.absorb(page(11, 20));
    let me = UserId::from_bytes([0; 16]);
    assert_eq!(timeline.others_after(Seq(9), me), None);
    assert_eq!(timeline.others_after(Seq(10), me), Some(5));
    assert_eq!(timeline.others_after(Seq(19), me), Some(0));
    assert_eq!(timeline.others_after(Seq(99), me), Some(0));
    timeline.trim(3);
    assert_eq!(timeline.base(), Seq(17));
    assert_eq!(timeline.others_after(Seq(16), me), None);
    assert!(!timeline.at_start());
}

#[test]
fn a_gap_that_cannot_be_filled_is_jumped() {
    let mut timeline = Timeline::default();
    timeline.absorb(page(1, 3));
    timeline.add(message(7));
    timeline.add(message(8));
    let added = timeline.jump_gap();
    assert!(added.jumped);
    assert_eq!(places(&timeline), [7, 8]);
    timeline.check_invariants();
}

proptest! {
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
        let mut timeline = Timeline::default();
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
            for message in &added.shown {
                prop_assert!(held.insert(message.seq), "{:?} twice", message.seq);
            }
            let rows: Vec<Seq> = timeline.rows().filter_map(|row| row.seq).collect();
            prop_assert_eq!(&rows, &held.iter().copied().collect::<Vec<_>>());
        }
    }
}
