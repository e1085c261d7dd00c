//! Changes of one's own and of others, and what is done to a group.

use protocol::{ChangeKind, Content, DisplayName, ErrorCode, Intent, Notice};

use super::*;
use crate::{Amend, Row};

fn ask(client: &mut Client, id: u8, intent: Intent) -> Vec<Effect> {
    let conversation = here();
    let send_id = send_id(id);
    let input = Input::Send {
        conversation,
        intent,
        send_id,
    };
    client.step(input, at(10))
}

/// Asks, and says that it is stored on the device.
pub(super) fn ask_safely(client: &mut Client, id: u8, intent: Intent) -> Vec<Effect> {
    let mut effects = ask(client, id, intent);
    let send_id = send_id(id);
    effects.extend(client.step(Input::Saved { send_id }, at(10)));
    effects
}

fn edit_of(target: u64, text: &str) -> Intent {
    Intent::Edit {
        target: Seq(target),
        text: text.to_owned(),
    }
}

fn thumb(target: u64, on: bool) -> Intent {
    Intent::React {
        target: Seq(target),
        emoji: "👍".to_owned(),
        on,
    }
}

pub(super) fn reject(id: u8, code: ErrorCode) -> Input {
    Input::Frame(ServerFrame::Reject {
        send_id: send_id(id),
        code,
        retry_after_ms: None,
    })
}

pub(super) fn shown(client: &Client, seq: u64) -> Row {
    client.row_at(here(), Seq(seq)).unwrap().clone()
}

fn words(client: &Client, seq: u64) -> Option<String> {
    let row = shown(client, seq);
    row.content.body().map(|body| body.as_str().to_owned())
}

/// The ids that are transmitted, whatever they ask for.
pub(super) fn ids(effects: &[Effect]) -> Vec<SendId> {
    sent(effects).into_iter().map(|(id, ..)| id).collect()
}

/// A live client that holds a message of one's own, the first, and one of theirs.
fn talking() -> Client {
    let mut client = live(0, 0, 0);
    client.step(event(message(1, ME)), at(1));
    client.step(event(message(2, THEM)), at(2));
    client
}

#[test]
fn an_edit_shows_at_once_and_is_the_messages_own_when_it_is_stored() {
    let mut client = talking();
    let before = shown(&client, 1);
    let effects = ask_safely(&mut client, 1, edit_of(1, "after"));
    assert_eq!(ids(&effects), [send_id(1)]);
    let row = shown(&client, 1);
    assert_eq!(words(&client, 1).as_deref(), Some("after"));
    assert_eq!((row.key, row.marks.version), (before.key, Seq::ZERO));
    assert!(row.waiting && row.marks.edited_at.is_some());
    assert_eq!(seqs(&client), [Some(1), Some(2)], "it is no row of its own");

    let effects = client.step(ack(1, 3), at(11));
    assert!(effects.contains(&Effect::ForgetOutbox(send_id(1))));
    let row = shown(&client, 1);
    assert_eq!(words(&client, 1).as_deref(), Some("after"));
    assert_eq!((row.waiting, row.marks.version), (false, Seq(3)));
    assert_eq!(row.marks.edited_at, Some(at(3)), "by the server's clock");
    assert_eq!(client.unsent(), 0);
}

#[test]
fn what_a_change_makes_of_a_row_is_stored_over_it() {
    let mut client = talking();
    let effects = client.step(event(change(3, THEM, 2, ChangeKind::Delete)), at(3));
    let saved: Vec<Message> = effects
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::SaveMessages { messages, .. } => Some(messages),
            _ => None,
        })
        .flatten()
        .collect();
    let mut deleted = message(2, THEM);
    let change = change(3, THEM, 2, ChangeKind::Delete);
    deleted.fold((&change).into(), &ChangeKind::Delete);
    assert_eq!(saved, [change, deleted]);
}

