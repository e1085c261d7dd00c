//! Messages whose time is over, by this device's own clock.

use protocol::{ChangeKind, Content, Lifespan, MessageBody, Notice, Thread, ThreadPage};

use super::changes::ask_safely;
use super::*;

const HOUR: u64 = 60 * 60 * 1_000;

/// A message of theirs that is over at a time.
fn passing(seq: u64, end: u64) -> Message {
    let mut message = message(seq, THEM);
    message.marks.expires_at = Some(at(end));
    message
}

fn texts(client: &Client) -> Vec<Content> {
    client.rows(here()).map(|row| row.content.clone()).collect()
}

fn saved(effects: &[Effect]) -> Vec<Message> {
    let messages = effects.iter().filter_map(|effect| match effect {
        Effect::SaveMessages { messages, .. } => Some(messages.clone()),
        _ => None,
    });
    messages.flatten().collect()
}

#[test]
fn what_is_over_is_gone_without_a_connection_and_from_the_stored_copy() {
    let mut client = live(0, 0, 0);
    client.step(event(message(1, THEM)), at(1));
    let edit = ChangeKind::Edit(MessageBody::parse("in other words").unwrap());
    client.step(event(passing(2, 5_000)), at(2));
    client.step(event(change(3, THEM, 2, edit)), at(3));
    client.step(Input::SocketClosed { code: None }, at(4));
    client.step(Input::Tick, at(4_999));
    assert_eq!(texts(&client).len(), 2);
    assert!(
        client
            .list_row(here())
            .unwrap()
            .summary
            .last_message
            .is_some()
    );

    let effects = client.step(Input::Tick, at(5_000));
    assert_eq!(texts(&client).len(), 1);
    assert_eq!(client.list_row(here()).unwrap().summary.last_message, None);
    let stored = saved(&effects);
    let contents: Vec<_> = stored.iter().map(|it| (it.seq, &it.content)).collect();
    let withdrawn = Content::Change(protocol::Change {
        target: Seq(2),
        kind: ChangeKind::Withdrawn,
    });
    assert_eq!(
        contents,
        [(Seq(2), &Content::Deleted), (Seq(3), &withdrawn)]
    );
    // Whoever has seen the end has seen it.
    assert_eq!(client.newest(here()), Seq(2));
}

#[test]
fn what_is_over_is_gone_from_the_thread_on_screen_too() {
    let mut client = live(400, 400, 0);
    let conversation = here();
    client.step(Input::Open(conversation), at(1));
    let root = Some(Seq(3));
    client.step(Input::OpenThread { conversation, root }, at(1));
    let under = |seq, end| {
        let mut answer = passing(seq, end);
        answer.marks.thread = Some(Thread::Under(Seq(3)));
        answer
    };
    let page = ThreadPage {
        conversation,
        root: Seq(3),
        message: Some(passing(3, 5_000)),
        answers: vec![under(5, 4_000), under(6, 6_000)],
        more: false,
        last_seq: Seq(400),
    };
    let before = None;
    client.step(Input::SeededThread { before, page }, at(1));
    client.step(Input::SocketClosed { code: None }, at(2));
    let gone = |client: &Client| -> Vec<bool> {
        let rows = client.thread_rows(here());
        rows.map(|row| row.content == Content::Deleted).collect()
    };
    client.step(Input::Tick, at(3_999));
    assert_eq!(gone(&client), [false, false, false]);
    let effects = client.step(Input::Tick, at(4_000));
    assert_eq!(gone(&client), [false, true, false]);
    assert!(effects.contains(&Effect::Changed(Change::Rows(here()))));
    client.step(Input::Tick, at(6_000));
    assert_eq!(gone(&client), [true, true, true]);
}

