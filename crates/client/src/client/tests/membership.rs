//! Who is in a conversation, what they have seen, what they are called, and leaving one.

use protocol::{Content, DisplayName, ErrorCode, Intent, Notice, Role, UserId};

use super::*;
use crate::SavedDraft;

fn frame(client: &mut Client, frame: ServerFrame) -> Vec<Effect> {
    client.step(Input::Frame(frame), at(5))
}

fn describe(client: &mut Client, summary: ConversationSummary) -> Vec<Effect> {
    let summary = Box::new(summary);
    frame(client, ServerFrame::Conversation { summary })
}

fn seen(client: &mut Client, who: u8, seq: u64) -> Vec<Effect> {
    let (conversation, user, seq) = (here(), user(who), Seq(seq));
    frame(
        client,
        ServerFrame::Seen {
            conversation,
            user,
            seq,
        },
    )
}

fn gone(client: &mut Client) -> Vec<Effect> {
    let conversation = here();
    frame(client, ServerFrame::Gone { conversation })
}

/// Whom the effects ask for.
fn asked(effects: &[Effect]) -> Vec<UserId> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::NeedPersons(users) => Some(users.clone()),
            _ => None,
        })
        .flatten()
        .collect()
}

/// A live client in a group of three, with these entries.
fn in_group(entries: impl IntoIterator<Item = Message>) -> Client {
    let mut client = new_client();
    client.step(Input::Start, at(0));
    connect(&mut client, at(0));
    describe(&mut client, group(0, &[ME, THEM, 3]));
    for entry in entries {
        client.step(event(entry), at(1));
    }
    client
}

#[test]
fn a_new_description_keeps_the_rows() {
    let mut client = in_group([message(1, ME), message(2, THEM)]);
    let mut described = group(2, &[ME, THEM, 3, 4]);
    described.title = Some(DisplayName::parse("Tea").unwrap());
    describe(&mut client, described.clone());
    assert_eq!(seqs(&client), [Some(1), Some(2)]);
    let summary = client.conversation(here()).unwrap();
    assert_eq!(summary.title, described.title);
    assert_eq!(summary.members.len(), 4);
}

#[test]
fn in_a_direct_conversation_own_messages_are_sent_and_then_read() {
    let mut client = live(0, 0, 0);
    for entry in [message(1, ME), message(2, THEM), message(3, ME)] {
        client.step(event(entry), at(1));
    }
    let deliveries = |client: &Client| -> Vec<Delivery> {
        client.rows(here()).map(|row| row.delivery).collect()
    };
    assert_eq!(deliveries(&client), [Delivery::Sent; 3]);
    let effects = seen(&mut client, THEM, 2);
    assert!(effects.contains(&Effect::Changed(Change::Rows(here()))));
    let (read, sent) = (Delivery::Read, Delivery::Sent);
    assert_eq!(deliveries(&client), [read, sent, sent]);
    let in_list = |client: &Client| client.list_row(here()).unwrap().delivery;
    assert_eq!(in_list(&client), Some(sent));
    seen(&mut client, THEM, 3);
    assert_eq!(deliveries(&client), [read, sent, read]);
    assert_eq!(in_list(&client), Some(read));
    // Neither an older one nor one's own means anything.
    assert_eq!(seen(&mut client, THEM, 1), []);
    assert_eq!(seen(&mut client, ME, 9), []);
    assert_eq!(deliveries(&client), [read, sent, read]);
}

#[test]
fn a_description_says_what_was_read_too() {
    let mut client = live(0, 0, 0);
    client.step(event(message(1, ME)), at(1));
    let mut described = summary(1, 1, 0);
    described.last_message = Some(message(1, ME));
    described.members[1].read_seq = Seq(1);
    describe(&mut client, described);
    let row = client.rows(here()).next().unwrap();
    assert_eq!(row.delivery, Delivery::Read);
}

#[test]
fn in_a_group_is_told_who_has_seen_what() {
    let mut client = in_group([message(1, ME), message(2, THEM)]);
    seen(&mut client, THEM, 2);
    seen(&mut client, 3, 1);
    assert_eq!(client.seen_by(here(), Seq(1)), [user(THEM), user(3)]);
    assert_eq!(client.seen_by(here(), Seq(2)), [], "not by its author");
    seen(&mut client, 3, 2);
    assert_eq!(client.seen_by(here(), Seq(2)), [user(3)]);
    let row = client.rows(here()).next().unwrap();
    assert_eq!(row.delivery, Delivery::Sent, "there are more than one");
}