#[test]
fn changes_that_wait_are_laid_over_in_their_order() {
    let mut client = talking();
    client.step(Input::SocketClosed { code: None }, at(3));
    ask_safely(&mut client, 1, edit_of(1, "once"));
    ask_safely(&mut client, 2, thumb(1, true));
    ask_safely(&mut client, 3, edit_of(1, "twice"));
    assert_eq!(words(&client, 1).as_deref(), Some("twice"));
    assert_eq!(shown(&client, 1).marks.reaction_count(), 1);
    // What others do meanwhile is below it.
    client.step(event(change(3, THEM, 1, react("❤️", true))), at(4));
    let row = shown(&client, 1);
    assert_eq!(words(&client, 1).as_deref(), Some("twice"));
    assert_eq!((row.marks.reaction_count(), row.marks.version), (2, Seq(3)));
    ask_safely(&mut client, 4, Intent::Delete { target: Seq(1) });
    assert_eq!(shown(&client, 1).content, Content::Deleted);
    let waiting: Vec<SendId> = client.waiting(here()).iter().map(|it| it.send_id).collect();
    assert_eq!(waiting, [1, 2, 3, 4].map(send_id));
}

#[test]
fn a_refused_change_disappears_and_is_told() {
    let mut client = talking();
    ask_safely(&mut client, 1, edit_of(1, "after"));
    ask_safely(&mut client, 2, thumb(1, true));
    let effects = client.step(reject(1, ErrorCode::TooMany), at(11));
    let failed = Change::SendFailed {
        conversation: here(),
        send_id: send_id(1),
    };
    assert!(effects.contains(&Effect::Changed(failed)));
    assert_eq!(ids(&effects), [send_id(2)], "the next one goes on");
    assert_eq!(words(&client, 1).as_deref(), Some("number 1"));
    assert_eq!(shown(&client, 1).marks.reaction_count(), 1);

    let [failure] = &client.failures()[..] else {
        panic!("{:?}", client.failures());
    };
    let code = Some(ErrorCode::TooMany);
    assert_eq!(failure.send_id, send_id(1));
    assert_eq!(failure.intent, edit_of(1, "after"), "nothing is lost");
    assert_eq!(failure.delivery, Delivery::Failed { code });

    client.step(ack(2, 3), at(12));
    let retry = Input::Retry {
        send_id: send_id(1),
    };
    assert_eq!(ids(&client.step(retry, at(13))), [send_id(1)]);
    assert_eq!(words(&client, 1).as_deref(), Some("after"));
    client.step(reject(1, ErrorCode::TooMany), at(14));
    let discard = Input::Discard {
        send_id: send_id(1),
    };
    let effects = client.step(discard, at(15));
    assert!(effects.contains(&Effect::ForgetOutbox(send_id(1))));
    assert_eq!((client.failures().len(), client.unsent()), (0, 0));
}

#[test]
fn two_quick_toggles_are_none() {
    let mut client = talking();
    client.step(Input::SocketClosed { code: None }, at(3));
    ask_safely(&mut client, 1, thumb(2, true));
    let effects = ask(&mut client, 2, thumb(2, false));
    assert!(effects.contains(&Effect::ForgetOutbox(send_id(1))));
    assert!(!effects.iter().any(|it| matches!(it, Effect::SaveOutbox(_))));
    let row = shown(&client, 2);
    assert_eq!((row.marks.reaction_count(), row.waiting), (0, false));
    assert_eq!(client.unsent(), 0);
    ask_safely(&mut client, 3, thumb(2, true));
    assert_eq!(client.waiting(here()).len(), 1);
    // Another emoji is another matter, and so is another message.
    let heart = Intent::React {
        target: Seq(2),
        emoji: "❤️".to_owned(),
        on: true,
    };
    ask_safely(&mut client, 4, heart);
    ask_safely(&mut client, 5, thumb(1, true));
    assert_eq!(client.waiting(here()).len(), 3);
}

#[test]
fn what_is_on_its_way_already_is_taken_back_by_another() {
    let mut client = talking();
    assert_eq!(
        ids(&ask_safely(&mut client, 1, thumb(2, true))),
        [send_id(1)]
    );
    ask_safely(&mut client, 2, thumb(2, false));
    assert_eq!(shown(&client, 2).marks.reaction_count(), 0);
    assert_eq!(ids(&client.step(ack(1, 3), at(11))), [send_id(2)]);
    assert_eq!(shown(&client, 2).marks.reaction_count(), 0);
    client.step(ack(2, 4), at(12));
    assert_eq!(shown(&client, 2).marks.reaction_count(), 0);
}

