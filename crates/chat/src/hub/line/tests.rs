use super::*;

fn line() -> (Line, mpsc::Receiver<Outgoing>) {
    let user = UserId::from_bytes([1; 16]);
    let session = SessionId::from_bytes([2; 16]);
    let (line, connection) = Line::new(ConnectionId(1), user, session, Codec::Json);
    (line, connection.outgoing)
}

fn conversation(n: u8) -> ConversationId {
    ConversationId::from_bytes([n; 16])
}

fn frame(text: &'static str) -> Bytes {
    Bytes::from_static(text.as_bytes())
}

fn next(outgoing: &mut mpsc::Receiver<Outgoing>) -> String {
    match outgoing.try_recv() {
        Ok(Outgoing::Frame(bytes)) => String::from_utf8(bytes.to_vec()).unwrap(),
        Ok(Outgoing::Close(code)) => format!("close {}", code.code()),
        Err(_) => "nothing".to_owned(),
    }
}

#[test]
fn silent_until_greeted_and_live_after_the_resume() {
    let (line, mut outgoing) = line();
    assert!(!line.event(conversation(1), frame("early")));
    assert!(!line.notice(frame("early")));
    let hello = line.greet(frame("welcome")).unwrap();
    assert!(!line.event(conversation(1), frame("not replayed yet")));
    line.replay(hello, conversation(1), [frame("missed")])
        .unwrap();
    assert!(line.event(conversation(1), frame("live")));
    assert!(!line.event(conversation(2), frame("not replayed yet")));
    assert_eq!(line.finish(hello), Ok(Finish::Live));
    assert!(line.event(conversation(2), frame("live too")));
    for expected in [
        "welcome",
        "missed",
        "live",
        "\"resumed\"",
        "live too",
        "nothing",
    ] {
        assert_eq!(next(&mut outgoing), expected);
    }
}

#[test]
fn a_conversation_that_begins_during_the_resume_is_replayed() {
    let (line, _outgoing) = line();
    let hello = line.greet(frame("welcome")).unwrap();
    assert!(!line.begun(conversation(3)));
    let begun = Finish::Begun(vec![conversation(3)]);
    assert_eq!(line.finish(hello), Ok(begun));
    assert_eq!(line.finish(hello), Ok(Finish::Live));
    assert!(line.begun(conversation(4)));
}

#[test]
fn what_is_left_during_the_resume_is_looked_at_again() {
    let (line, _outgoing) = line();
    let hello = line.greet(frame("welcome")).unwrap();
    line.replay(hello, conversation(3), [frame("missed")])
        .unwrap();
    assert!(!line.is_overtaken_in(conversation(3)));
    line.parted(conversation(3));
    assert!(line.is_overtaken_in(conversation(3)));
    assert!(!line.event(conversation(3), frame("not theirs any more")));
    let begun = Finish::Begun(vec![conversation(3)]);
    assert_eq!(line.finish(hello), Ok(begun));
    assert_eq!(line.say(hello, frame("gone")), Ok(()));
    assert_eq!(line.finish(hello), Ok(Finish::Live));
    assert_eq!(line.say(hello, frame("gone")), Err(Overtaken));
}

#[test]
fn a_full_queue_lags_until_it_is_empty() {
    let (line, mut outgoing) = line();
    let hello = line.greet(frame("welcome")).unwrap();
    line.finish(hello).unwrap();
    let taken = (0..2 * CONNECTION_QUEUE)
        .filter(|_| line.event(conversation(1), frame("event")))
        .count();
    assert_eq!(taken, CONNECTION_QUEUE - 2, "beside welcome and resumed");
    next(&mut outgoing);
    assert!(!line.event(conversation(1), frame("there is room, but also a hole")));
    while !matches!(next(&mut outgoing).as_str(), "nothing") {}
    assert!(line.drained());
    assert_eq!(next(&mut outgoing), "\"resync\"");
    assert!(!line.event(conversation(1), frame("silent again")));
    assert!(!line.drained());
    assert!(line.greet(frame("welcome")).is_ok());
}

#[test]
fn whoever_holds_what_is_out_of_date_says_hello_again() {
    let (line, mut outgoing) = line();
    assert!(!line.resync(), "it will say so anyway");
    let hello = line.greet(frame("welcome")).unwrap();
    assert!(line.resync());
    assert!(!line.resync(), "once is enough");
    assert!(!line.notice(frame("silent")));
    assert_eq!(line.finish(hello), Err(Overtaken));
    let hello = line.greet(frame("welcome again")).unwrap();
    assert_eq!(line.finish(hello), Ok(Finish::Live));
    assert!(line.resync());
    for expected in [
        "welcome",
        "\"resync\"",
        "welcome again",
        "\"resumed\"",
        "\"resync\"",
    ] {
        assert_eq!(next(&mut outgoing), expected);
    }
    assert_eq!(next(&mut outgoing), "nothing");
}

