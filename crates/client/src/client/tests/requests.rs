//! Message requests: apart from the list, silent, and answered by whatever the user does.

use protocol::{Arrangement, Content, Notice, Request, Section};

use super::*;

fn by(n: u8, written: u8) -> Option<Request> {
    Some(Request {
        by: user(n),
        written,
    })
}

/// A live client with one conversation of two, of whom one asks; its newest place is the first.
fn asking(who: u8) -> Client {
    let mut client = new_client();
    let last_message = Some(message(1, who));
    let unread = u32::from(who == THEM);
    let summaries = vec![ConversationSummary {
        request: by(who, 1),
        last_message,
        ..summary(1, 0, unread)
    }];
    let pages = Vec::new();
    client.step(Input::Seeded(Seeded { summaries, pages }), at(0));
    client.step(Input::Start, at(0));
    connect(&mut client, at(0));
    client
}

fn section(client: &Client) -> Section {
    client.list_row(here()).unwrap().section
}

fn announced(effects: &[Effect]) -> usize {
    let is_said = |it: &&Effect| matches!(it, Effect::Changed(Change::Announce { .. }));
    effects.iter().filter(is_said).count()
}

fn accept(client: &mut Client, id: u8) -> Vec<Effect> {
    let send = Input::Send {
        conversation: here(),
        intent: Intent::Accept,
        send_id: send_id(id),
    };
    let mut effects = client.step(send, at(5));
    let send_id = send_id(id);
    effects.extend(client.step(Input::Saved { send_id }, at(5)));
    effects
}

#[test]
fn what_somebody_asks_is_apart_counts_nowhere_and_is_not_said() {
    let mut client = asking(THEM);
    assert_eq!(section(&client), Section::Requests);
    assert_eq!(client.unread(), 0);
    let effects = client.step(event(message(2, THEM)), at(2));
    assert_eq!(announced(&effects), 0);
    assert_eq!(client.unread(), 0);
    assert_eq!(client.request(here()), by(THEM, 2));
    assert_eq!(client.list(), [here()]);

    // Whatever the user writes answers, also on another device.
    client.step(event(message(3, ME)), at(3));
    assert_eq!(
        (client.request(here()), section(&client)),
        (None, Section::Others)
    );
    let effects = client.step(event(message(4, THEM)), at(4));
    assert_eq!(announced(&effects), 1);
    assert!(client.unread() > 0);
}

#[test]
fn accepting_shows_at_once_and_is_sent_as_everything_that_is_written() {
    let mut client = asking(THEM);
    let effects = accept(&mut client, 1);
    assert_eq!(
        (client.request(here()), section(&client)),
        (None, Section::Others)
    );
    assert_eq!(sent(&effects).len(), 1);
    let accepted = entry(2, ME, Content::Notice(Notice::Accepted));
    let accepted = Message {
        send_id: send_id(1),
        ..accepted
    };
    client.step(event(accepted), at(7));
    assert_eq!((client.request(here()), client.unsent()), (None, 0));
}

#[test]
fn what_another_device_has_answered_is_not_told_as_a_failure() {
    let mut client = asking(THEM);
    accept(&mut client, 1);
    client.step(event(message(2, ME)), at(6));
    let refused = ServerFrame::Reject {
        send_id: send_id(1),
        code: ErrorCode::Forbidden,
        retry_after_ms: None,
    };
    let effects = client.step(Input::Frame(refused), at(7));
    let is_failure = |it: &Effect| matches!(it, Effect::Changed(Change::SendFailed { .. }));
    assert!(!effects.iter().any(is_failure));
    assert_eq!(client.failures(), []);
    assert!(effects.contains(&Effect::ForgetOutbox(send_id(1))));
}

#[test]
fn what_waits_is_counted_and_no_more_is_left_than_may_be_written() {
    let mut client = asking(ME);
    assert_eq!(section(&client), Section::Others);
    let left = |client: &Client| client.request(here()).unwrap().left();
    assert_eq!(left(&client), 4);
    client.step(Input::SocketClosed { code: None }, at(1));
    write_safely(&mut client, 1, at(2));
    write_safely(&mut client, 2, at(3));
    assert_eq!(left(&client), 2);
    connect(&mut client, at(4));
    client.step(ack(1, 2), at(5));
    assert_eq!(left(&client), 2, "it is counted once");
    client.step(event(message(3, THEM)), at(6));
    assert_eq!(client.request(here()), None);
}

#[test]
fn a_request_that_is_put_away_is_nowhere_until_more_is_written() {
    let mut client = asking(THEM);
    let arrange = Input::Arrange {
        conversation: here(),
        change: Arrangement::Archive(Some(Seq(1))),
    };
    client.step(arrange, at(1));
    assert_eq!((section(&client), client.list()), (Section::Hidden, vec![]));
    client.step(event(message(2, THEM)), at(2));
    assert_eq!(section(&client), Section::Requests);
    let again = Input::Arrange {
        conversation: here(),
        change: Arrangement::Archive(Some(Seq(2))),
    };
    client.step(again, at(3));
    assert_eq!(client.list(), []);
}

#[test]
fn what_is_asked_by_somebody_blocked_or_says_nothing_is_nowhere() {
    let mut client = asking(THEM);
    let users = vec![user(THEM)];
    client.step(Input::Frame(ServerFrame::Blocked { users }), at(1));
    assert_eq!((section(&client), client.list()), (Section::Hidden, vec![]));
    let users = Vec::new();
    let effects = client.step(Input::Frame(ServerFrame::Blocked { users }), at(2));
    assert!(effects.contains(&Effect::Changed(Change::List(here()))));
    assert_eq!(section(&client), Section::Requests);

    let empty = ConversationSummary {
        request: by(THEM, 0),
        ..summary(0, 0, 0)
    };
    assert_eq!(empty.section(at(0)), Section::Hidden);
}
