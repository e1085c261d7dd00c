use super::*;
use crate::fixtures::*;

fn newest(first: u64, last: u64) -> Timeline {
    let mut run = Timeline::new(here(), user(ME));
    run.absorb(page(first, last));
    run
}

fn page(first: u64, last: u64) -> Vec<Message> {
    (first..=last).map(|seq| message(seq, THEM)).collect()
}

/// A window around 500, of 460 to 540, before a newest run that begins with 1,900.
fn window() -> (Window, Timeline) {
    let newest = newest(1_900, 2_000);
    let mut window = Window::new(40);
    window.seek(Seq(500), &newest);
    answer(&mut window, page(460, 540), &newest);
    (window, newest)
}

fn answer(window: &mut Window, messages: Vec<Message>, newest: &Timeline) {
    let (purpose, range) = window.need().unwrap();
    match purpose {
        Purpose::Around(seq) => {
            window.arrived_around(seq, (messages, Seq(2_000)), newest, user(ME));
        }
        purpose => window.arrived(purpose, range, messages, newest),
    }
    if let Some(run) = window.run() {
        run.check_invariants();
        assert!(run.count() <= ROWS_WINDOW);
    }
}

fn extent(window: &Window) -> (u64, u64) {
    let run = window.run().unwrap();
    (run.base().next().0, run.last().0)
}

#[test]
fn one_page_around_the_place_is_asked_for() {
    let newest = newest(1_900, 2_000);
    let mut window = Window::new(40);
    window.seek(Seq(500), &newest);
    assert_eq!(window.sought, Some(Sought::Looking(Seq(500))));
    let around = (Purpose::Around(Seq(500)), (Seq(460), Seq(540)));
    assert_eq!(window.need(), Some(around));
    answer(&mut window, page(460, 540), &newest);
    assert_eq!(window.sought, Some(Sought::Here(Seq(500))));
    assert_eq!(extent(&window), (460, 540));
    assert_eq!(window.need(), None);
}

#[test]
fn places_at_both_ends_of_what_can_be_named_are_no_trouble() {
    let newest = newest(1_900, 2_000);
    for (seq, range) in [(1, (1, 41)), (u64::MAX, (u64::MAX - 40, u64::MAX))] {
        let mut window = Window::new(40);
        window.seek(Seq(seq), &newest);
        let (_, (from, to)) = window.need().unwrap();
        assert_eq!((from.0, to.0), range);
    }
}

#[test]
fn a_place_in_the_newest_run_needs_no_window() {
    let (mut window, newest) = window();
    window.seek(Seq(1_950), &newest);
    assert_eq!(window.sought, Some(Sought::Here(Seq(1_950))));
    assert!(!window.is_shown());
    assert_eq!(window.need(), None);
}

#[test]
fn a_place_in_the_window_is_there_already() {
    let (mut window, newest) = window();
    window.seek(Seq(470), &newest);
    assert_eq!(window.sought, Some(Sought::Here(Seq(470))));
    assert_eq!(extent(&window), (460, 540));
}

#[test]
fn what_did_not_fit_into_one_page_is_asked_for_alone() {
    let newest = newest(1_900, 2_000);
    let mut window = Window::new(40);
    window.seek(Seq(500), &newest);
    answer(&mut window, page(510, 540), &newest);
    let alone = (Purpose::Around(Seq(500)), (Seq(500), Seq(500)));
    assert_eq!(window.need(), Some(alone));
    answer(&mut window, page(500, 500), &newest);
    assert_eq!(window.sought, Some(Sought::Here(Seq(500))));
    assert_eq!(extent(&window), (500, 500));
}

#[test]
fn a_place_that_is_not_there_says_why() {
    let newest = newest(1_900, 2_000);
    let react = |seq| change(seq, THEM, 3, react("👍", true));
    for (seq, pages, absence) in [
        // Before one's joining: nothing, or only what came after it.
        (500, vec![vec![]], Absence::BeforeJoining),
        (500, vec![page(520, 540), vec![]], Absence::BeforeJoining),
        (2_005, vec![page(1_965, 2_000)], Absence::NoMessage),
        (9_000, vec![vec![]], Absence::NoMessage),
        (500, vec![vec![react(500)]], Absence::NoMessage),
    ] {
        let mut window = Window::new(40);
        window.seek(Seq(seq), &newest);
        for page in pages {
            answer(&mut window, page, &newest);
        }
        let expected = Some(Sought::Missing(Seq(seq), absence));
        assert_eq!(window.sought, expected);
        assert_eq!(window.need(), None);
        assert!(!window.is_shown());
    }
}

