//! What was seen of threads: through broken connections and reloads, and alike on two devices.

use protocol::{Answers, ChangeKind, Marks, SavedPlace, SeenThread, Thread, ThreadPage};

use super::*;
use crate::{NewAnswers, Row, SavedThread};

/// Long enough for what was seen to be told.
const LATER: u64 = 5_000;

/// The message that is answered, in the reader's eyes.
fn root(last: u64) -> Message {
    let answers = Answers {
        count: 2,
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
        ..message(3, ME)
    }
}

fn answer(seq: u64, author: u8) -> Message {
    Message {
        marks: Marks {
            thread: Some(Thread::Under(Seq(3))),
            ..Marks::default()
        },
        ..message(seq, author)
    }
}

fn seen(seq: u64) -> SeenThread {
    let conversation = here();
    SeenThread {
        root: SavedPlace {
            conversation,
            seq: Seq(3),
        },
        seen: Seq(seq),
    }
}

fn told(request: Option<u32>, seq: u64) -> Input {
    let threads = vec![seen(seq)];
    Input::Frame(ServerFrame::ThreadsSeen { request, threads })
}

/// Opens the thread, whose newest answer is here.
fn open(client: &mut Client, last: u64, now: u64) -> Vec<Effect> {
    client.step(Input::Open(here()), at(now));
    let (conversation, root_at) = (here(), Some(Seq(3)));
    let open = Input::OpenThread {
        conversation,
        root: root_at,
    };
    client.step(open, at(now));
    let page = ThreadPage {
        conversation,
        root: Seq(3),
        message: Some(root(last)),
        answers: vec![answer(last, THEM)],
        more: true,
        last_seq: Seq(400),
    };
    let before = None;
    client.step(Input::SeededThread { before, page }, at(now))
}

fn new(client: &Client, last: u64) -> Option<NewAnswers> {
    client.new_answers(here(), &Row::new(root(last), Delivery::Sent))
}

/// What the `SeeThread`s among the effects say.
fn asked(effects: &[Effect]) -> Vec<(u32, SeenThread)> {
    let asked = frames(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::SeeThread { request, thread } => Some((request, thread)),
        _ => None,
    });
    asked.collect()
}

/// What is stored of threads.
fn stored(effects: &[Effect]) -> Vec<SavedThread> {
    let stored = effects.iter().filter_map(|effect| match effect {
        Effect::SaveConversations(rows) => rows.last().map(|row| row.threads.clone()),
        _ => None,
    });
    stored.last().unwrap_or_default()
}

fn saved(seen: u64, told: bool) -> SavedThread {
    SavedThread {
        root: Seq(3),
        seen: Seq(seen),
        told,
    }
}

#[test]
fn it_is_stored_at_once_and_told_after_a_pause() {
    let mut client = live(400, 390, 10);
    let effects = open(&mut client, 395, 1);
    assert_eq!(stored(&effects), [saved(395, false)]);
    assert_eq!((asked(&effects), client.wishes()), (vec![], 1));
    let effects = client.step(Input::Tick, at(LATER));
    let [(request, thread)] = asked(&effects)[..] else {
        panic!("one thing is told: {effects:?}");
    };
    assert_eq!(thread, seen(395));
    let effects = client.step(told(Some(request), 395), at(LATER));
    assert_eq!(stored(&effects), [saved(395, true)]);
    assert_eq!(client.wishes(), 0);
    // The conversation is read, and nothing is left of it.
    let (conversation, seq) = (here(), Seq(400));
    let effects = client.step(Input::MarkRead { conversation, seq }, at(LATER));
    assert_eq!(stored(&effects), []);
}

#[test]
fn what_is_read_meanwhile_is_not_told() {
    let mut client = live(400, 390, 10);
    open(&mut client, 395, 1);
    let (conversation, seq) = (here(), Seq(395));
    client.step(Input::MarkRead { conversation, seq }, at(2));
    assert_eq!(asked(&client.step(Input::Tick, at(LATER))), []);
    assert_eq!(client.wishes(), 0);
    // Nor is that the thread is seen once more.
    let close = Input::OpenThread {
        conversation,
        root: None,
    };
    client.step(close, at(LATER));
    open(&mut client, 395, LATER);
    assert_eq!(client.wishes(), 0);
}

