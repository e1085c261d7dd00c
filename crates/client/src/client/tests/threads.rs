//! A thread beside its conversation.

use protocol::{Answers, Content, Marks, Thread, ThreadPage};

use super::*;
use crate::Row;

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

fn thread(last_seq: u64) -> ThreadPage {
    ThreadPage {
        conversation: here(),
        root: Seq(3),
        message: Some(root(1, 5)),
        answers: vec![answer(5, THEM)],
        more: false,
        last_seq: Seq(last_seq),
    }
}

fn open(client: &mut Client, root: Option<u64>) {
    let conversation = here();
    let root = root.map(Seq);
    client.step(Input::OpenThread { conversation, root }, at(1));
}

/// A client that has read 400 messages and has the newest on screen, with a thread at the side.
fn with_thread() -> Client {
    let mut client = live(400, 400, 0);
    client.step(Input::Open(here()), at(1));
    open(&mut client, Some(3));
    let page = thread(400);
    let before = None;
    client.step(Input::SeededThread { before, page }, at(1));
    client
}

fn hear(client: &mut Client, message: Message) -> Vec<Effect> {
    client.step(Input::Frame(ServerFrame::Event { message }), at(5))
}

fn rows(client: &Client) -> Vec<Option<u64>> {
    let rows = client.thread_rows(here());
    rows.map(|row| row.seq.map(|seq| seq.0)).collect()
}

fn reply(to: u64) -> Intent {
    Intent::Text {
        text: "mine".to_owned(),
        reply_to: Some(Seq(to)),
    }
}

fn write(client: &mut Client, n: u8, intent: Intent) {
    let send_id = send_id(n);
    let input = Input::Send {
        conversation: here(),
        intent,
        send_id,
    };
    client.step(input, at(6));
    client.step(Input::Saved { send_id }, at(6));
}

#[test]
fn answers_come_into_the_thread_and_the_conversation() {
    let mut client = with_thread();
    assert_eq!(rows(&client), [Some(3), Some(5)]);
    hear(&mut client, answer(401, THEM));
    hear(&mut client, message(402, THEM));
    assert_eq!(rows(&client), [Some(3), Some(5), Some(401)]);
    let newest = client.rows(here()).last().unwrap();
    assert_eq!(newest.seq, Some(Seq(402)));
    let top = client.row_at(here(), Seq(3)).unwrap();
    let Some(Thread::Root(answers)) = &top.marks.thread else {
        panic!("{top:?}");
    };
    assert_eq!((answers.count, answers.last), (2, Seq(401)));
}

#[test]
fn what_is_written_there_waits_there_and_is_acked_in_its_thread() {
    let mut client = with_thread();
    write(&mut client, 1, reply(3));
    write(&mut client, 2, Intent::text("elsewhere"));
    assert_eq!(rows(&client), [Some(3), Some(5), None]);
    let ack = ServerFrame::Ack {
        send_id: send_id(1),
        conversation: here(),
        seq: Seq(401),
        sent_at: at(7),
    };
    client.step(Input::Frame(ack), at(8));
    assert_eq!(rows(&client), [Some(3), Some(5), Some(401)]);
    let row = client.row_at(here(), Seq(401)).unwrap();
    assert_eq!(row.marks.thread, Some(Thread::Under(Seq(3))));
    assert_eq!(row.delivery, Delivery::Sent);
}

#[test]
fn an_own_answer_to_what_is_not_held_is_read_from_the_server() {
    let mut client = live(400, 400, 0);
    write(&mut client, 1, reply(3));
    let ack = ServerFrame::Ack {
        send_id: send_id(1),
        conversation: here(),
        seq: Seq(401),
        sent_at: at(7),
    };
    let effects = client.step(Input::Frame(ack), at(8));
    let is_fetch = |frame: &ClientFrame| matches!(frame, ClientFrame::Fetch { to: Seq(401), .. });
    assert!(frames(&effects).iter().any(is_fetch), "{effects:?}");
}

#[test]
fn a_change_that_waits_shows_in_the_thread_too() {
    let mut client = with_thread();
    let delete = Intent::Delete { target: Seq(5) };
    write(&mut client, 1, delete);
    let row = client.thread_rows(here()).last().unwrap();
    assert!(row.waiting);
    assert_eq!(row.content, Content::Deleted);
}

#[test]
fn answers_are_new_until_the_thread_or_the_conversation_is_read() {
    let mut client = live(400, 390, 10);
    client.step(Input::Open(here()), at(1));
    let is_new = |client: &Client, count, last| {
        let row = Row::new(root(count, last), Delivery::Sent);
        client.new_answers(here(), &row).is_some()
    };
    assert!(is_new(&client, 2, 395));
    assert!(
        !is_new(&client, 2, 390),
        "it was read when the conversation was opened"
    );
    // The cursor passes it, and the divider stays where it was.
    let conversation = here();
    let seq = Seq(400);
    client.step(Input::MarkRead { conversation, seq }, at(2));
    assert!(is_new(&client, 2, 395));
    open(&mut client, Some(3));
    let page = ThreadPage {
        message: Some(root(2, 395)),
        ..thread(400)
    };
    let before = None;
    client.step(Input::SeededThread { before, page }, at(1));
    assert!(!is_new(&client, 2, 395));
    open(&mut client, None);
    assert!(!is_new(&client, 2, 395));
    assert!(is_new(&client, 3, 398));
    client.step(Input::ClearDivider(here()), at(2));
    assert!(!is_new(&client, 3, 398));
}

#[test]
fn what_was_seen_in_a_thread_stays_seen_when_it_is_opened_again() {
    let mut client = live(400, 390, 10);
    client.step(Input::Open(here()), at(1));
    open(&mut client, Some(3));
    let page = ThreadPage {
        message: Some(root(2, 395)),
        ..thread(400)
    };
    let before = None;
    client.step(Input::SeededThread { before, page }, at(1));
    open(&mut client, None);
    // It is opened without its page, and something else happens.
    open(&mut client, Some(3));
    hear(&mut client, message(401, THEM));
    open(&mut client, None);
    let row = Row::new(root(2, 395), Delivery::Sent);
    assert_eq!(client.new_answers(here(), &row), None);
}

#[test]
fn a_page_of_a_thread_that_is_not_on_screen_is_passed_over() {
    let mut client = with_thread();
    open(&mut client, Some(7));
    let page = thread(400);
    let before = None;
    client.step(Input::SeededThread { before, page }, at(1));
    assert_eq!(rows(&client), []);
    assert_eq!(client.thread(here()).unwrap().root, Seq(7));
    client.step(Input::Close, at(2));
    assert_eq!(client.thread(here()), None);
}

#[test]
fn writing_in_a_thread_leaves_the_conversation_where_it_is() {
    let mut client = with_thread();
    let page = HistoryPage {
        conversation: here(),
        messages: (60..=140).map(|seq| message(seq, THEM)).collect(),
        last_seq: Seq(400),
    };
    let seq = Seq(100);
    client.step(Input::SeededAround { seq, page }, at(2));
    let first = |client: &Client| client.shown(here()).next().unwrap().seq;
    assert_eq!(first(&client), Some(Seq(60)));
    write(&mut client, 1, reply(3));
    assert_eq!(first(&client), Some(Seq(60)));
    write(&mut client, 2, Intent::text("elsewhere"));
    assert!(first(&client) > Some(Seq(140)));
}