#[test]
fn of_a_conversation_one_is_no_longer_in_nothing_is_kept() {
    let mut client = in_group([message(1, ME), message(2, THEM)]);
    client.step(Input::Open(here()), at(2));
    client.step(Input::LoadOlder(here()), at(2));
    // Held back beyond a gap, so that a page is under way.
    let effects = client.step(event(message(9, THEM)), at(3));
    let [ClientFrame::Fetch { request, .. }] = frames(&effects)[..] else {
        panic!("{effects:?}");
    };
    let effects = gone(&mut client);
    assert!(effects.contains(&Effect::ForgetConversation(here())));
    assert!(effects.contains(&Effect::Changed(Change::Gone(here()))));
    let saves = |it: &&Effect| {
        matches!(
            it,
            Effect::SaveMessages { .. } | Effect::SaveConversations(_)
        )
    };
    assert_eq!(effects.iter().find(saves), None);
    assert!(client.list().is_empty() && client.conversation(here()).is_none());
    assert_eq!(seqs(&client), []);

    let page = HistoryPage {
        conversation: here(),
        messages: (3..=8).map(|seq| message(seq, THEM)).collect(),
        last_seq: Seq(9),
    };
    assert_eq!(frame(&mut client, ServerFrame::Page { request, page }), []);
    client.step(Input::SocketClosed { code: None }, at(6));
    client.step(Input::ConnectNow, at(7));
    let resume = Vec::new();
    let effects = client.step(Input::SocketOpened, at(7));
    assert_eq!(frames(&effects), [ClientFrame::Hello { resume }]);
}

#[test]
fn whoever_is_taken_in_again_begins_anew() {
    let mut client = in_group([message(1, ME), message(2, THEM)]);
    client.step(Input::Open(here()), at(2));
    gone(&mut client);
    let effects = describe(&mut client, group(7, &[ME, THEM]));
    assert_eq!(client.list(), [here()]);
    let wants = |it: &ClientFrame| matches!(it, ClientFrame::Fetch { .. });
    assert!(frames(&effects).iter().any(wants), "it is on screen still");
}

#[test]
fn what_was_meant_for_it_has_failed_and_is_not_lost() {
    let mut client = in_group([message(1, ME)]);
    write_safely(&mut client, 1, at(2));
    let rename = Intent::Rename {
        title: "Tea".to_owned(),
    };
    let (conversation, intent) = (here(), rename.clone());
    let input = Input::Send {
        conversation,
        intent,
        send_id: send_id(2),
    };
    client.step(input, at(3));
    let effects = gone(&mut client);
    let failures = client.failures();
    assert_eq!(failures.len(), 2);
    assert_eq!(failures[0].intent, text("a text"));
    assert_eq!(failures[1].intent, rename);
    let code = Some(ErrorCode::NotFound);
    for failure in &failures {
        assert_eq!(failure.delivery, Delivery::Failed { code });
        let failed = Change::SendFailed {
            conversation: here(),
            send_id: failure.send_id,
        };
        assert!(effects.contains(&Effect::Changed(failed)));
        assert!(!effects.contains(&Effect::ForgetOutbox(failure.send_id)));
    }
    // One was in time all the same.
    let effects = client.step(ack(1, 2), at(6));
    assert!(effects.contains(&Effect::ForgetOutbox(send_id(1))));
    assert!(client.list().is_empty());
    let discard = Input::Discard {
        send_id: send_id(2),
    };
    client.step(discard, at(7));
    assert!(client.failures().is_empty());
}

#[test]
fn leaving_is_done_when_one_is_out() {
    let mut client = in_group([message(1, ME)]);
    let (conversation, send_id) = (here(), send_id(1));
    let intent = Intent::Leave;
    let input = Input::Send {
        conversation,
        intent,
        send_id,
    };
    client.step(input, at(2));
    client.step(Input::Saved { send_id }, at(2));
    assert_eq!(client.waiting(here()).len(), 1);
    // The ack was lost.
    let effects = gone(&mut client);
    assert!(effects.contains(&Effect::ForgetOutbox(send_id)));
    assert_eq!((client.failures().len(), client.unsent()), (0, 0));
}

#[test]
fn an_ack_of_leaving_comes_before_the_end() {
    let mut client = in_group([message(1, ME)]);
    let (conversation, intent) = (here(), Intent::Leave);
    let send = Input::Send {
        conversation,
        intent,
        send_id: send_id(1),
    };
    client.step(send, at(2));
    let send_id = send_id(1);
    client.step(Input::Saved { send_id }, at(2));
    let effects = client.step(ack(1, 2), at(3));
    assert!(effects.contains(&Effect::ForgetOutbox(send_id)));
    gone(&mut client);
    assert_eq!((client.failures().len(), client.unsent()), (0, 0));
}