#[test]
fn what_is_so_already_is_not_written() {
    let mut client = talking();
    client.step(event(change(3, ME, 2, react("👍", true))), at(3));
    client.step(event(change(4, THEM, 2, ChangeKind::Pin(true))), at(4));
    let pin = |on| Intent::Pin { target: Seq(2), on };
    assert_eq!(ids(&ask_safely(&mut client, 1, thumb(2, true))), []);
    assert_eq!(ids(&ask_safely(&mut client, 2, pin(true))), []);
    assert_eq!(
        ids(&ask_safely(&mut client, 3, thumb(2, false))),
        [send_id(3)]
    );
    // What a message that is not held is like is not known.
    ask_safely(&mut client, 4, thumb(99, false));
    assert_eq!(client.unsent(), 2);
}

#[test]
fn pins_show_at_once() {
    let mut client = talking();
    client.step(event(change(3, THEM, 1, ChangeKind::Pin(true))), at(3));
    let pin = |target, on| Intent::Pin {
        target: Seq(target),
        on,
    };
    ask_safely(&mut client, 1, pin(2, true));
    assert_eq!(client.pins(here()), [Seq(2), Seq(1)]);
    ask_safely(&mut client, 2, pin(1, false));
    assert_eq!(client.pins(here()), [Seq(2)]);
    client.step(reject(1, ErrorCode::Forbidden), at(11));
    assert_eq!(client.pins(here()), []);
}

#[test]
fn what_no_server_would_take_is_not_queued() {
    let mut client = talking();
    for intent in [
        edit_of(1, "  "),
        thumb_of("letter"),
        Intent::Add { users: Vec::new() },
    ] {
        let effects = ask(&mut client, 1, intent);
        let refused = Change::SendRefused {
            send_id: send_id(1),
        };
        assert_eq!(effects, [Effect::Changed(refused)]);
    }
    assert_eq!(client.unsent(), 0);
}

fn thumb_of(emoji: &str) -> Intent {
    Intent::React {
        target: Seq(1),
        emoji: emoji.to_owned(),
        on: true,
    }
}

#[test]
fn a_new_name_waits_without_a_row_and_is_a_notice_then() {
    let mut client = talking();
    let title = "  Chai   at five ".to_owned();
    ask_safely(&mut client, 1, Intent::Rename { title });
    assert_eq!(seqs(&client), [Some(1), Some(2)]);
    let waiting = client.waiting(here());
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].delivery, Delivery::Sending);
    client.step(ack(1, 3), at(11));
    assert!(client.waiting(here()).is_empty());
    let title = DisplayName::parse("Chai at five").unwrap();
    let renamed = Notice::Renamed {
        title: title.clone(),
    };
    assert_eq!(shown(&client, 3).content, Content::Notice(renamed));
    assert_eq!(client.conversation(here()).unwrap().title, Some(title));
}

#[test]
fn what_only_the_server_knows_of_an_entry_is_read() {
    let mut client = talking();
    let users = vec![user(3), user(4)];
    ask_safely(&mut client, 1, Intent::Add { users });
    let effects = client.step(ack(1, 3), at(11));
    assert!(effects.contains(&Effect::ForgetOutbox(send_id(1))));
    let [
        ClientFrame::Fetch {
            request, from, to, ..
        },
    ] = frames(&effects)[..]
    else {
        panic!("{effects:?}");
    };
    assert_eq!((from, to), (Seq(3), Seq(3)));
    assert!(client.waiting(here()).is_empty());
    // Of two that were to be added one is in it already.
    let users = vec![user(4)];
    let mut added = entry(3, ME, Content::Notice(Notice::Added { users }));
    added.send_id = send_id(1);
    let page = HistoryPage {
        conversation: here(),
        messages: vec![added.clone()],
        last_seq: Seq(3),
    };
    client.step(Input::Frame(ServerFrame::Page { request, page }), at(12));
    assert_eq!(shown(&client, 3).content, added.content);
    assert_eq!(client.unsent(), 0);
}

#[test]
fn words_are_changed_where_that_is_certain() {
    let mut client = talking();
    let key = |client: &Client, nth: usize| client.rows(here()).nth(nth).unwrap().key;
    let (mine, theirs) = (key(&client, 0), key(&client, 1));
    assert_eq!(client.amend(here(), mine), Amend::Edit(Seq(1)));
    assert_eq!(client.amend(here(), theirs), Amend::No);

    write(&mut client, 1, at(3));
    let echo = key(&client, 2);
    assert_eq!(client.amend(here(), echo), Amend::TakeBack);
    let send_id = send_id(1);
    client.step(Input::Saved { send_id }, at(4));
    assert_eq!(client.amend(here(), echo), Amend::No, "on its way");
    client.step(Input::SocketClosed { code: None }, at(5));
    assert_eq!(client.amend(here(), echo), Amend::No, "perhaps stored");
    client.step(reject(1, ErrorCode::Forbidden), at(6));
    assert_eq!(client.amend(here(), echo), Amend::TakeBack);
    client.step(Input::Retry { send_id }, at(7));
    client.step(ack(1, 3), at(8));
    assert_eq!(client.amend(here(), echo), Amend::Edit(Seq(3)));
    client.step(event(change(4, ME, 3, ChangeKind::Delete)), at(9));
    assert_eq!(client.amend(here(), echo), Amend::No);
}