#[test]
fn a_page_that_is_opened_later_shows_nothing_of_it() {
    let mut client = new_client();
    let mut list = summary(3, 0, 3);
    list.last_message = Some(passing(3, 5_000));
    let restored = Restored {
        conversations: vec![SavedConversation {
            summary: list,
            confirmed_read: Seq::ZERO,
            threads: Vec::new(),
        }],
        // One far back, apart from the newest.
        messages: vec![passing(1, 4_000), passing(3, 5_000)],
        ..Restored::default()
    };
    let effects = client.step(Input::Restored(restored), at(5_000));
    assert_eq!(texts(&client), []);
    assert_eq!(client.list_row(here()).unwrap().summary.last_message, None);
    let stored: Vec<_> = saved(&effects);
    assert!(stored.iter().all(|it| it.content == Content::Deleted));
    assert!(
        [Seq(1), Seq(3)]
            .iter()
            .all(|seq| stored.iter().any(|it| it.seq == *seq))
    );
}

#[test]
fn the_server_says_the_same_later_and_nothing_comes_back() {
    let mut client = live(0, 0, 0);
    client.step(event(passing(1, 5_000)), at(1));
    client.step(Input::Tick, at(6_000));
    client.step(event(change(2, THEM, 1, ChangeKind::Expire)), at(6_001));
    assert_eq!(texts(&client), []);
    // One that the clock of this device is too slow for.
    client.step(event(passing(3, 90_000)), at(6_002));
    assert_eq!(texts(&client).len(), 1);
    client.step(event(change(4, THEM, 3, ChangeKind::Expire)), at(6_003));
    assert_eq!(texts(&client), []);
    // What was deleted in time says so.
    client.step(event(passing(5, 90_000)), at(6_004));
    client.step(event(change(6, THEM, 5, ChangeKind::Delete)), at(6_005));
    client.step(Input::Tick, at(90_001));
    assert_eq!(texts(&client), [Content::Deleted]);
}

#[test]
fn ones_own_messages_stay_as_long_as_was_said_before_them() {
    let mut client = live(0, 0, 0);
    let said = |seq, lifespan| {
        let mut entry = message(seq, THEM);
        entry.content = Content::Notice(Notice::Lifespan { lifespan });
        event(entry)
    };
    client.step(said(1, Some(Lifespan::Hour)), at(1));
    ask_safely(&mut client, 1, text("chai"));
    client.step(ack(1, 2), at(2));
    let over = |client: &Client, seq| client.row_at(here(), Seq(seq)).unwrap().marks.expires_at;
    assert_eq!(over(&client, 2), Some(at(HOUR + 2)));
    ask_safely(&mut client, 2, text("stays"));
    client.step(said(3, None), at(3));
    client.step(ack(2, 4), at(4));
    assert_eq!(over(&client, 4), None);
    client.step(Input::Tick, at(HOUR + 2));
    // Two notices and what stays.
    assert_eq!(texts(&client).len(), 3);
}

#[test]
fn how_long_ones_own_message_stays_is_read_where_a_notice_may_be_missing() {
    let mut client = live(1, 1, 0);
    ask_safely(&mut client, 1, text("chai"));
    // What stands in the place before it has not come.
    let effects = client.step(ack(1, 3), at(3));
    let [
        ClientFrame::Fetch {
            request, from, to, ..
        },
    ] = frames(&effects)[..]
    else {
        unreachable!("one page is asked for: {effects:?}");
    };
    assert_eq!((from, to), (Seq(2), Seq(3)));
    assert!(effects.contains(&Effect::ForgetOutbox(send_id(1))));
    let lifespan = Some(Lifespan::Hour);
    let mut notice = message(2, THEM);
    notice.content = Content::Notice(Notice::Lifespan { lifespan });
    let mut own = message(3, ME);
    own.send_id = send_id(1);
    own.marks.expires_at = Some(at(HOUR + 3));
    let page = HistoryPage {
        conversation: here(),
        messages: vec![notice, own],
        last_seq: Seq(3),
    };
    client.step(Input::Frame(ServerFrame::Page { request, page }), at(4));
    let over = client.row_at(here(), Seq(3)).unwrap().marks.expires_at;
    assert_eq!(over, Some(at(HOUR + 3)));
    assert_eq!(
        (seqs(&client), client.unsent()),
        ([1, 2, 3].map(Some).to_vec(), 0)
    );
}