#[test]
fn a_queue_of_large_frames_lags_before_it_is_full() {
    const LARGE: Bytes = Bytes::from_static(&[b'x'; 32 * 1024]);
    let (line, mut outgoing) = line();
    let hello = line.greet(frame("welcome")).unwrap();
    line.finish(hello).unwrap();
    // Who keeps up is given any amount.
    for _ in 0..100 {
        assert!(line.event(conversation(1), LARGE));
        while !matches!(next(&mut outgoing).as_str(), "nothing") {}
    }
    let taken = (0..CONNECTION_QUEUE)
        .filter(|_| line.event(conversation(1), LARGE))
        .count();
    assert_eq!(taken, LIVE_BYTES / LARGE.len());
    while !matches!(next(&mut outgoing).as_str(), "nothing") {}
    assert!(line.drained());
    assert_eq!(next(&mut outgoing), "\"resync\"");
}

#[tokio::test]
async fn a_resume_of_large_frames_waits_and_leaves_room_for_live_ones() {
    const LARGE: Bytes = Bytes::from_static(&[b'x'; 32 * 1024]);
    let (line, mut outgoing) = line();
    let hello = line.greet(frame("welcome")).unwrap();
    assert_eq!(line.room_for(hello, 40).await, Ok(()));
    let missed = std::iter::repeat_n(LARGE, 40);
    assert_eq!(line.replay(hello, conversation(1), missed), Ok(40));
    assert!(line.event(conversation(1), LARGE));
    let wait = line.room_for(hello, 1);
    tokio::pin!(wait);
    tokio::select! {
        biased;
        _ = &mut wait => panic!("there is no room"),
        () = std::future::ready(()) => {}
    }
    while !matches!(next(&mut outgoing).as_str(), "nothing") {}
    line.drained();
    assert_eq!(wait.await, Ok(()));
}

#[test]
fn a_close_always_fits_and_is_the_last() {
    let (line, mut outgoing) = line();
    line.greet(frame("welcome")).unwrap();
    while line.notice(frame("event")) {}
    line.close(CloseCode::SessionEnded);
    line.close(CloseCode::Restart);
    assert!(!line.control(frame("after")));
    assert!(!line.begin_send());
    let mut last = String::new();
    loop {
        match next(&mut outgoing) {
            end if end == "nothing" => break,
            frame => last = frame,
        }
    }
    assert_eq!(last, "close 4001");
}

#[test]
fn only_the_end_of_the_session_does_not_wait_in_the_queue() {
    use futures_util::FutureExt as _;

    let ids = (UserId::from_bytes([1; 16]), SessionId::from_bytes([2; 16]));
    for (code, expected) in [
        (CloseCode::SessionEnded, Some(CloseCode::SessionEnded)),
        (CloseCode::Restart, None),
    ] {
        let (line, connection) = Line::new(ConnectionId(1), ids.0, ids.1, Codec::Json);
        line.greet(frame("welcome")).unwrap();
        line.close(code);
        drop(line);
        assert_eq!(connection.cut.wait().now_or_never(), expected);
    }
}

#[test]
fn a_later_hello_overtakes_an_earlier_one() {
    let (line, _outgoing) = line();
    let first = line.greet(frame("welcome")).unwrap();
    let second = line.greet(frame("welcome")).unwrap();
    assert_eq!(line.replay(first, conversation(1), []), Err(Overtaken));
    assert_eq!(line.finish(first), Err(Overtaken));
    assert_eq!(line.finish(second), Ok(Finish::Live));
}

#[test]
fn sends_under_way_are_bounded() {
    let (line, _outgoing) = line();
    for _ in 0..SENDS_UNDER_WAY {
        assert!(line.begin_send());
    }
    assert!(!line.begin_send());
    line.settled(frame("ack"));
    assert!(line.begin_send());
}

#[tokio::test]
async fn a_resume_waits_for_room_and_ends_with_the_connection() {
    let (line, mut outgoing) = line();
    let hello = line.greet(frame("welcome")).unwrap();
    while line.queue.capacity() > 100 {
        line.notice(frame("event"));
    }
    let wait = line.room_for(hello, 101);
    tokio::pin!(wait);
    tokio::select! {
        biased;
        _ = &mut wait => panic!("there is no room"),
        () = std::future::ready(()) => {}
    }
    while !matches!(next(&mut outgoing).as_str(), "nothing") {}
    line.drained();
    assert_eq!(wait.await, Ok(()));
    line.close(CloseCode::Normal);
    assert_eq!(line.room_for(hello, 1).await, Err(Overtaken));
}