#[test]
fn a_place_that_does_not_come_is_given_up() {
    let newest = newest(1_900, 2_000);
    let mut window = Window::new(40);
    window.seek(Seq(500), &newest);
    window.failed(Purpose::Around(Seq(400)), true);
    assert_eq!(window.sought, Some(Sought::Looking(Seq(500))));
    window.failed(Purpose::Around(Seq(500)), false);
    let missing = Sought::Missing(Seq(500), Absence::NotLoaded);
    assert_eq!(window.sought, Some(missing));
    assert_eq!(window.need(), None);
}

#[test]
fn an_answer_for_a_place_that_nobody_looks_for_any_more_is_dropped() {
    let newest = newest(1_900, 2_000);
    let mut window = Window::new(40);
    window.seek(Seq(500), &newest);
    window.seek(Seq(900), &newest);
    window.arrived_around(Seq(500), (page(460, 540), Seq(2_000)), &newest, user(ME));
    assert!(!window.is_shown());
    assert_eq!(window.sought, Some(Sought::Looking(Seq(900))));
}

#[test]
fn both_ends_grow_and_what_is_held_stays_bounded() {
    let (mut window, newest) = window();
    window.want(Purpose::WindowOlder);
    let older = (Purpose::WindowOlder, (Seq(360), Seq(459)));
    assert_eq!(window.need(), Some(older));
    answer(&mut window, page(360, 459), &newest);
    assert_eq!(extent(&window), (360, 540));
    for _ in 0..10 {
        window.want(Purpose::WindowNewer);
        let (purpose, (from, to)) = window.need().unwrap();
        assert_eq!(purpose, Purpose::WindowNewer);
        answer(&mut window, page(from.0, to.0), &newest);
    }
    assert_eq!(extent(&window), (541, 1_540));
    for _ in 0..3 {
        window.want(Purpose::WindowOlder);
        let (_, (from, to)) = window.need().unwrap();
        answer(&mut window, page(from.0, to.0), &newest);
    }
    assert_eq!(extent(&window), (241, 1_240));
}

#[test]
fn a_page_of_changes_only_goes_on() {
    let (mut window, newest) = window();
    let changes = |from: u64, to: u64| {
        let change = |seq| change(seq, THEM, 1, react("👍", true));
        (from..=to).map(change).collect::<Vec<_>>()
    };
    window.want(Purpose::WindowOlder);
    answer(&mut window, changes(360, 459), &newest);
    assert_eq!(
        window.need(),
        Some((Purpose::WindowOlder, (Seq(260), Seq(359))))
    );
    answer(&mut window, page(260, 359), &newest);
    assert_eq!(window.need(), None);
}

#[test]
fn a_newer_page_that_was_cut_leaves_no_gap() {
    let (mut window, newest) = window();
    window.want(Purpose::WindowNewer);
    answer(&mut window, page(600, 640), &newest);
    assert_eq!(extent(&window), (460, 540));
    let gap = (Purpose::WindowNewer, (Seq(541), Seq(599)));
    assert_eq!(window.need(), Some(gap));
    answer(&mut window, page(541, 599), &newest);
    assert_eq!(extent(&window), (460, 640));
    assert_eq!(window.need(), None);
}

#[test]
fn whoever_has_left_is_back_without_asking() {
    let (mut window, newest) = window();
    window.leave();
    assert!(!window.is_shown());
    assert_eq!((window.sought, window.need()), (None, None));
    // What changes meanwhile changes there.
    assert!(window.follow(&[change(2_001, THEM, 500, edit("another text"))]));
    window.seek(Seq(500), &newest);
    assert!(window.is_shown());
    assert_eq!(window.sought, Some(Sought::Here(Seq(500))));
    let row = window.run().unwrap().entry(Seq(500)).unwrap();
    assert_eq!(row.content.body().unwrap().as_str(), "another text");

    // What may have changed unseen is not kept.
    window.leave();
    window.doubt();
    assert!(window.held().is_none());
}