#[test]
fn changes_are_no_news_in_the_list() {
    let mut client = talking();
    let elsewhere = ConversationId::from_bytes([8; 16]);
    let mut other = summary(0, 0, 0);
    other.id = elsewhere;
    other.created_at = at(3);
    client.step(
        Input::Seeded(Seeded {
            summaries: vec![other],
            pages: Vec::new(),
        }),
        at(3),
    );
    let order = [elsewhere, here()];
    assert_eq!(client.list(), order);
    let unread = client.unread();
    client.step(event(change(3, THEM, 2, edit("after"))), at(4));
    assert_eq!(client.list(), order);
    assert_eq!(client.unread(), unread);
    let preview = |client: &Client| {
        let row = client.list_row(here()).unwrap();
        row.summary.last_message.unwrap().content
    };
    assert_eq!(preview(&client).body(), Some(&body("after")));

    client.step(event(message(4, ME)), at(5));
    client.step(event(message(5, ME)), at(6));
    assert_eq!(client.list(), [here(), elsewhere]);
    ask_safely(&mut client, 1, edit_of(5, "mine"));
    assert_eq!(preview(&client).body(), Some(&body("mine")));
    client.step(reject(1, ErrorCode::Forbidden), at(7));
    assert_eq!(preview(&client).body(), Some(&body("number 5")));
}

#[test]
fn a_notice_moves_a_conversation_up() {
    let mut client = talking();
    let renamed = Notice::Renamed {
        title: DisplayName::parse("Tea").unwrap(),
    };
    client.step(event(entry(3, THEM, Content::Notice(renamed))), at(3));
    let row = client.list_row(here()).unwrap();
    assert_eq!((row.active_at, row.summary.unread), (at(3), 1));
    assert_eq!(row.delivery, None);
}

#[test]
fn only_what_is_said_is_announced() {
    let mut client = talking();
    let left = Notice::Left { successor: None };
    for entry in [
        change(3, THEM, 2, edit("after")),
        entry(4, THEM, Content::Notice(left)),
        entry(5, THEM, Content::Deleted),
    ] {
        let effects = client.step(event(entry), at(3));
        let announced = |it: &&Effect| matches!(it, Effect::Changed(Change::Announce { .. }));
        assert_eq!(effects.iter().find(announced), None);
    }
}

#[test]
fn whoever_reacts_may_be_writing_still() {
    let mut client = talking();
    let typing = ServerFrame::Typing {
        conversation: here(),
        user: user(THEM),
        active: true,
    };
    client.step(Input::Frame(typing), at(3));
    client.step(event(change(3, THEM, 1, react("👍", true))), at(4));
    assert_eq!(client.typing(here()), [user(THEM)]);
    client.step(event(message(4, THEM)), at(5));
    assert_eq!(client.typing(here()), []);
}

#[test]
fn an_answer_keeps_what_it_answers() {
    let mut client = talking();
    let answer = Intent::Text {
        text: "yes".to_owned(),
        reply_to: Some(Seq(2)),
    };
    ask_safely(&mut client, 1, answer);
    let answers = |client: &Client| match &client.rows(here()).last().unwrap().content {
        Content::Text(text) => text.reply_to,
        other => panic!("{other:?}"),
    };
    assert_eq!(answers(&client), Some(Seq(2)));
    client.step(ack(1, 3), at(11));
    assert_eq!(answers(&client), Some(Seq(2)));
}

#[test]
fn the_newest_place_is_the_newest_that_is_shown() {
    let mut client = talking();
    assert_eq!(client.newest(here()), Seq(2));
    client.step(event(change(3, THEM, 1, react("👍", true))), at(3));
    assert_eq!(client.newest(here()), Seq(2), "nothing new to see");
    assert_eq!(new_client().newest(here()), Seq::ZERO);
}