#[test]
fn a_new_name_is_shown_wherever_they_are_a_member() {
    let mut client = in_group([message(1, ME)]);
    let elsewhere = ConversationId::from_bytes([8; 16]);
    let mut described = group(0, &[ME, THEM]);
    described.id = elsewhere;
    describe(&mut client, described.clone());
    let name = DisplayName::parse("Somebody Else").unwrap();
    described.members[1].person.display_name = name.clone();
    let effects = describe(&mut client, described);
    for change in [Change::Person(user(THEM)), Change::List(here())] {
        assert!(effects.contains(&Effect::Changed(change)), "{effects:?}");
    }
    for id in [here(), elsewhere] {
        let summary = client.conversation(id).unwrap();
        assert_eq!(summary.members[1].person.display_name, name);
    }
    assert_eq!(client.person(user(THEM)).unwrap().display_name, name);
}

#[test]
fn names_of_an_earlier_connection_are_asked_for_again() {
    let mut client = in_group([message(1, ME)]);
    client.step(Input::SocketClosed { code: None }, at(5));
    client.step(Input::ConnectNow, at(6));
    client.step(Input::SocketOpened, at(6));
    let me = person(ME);
    let session = SessionId::from_bytes([1; 16]);
    let now = at(6);
    frame(&mut client, ServerFrame::Welcome { me, session, now });
    let effects = frame(&mut client, ServerFrame::Resumed);
    assert_eq!(asked(&effects), [user(THEM), user(3)]);
}

#[test]
fn who_is_not_known_by_name_is_asked_for() {
    let mut client = in_group([message(1, ME)]);
    let users = vec![user(5), user(THEM)];
    let added = entry(2, 4, Content::Notice(Notice::Added { users }));
    let effects = client.step(event(added), at(2));
    assert_eq!(asked(&effects), [user(4), user(5)]);
    assert_eq!(asked(&client.step(event(message(3, 4)), at(3))), []);

    let effects = client.step(Input::Persons(vec![person(4)]), at(4));
    let learned = Effect::Changed(Change::Person(user(4)));
    assert!(effects.contains(&learned));
    assert_eq!(client.person(user(4)), Some(&person(4)));
    assert_eq!(client.person(user(THEM)), Some(&person(THEM)));
    // There was no answer for the other one.
    client.step(Input::SocketClosed { code: None }, at(5));
    let effects = client.step(Input::NameThese(vec![user(6), user(4)]), at(6));
    assert_eq!(asked(&effects), [], "there is no connection");
    client.step(Input::ConnectNow, at(7));
    let effects = connect(&mut client, at(7));
    // The members as well: they may be called differently by now.
    assert_eq!(asked(&effects), [THEM, 3, 5, 6].map(user));
}

#[test]
fn a_name_that_changes_is_told() {
    let mut client = in_group([]);
    let mut described = group(0, &[ME, THEM]);
    let name = DisplayName::parse("Another").unwrap();
    described.members[1].person.display_name = name.clone();
    let effects = describe(&mut client, described);
    assert!(effects.contains(&Effect::Changed(Change::Person(user(THEM)))));
    let person = client.person(user(THEM)).unwrap();
    assert_eq!(person.display_name, name);
}

#[test]
fn what_a_notice_says_of_members_is_so_at_once() {
    let mut client = in_group([message(1, ME)]);
    let left = Notice::Left {
        successor: Some(user(3)),
    };
    client.step(event(entry(2, THEM, Content::Notice(left))), at(2));
    let summary = client.conversation(here()).unwrap();
    let members: Vec<_> = summary
        .members
        .iter()
        .map(|it| (it.person.id, it.role))
        .collect();
    let expected = [(user(ME), Role::Owner), (user(3), Role::Owner)];
    assert_eq!(members, expected);
    assert_eq!(summary.member_count, 2);
}

#[test]
fn an_ack_of_what_was_written_before_one_was_gone_brings_nothing_back() {
    let written = OutboxEntry {
        send_id: send_id(7),
        conversation: here(),
        intent: text("in time"),
        after: Seq(2),
        written_at: at(0),
        order: 1,
    };
    // The tab was closed before the draft was forgotten with everything else.
    let draft = SavedDraft {
        conversation: here(),
        draft: Some(Draft {
            text: "half a thought".to_owned(),
            caret: 4,
            reply_to: None,
        }),
        told: true,
    };
    let mut client = new_client();
    let restored = Restored {
        outbox: vec![written],
        drafts: vec![draft],
        ..Restored::default()
    };
    client.step(Input::Restored(restored), at(0));
    client.step(Input::Start, at(0));
    connect(&mut client, at(0));
    let effects = client.step(ack(7, 3), at(1));
    assert!(effects.contains(&Effect::ForgetOutbox(send_id(7))));
    let saves = |it: &&Effect| matches!(it, Effect::SaveMessages { .. });
    assert_eq!(effects.iter().find(saves), None);
    assert_eq!(client.unsent(), 0);
}