#[test]
fn nothing_older_is_the_beginning() {
    let (mut window, newest) = window();
    window.want(Purpose::WindowOlder);
    answer(&mut window, vec![], &newest);
    assert!(window.run().unwrap().at_start());
    window.want(Purpose::WindowOlder);
    assert_eq!(window.need(), None);
}

#[test]
fn changes_made_elsewhere_are_seen() {
    let (mut window, _) = window();
    let deed = change(2_001, THEM, 500, edit("another text"));
    assert!(window.follow(std::slice::from_ref(&deed)));
    // Told twice, it is the same.
    assert!(!window.follow(&[deed]));
    assert!(!window.follow(&[change(2_002, THEM, 90, edit("not here"))]));
    let row = window.run().unwrap().entry(Seq(500)).unwrap();
    assert_eq!(row.content.body().unwrap().as_str(), "another text");
}

#[test]
fn a_page_read_before_a_change_that_is_known_is_brought_up_to_it() {
    let mut newest = newest(1_900, 2_000);
    newest.add(change(2_001, THEM, 500, protocol::ChangeKind::Delete));
    newest.add(change(2_002, THEM, 420, edit("later")));
    let mut window = Window::new(40);
    window.seek(Seq(500), &newest);
    answer(&mut window, page(460, 540), &newest);
    let run = window.run().unwrap();
    assert_eq!(run.entry(Seq(500)).unwrap().content, Content::Deleted);
    window.want(Purpose::WindowOlder);
    answer(&mut window, page(360, 459), &newest);
    let row = window.run().unwrap().entry(Seq(420)).unwrap();
    assert_eq!(row.content.body().unwrap().as_str(), "later");
}

#[test]
fn what_may_have_changed_unseen_is_read_again_from_the_end() {
    let (mut window, newest) = window();
    window.want(Purpose::WindowOlder);
    answer(&mut window, page(360, 459), &newest);
    window.doubt();
    assert_eq!(window.need(), Some((Purpose::Again, (Seq(441), Seq(540)))));
    let mut changed = page(441, 540);
    let at_500 = changed.iter_mut().find(|it| it.seq == Seq(500)).unwrap();
    at_500.fold(
        (&change(1_800, THEM, 500, edit("meanwhile"))).into(),
        &edit("meanwhile"),
    );
    answer(&mut window, changed, &newest);
    let row = window.run().unwrap().entry(Seq(500)).unwrap();
    assert_eq!(row.content.body().unwrap().as_str(), "meanwhile");
    // The rest of it comes in a page that was cut.
    let rest = (Purpose::Again, (Seq(360), Seq(440)));
    assert_eq!(window.need(), Some(rest));
    answer(&mut window, page(400, 440), &newest);
    let rest = (Purpose::Again, (Seq(360), Seq(399)));
    assert_eq!(window.need(), Some(rest));
    answer(&mut window, page(360, 399), &newest);
    assert_eq!(window.need(), None);
}

#[test]
fn when_it_meets_the_newest_run_its_entries_go_there() {
    let (mut window, mut newest) = window();
    assert_eq!(window.meet(&newest, Seq(2_000), here()), None);
    for _ in 0..14 {
        window.want(Purpose::WindowNewer);
        let (_, (from, to)) = window.need().unwrap();
        answer(&mut window, page(from.0, to.0.min(2_000)), &newest);
    }
    window.doubt();
    assert_eq!(window.meet(&newest, Seq(2_000), here()), None);
    while window.need().is_some() {
        answer(&mut window, vec![], &newest);
    }
    let entries = window.meet(&newest, Seq(2_000), here()).unwrap();
    assert!(!window.is_shown());
    let first = entries.first().unwrap().seq;
    newest.absorb(entries);
    newest.check_invariants();
    assert_eq!(newest.base().next(), first);
    assert_eq!(newest.last(), Seq(2_000));
}
