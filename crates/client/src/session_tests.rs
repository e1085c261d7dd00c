use proptest::prelude::*;

use super::*;

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(1_000_000_000 + millis)
}

fn session() -> Session {
    Session::new(1)
}

/// A session that is live at time 0.
fn live() -> Session {
    let mut session = session();
    assert_eq!(session.step(Event::Start, at(0)), [Action::Connect]);
    assert_eq!(session.step(Event::Opened, at(0)), [Action::Hello]);
    assert_eq!(session.step(Event::Welcome, at(0)), []);
    assert_eq!(session.step(Event::Resumed, at(0)), [Action::Live]);
    session
}

fn waits_until(session: &Session) -> Timestamp {
    match session.state() {
        State::Waiting { until } | State::Offline { until } => until,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_failed_upgrade_refreshes_the_session_once() {
    let mut session = session();
    session.step(Event::Start, at(0));
    assert_eq!(session.step(Event::Closed(None), at(1)), [Action::Refresh]);
    assert_eq!(session.step(Event::Refreshed, at(2)), [Action::Connect]);
    assert_eq!(session.step(Event::Closed(None), at(3)), []);
    let until = waits_until(&session);
    assert!(until <= at(1_003));
    assert_eq!(session.step(Event::Tick, until), [Action::Connect]);
}

#[test]
fn a_refused_refresh_is_the_end() {
    let mut session = session();
    session.step(Event::Start, at(0));
    session.step(Event::Closed(None), at(1));
    session.step(Event::Gone(EndReason::SignedOut), at(2));
    assert_eq!(session.state(), State::Ended(EndReason::SignedOut));
    assert_eq!(session.deadline(), None);
    assert_eq!(session.step(Event::NetworkOnline, at(3)), []);
    // Somebody signed in again.
    assert_eq!(session.step(Event::Start, at(4)), [Action::Connect]);
}

#[test]
fn an_unanswered_refresh_only_waits() {
    let mut session = session();
    session.step(Event::Start, at(0));
    session.step(Event::Closed(None), at(1));
    assert_eq!(session.step(Event::RefreshFailed, at(2)), []);
    let until = waits_until(&session);
    session.step(Event::Tick, until);
    // The network may have been the reason; the token may have expired meanwhile.
    assert_eq!(session.step(Event::Closed(None), until), [Action::Refresh]);
}

#[test]
fn silence_asks_and_then_gives_up() {
    let mut session = live();
    session.step(Event::Heard, at(5_000));
    assert_eq!(session.deadline(), Some(at(35_000)));
    assert_eq!(session.step(Event::Tick, at(34_999)), []);
    assert_eq!(session.step(Event::Tick, at(35_000)), [Action::Ping(1)]);
    assert_eq!(session.deadline(), Some(at(45_000)));
    assert_eq!(
        session.step(Event::Tick, at(45_000)),
        [Action::Close, Action::Reset]
    );
    assert!(matches!(session.state(), State::Waiting { .. }));
}

#[test]
fn a_pong_ends_the_doubt() {
    let mut session = live();
    session.step(Event::Tick, at(30_000));
    session.step(Event::Heard, at(39_000));
    assert_eq!(session.deadline(), Some(at(69_000)));
}

#[test]
fn close_codes_decide_what_follows() {
    let mut session = live();
    session.step(Event::Closed(Some(CloseCode::SessionEnded.code())), at(1));
    assert_eq!(session.state(), State::Ended(EndReason::SignedOut));

    let mut session = live();
    session.step(Event::Closed(Some(CloseCode::Replaced.code())), at(1));
    assert_eq!(session.state(), State::Replaced);
    assert_eq!(session.step(Event::Tick, at(900_000)), []);
    assert_eq!(
        session.step(Event::BecameVisible, at(900_000)),
        [Action::Connect]
    );

    for code in [None, Some(1006), Some(CloseCode::Timeout.code())] {
        let mut session = live();
        assert_eq!(session.step(Event::Closed(code), at(1)), [Action::Reset]);
        assert!(waits_until(&session) <= at(1_001));
    }
}

#[test]
fn a_draining_server_says_when_to_come_back() {
    let mut session = live();
    session.step(
        Event::Draining {
            reconnect_after_ms: 4_321,
        },
        at(1),
    );
    session.step(Event::Closed(Some(CloseCode::Restart.code())), at(10));
    assert_eq!(waits_until(&session), at(4_331));
    // Only once: the next wait is drawn.
    session.step(Event::Tick, at(4_331));
    session.step(Event::Closed(None), at(4_332));
    session.step(Event::RefreshFailed, at(4_333));
    assert_ne!(waits_until(&session), at(4_333 + 4_321));
}

#[test]
fn news_of_the_network_connects_at_once() {
    let mut session = live();
    assert_eq!(
        session.step(Event::NetworkOffline, at(100)),
        [Action::Close, Action::Reset]
    );
    assert!(matches!(session.state(), State::Offline { .. }));
    assert_eq!(
        session.step(Event::NetworkOnline, at(200)),
        [Action::Connect]
    );

    let mut session = live();
    session.step(Event::Closed(None), at(100));
    assert_eq!(
        session.step(Event::BecameVisible, at(101)),
        [Action::Connect]
    );
}

#[test]
fn a_browser_that_is_wrong_about_the_network_is_not_believed_for_ever() {
    let mut session = live();
    session.step(Event::NetworkOffline, at(0));
    let until = waits_until(&session);
    assert_eq!(session.step(Event::Tick, until), [Action::Connect]);
    session.step(Event::Opened, until);
    session.step(Event::Welcome, until);
    assert!(!session.no_network());
}

#[test]
fn waking_up_asks_whether_the_connection_still_lives() {
    let mut session = live();
    assert_eq!(session.step(Event::BecameVisible, at(1_000)), []);
    assert_eq!(
        session.step(Event::BecameVisible, at(20_000)),
        [Action::Ping(1)]
    );
    assert_eq!(session.step(Event::BecameVisible, at(20_001)), []);
}

#[test]
fn resync_says_hello_on_the_same_socket() {
    let mut session = live();
    assert_eq!(
        session.step(Event::Resync, at(1)),
        [Action::Reset, Action::Hello]
    );
    session.step(Event::Welcome, at(2));
    assert_eq!(session.step(Event::Resumed, at(3)), [Action::Live]);
}

#[test]
fn downtime_adds_up_until_a_connection_lasts() {
    let mut downtime = Downtime::default();
    downtime.begin(at(0));
    downtime.end(at(2_000));
    assert_eq!(downtime.total_ms(at(3_000)), 2_000);
    downtime.begin(at(4_000));
    assert_eq!(downtime.total_ms(at(5_000)), 3_000);
    assert_eq!(downtime.reaches(3_000), Some(at(5_000)));
    downtime.end(at(5_000));
    downtime.begin(at(35_000));
    assert_eq!(downtime.total_ms(at(35_500)), 500);
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        Just(Event::Start),
        Just(Event::NetworkOnline),
        Just(Event::NetworkOffline),
        Just(Event::BecameVisible),
        Just(Event::ConnectNow),
        Just(Event::Opened),
        prop_oneof![
            Just(None),
            Just(Some(1006)),
            Just(Some(1012)),
            Just(Some(1013)),
            Just(Some(4001)),
            Just(Some(4003))
        ]
        .prop_map(Event::Closed),
        Just(Event::Heard),
        Just(Event::Welcome),
        Just(Event::Resumed),
        Just(Event::Resync),
        Just(Event::Draining {
            reconnect_after_ms: 700
        }),
        Just(Event::Refreshed),
        Just(Event::RefreshFailed),
        Just(Event::Tick),
    ]
}

proptest! {
    /// Whatever happens in whatever order: at most one socket, frames only on an open one,
    /// `Reset` exactly once between two times of being live, and never stuck: unless it
    /// waits for a person, there is a time at which it goes on by itself.
    #[test]
    fn any_order_of_events(events in prop::collection::vec((any_event(), 0..20_000_u64), 1..60)) {
        let mut session = session();
        let mut now = at(0);
        let mut socket = false;
        let mut is_live = false;
        for (event, pause) in events {
            now = now.plus_millis(pause);
            if let Event::Closed(_) = event {
                socket = false;
            }
            for action in session.step(event, now) {
                match action {
                    Action::Connect => {
                        prop_assert!(!socket, "a second socket");
                        socket = true;
                    }
                    Action::Close => {
                        prop_assert!(socket, "closed without a socket");
                        socket = false;
                    }
                    Action::Hello | Action::Ping(_) => prop_assert!(socket, "no socket to write to"),
                    Action::Reset => is_live = false,
                    Action::Live => {
                        prop_assert!(!is_live, "live twice without a reset");
                        is_live = true;
                    }
                    Action::Refresh => prop_assert!(!socket),
                }
            }
            prop_assert_eq!(is_live, session.is_live());
            let needs_a_person = matches!(
                session.state(),
                State::Stopped | State::Replaced | State::Ended(_)
            );
            prop_assert_eq!(session.deadline().is_none(), needs_a_person);
        }
    }
}