#[test]
fn offline_it_is_kept_through_a_reload_and_told_when_there_is_a_connection() {
    let mut client = live(400, 390, 10);
    client.step(Input::SocketClosed { code: None }, at(1));
    open(&mut client, 395, 2);
    assert_eq!(asked(&client.step(Input::BecameHidden, at(3))), []);
    let mut client = new_client();
    let restored = Restored {
        conversations: vec![SavedConversation {
            summary: summary(400, 390, 10),
            confirmed_read: Seq(390),
            threads: vec![saved(395, false)],
        }],
        ..Restored::default()
    };
    client.step(Input::Restored(restored), at(4));
    assert_eq!(new(&client, 395), None);
    assert_eq!(new(&client, 398), Some(NewAnswers::Some));
    client.step(Input::Start, at(4));
    connect(&mut client, at(5));
    let effects = client.step(Input::Tick, at(5 + LATER));
    let [(_, thread)] = asked(&effects)[..] else {
        panic!("one thing is told: {effects:?}");
    };
    assert_eq!(thread, seen(395));
}

#[test]
fn what_another_device_has_seen_is_seen_here_and_never_less_again() {
    let mut client = live(400, 390, 10);
    client.step(Input::Open(here()), at(1));
    assert_eq!(new(&client, 395), Some(NewAnswers::Some));
    let effects = client.step(told(None, 395), at(1));
    assert!(effects.contains(&Effect::Changed(Change::Rows(here()))));
    assert_eq!(stored(&effects), [saved(395, true)]);
    assert_eq!(new(&client, 395), None);
    client.step(told(None, 392), at(2));
    assert_eq!(new(&client, 395), None);
    assert_eq!(new(&client, 396), Some(NewAnswers::Some));
    assert_eq!(client.wishes(), 0);
}

#[test]
fn what_nobody_looks_at_is_not_seen() {
    let mut client = live(400, 390, 10);
    open(&mut client, 395, 1);
    client.step(Input::BecameHidden, at(2));
    client.step(event(answer(401, THEM)), at(3));
    assert_eq!(new(&client, 401), Some(NewAnswers::Counted(1)));
    client.step(Input::BecameVisible, at(4));
    assert_eq!(new(&client, 401), None);
}

#[test]
fn what_is_refused_for_good_is_not_told_again() {
    let mut client = live(400, 390, 10);
    open(&mut client, 395, 1);
    let [(request, _)] = asked(&client.step(Input::Tick, at(LATER)))[..] else {
        panic!("it is told");
    };
    let code = ErrorCode::NotFound;
    let refused = ServerFrame::Refused { request, code };
    let effects = client.step(Input::Frame(refused), at(LATER));
    assert_eq!(stored(&effects), [saved(395, true)]);
    assert_eq!((client.wishes(), new(&client, 395)), (0, None));
}

#[test]
fn new_answers_are_counted_where_all_that_came_since_is_held() {
    let mut client = live(400, 400, 0);
    for (seq, author) in [(401, THEM), (402, THEM), (403, ME), (404, THEM)] {
        client.step(event(answer(seq, author)), at(seq));
    }
    client.step(event(message(405, THEM)), at(405));
    assert_eq!(new(&client, 404), Some(NewAnswers::Counted(3)));
    client.step(told(None, 401), at(406));
    assert_eq!(new(&client, 404), Some(NewAnswers::Counted(2)));
    // Deleted ones keep their places, and are not news.
    for (seq, target) in [(406, 402), (407, 404)] {
        client.step(
            event(change(seq, THEM, target, ChangeKind::Delete)),
            at(seq),
        );
    }
    assert_eq!(new(&client, 404), None);
}
