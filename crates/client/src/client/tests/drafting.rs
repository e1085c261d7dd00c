//! Drafts: kept here, and alike on all devices.

use protocol::{DraftBody, DraftText};

use super::*;
use crate::SavedDraft;

/// After this nothing waits for a pause any more.
const LATER: u64 = 5_000;

fn draft(text: &str) -> Draft {
    Draft {
        text: text.to_owned(),
        caret: 2,
        reply_to: Some(Seq(3)),
    }
}

fn drafted(text: &str) -> Input {
    Input::Drafted {
        conversation: here(),
        draft: (!text.is_empty()).then(|| draft(text)),
    }
}

fn in_other_tab(text: &str) -> Input {
    Input::DraftedElsewhere {
        conversation: here(),
        draft: (!text.is_empty()).then(|| draft(text)),
    }
}

fn told(text: &str) -> Input {
    let text = DraftBody::parse(text).ok();
    Input::Frame(ServerFrame::Draft {
        conversation: here(),
        draft: text.map(|text| DraftText {
            text,
            reply_to: Some(Seq(3)),
        }),
    })
}

fn saves(text: &str, told: bool) -> Effect {
    let draft = (!text.is_empty()).then(|| draft(text));
    Effect::SaveDraft(SavedDraft {
        conversation: here(),
        draft,
        told,
    })
}

/// A further connection, whose resume names these drafts.
fn reconnect(client: &mut Client, named: &[Input], now: u64) -> Vec<Effect> {
    client.step(Input::SocketClosed { code: None }, at(now));
    client.step(Input::ConnectNow, at(now));
    resume(client, named, now)
}

fn resume(client: &mut Client, named: &[Input], now: u64) -> Vec<Effect> {
    client.step(Input::SocketOpened, at(now));
    let mut effects = client.step(Input::Frame(welcome(ME)), at(now));
    let named = named.iter().cloned();
    for input in named.chain([Input::Frame(ServerFrame::Resumed)]) {
        effects.extend(client.step(input, at(now)));
    }
    effects
}

/// What is sent of drafts.
fn sent(effects: &[Effect]) -> Vec<(u32, String)> {
    let sent = frames(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::Draft { request, text, .. } => Some((request, text)),
        _ => None,
    });
    sent.collect()
}

/// What the only one says, and the number of its request.
fn one(effects: &[Effect]) -> (u32, String) {
    let mut sent = sent(effects);
    assert_eq!(sent.len(), 1, "{effects:?}");
    sent.remove(0)
}

fn kept(client: &mut Client, request: u32, now: u64) -> Vec<Effect> {
    client.step(Input::Frame(ServerFrame::DraftKept { request }), at(now))
}

fn text_of(client: &Client) -> &str {
    client.draft_of(here()).map_or("", |it| it.text.as_str())
}

#[test]
fn is_kept_at_once_and_sent_after_a_pause() {
    let mut client = live(5, 5, 0);
    client.step(Input::Open(here()), at(0));
    let effects = client.step(drafted("haan"), at(1));
    assert!(effects.contains(&saves("haan", false)), "{effects:?}");
    assert_eq!(sent(&effects), []);
    assert_eq!(client.step(drafted("haan"), at(2)), [], "nothing new");
    let (request, text) = one(&client.step(Input::Tick, at(LATER)));
    assert_eq!(text, "haan");
    let effects = kept(&mut client, request, LATER);
    assert!(effects.contains(&saves("haan", true)), "{effects:?}");
    assert_eq!(client.wishes(), 0);
    let effects = client.step(drafted(""), at(LATER));
    assert!(effects.contains(&saves("", false)));
    assert_eq!(one(&effects).1, "");
    assert_eq!(client.draft_of(here()), None);
}

#[test]
fn does_not_wait_where_the_conversation_is_left_or_the_page_is_hidden() {
    for leaving in [Input::Close, Input::BecameHidden] {
        let mut client = live(5, 5, 0);
        client.step(Input::Open(here()), at(0));
        client.step(drafted("haan"), at(1));
        assert_eq!(one(&client.step(leaving, at(2))).1, "haan");
        // The composer says the last of it when it is gone.
        assert_eq!(
            one(&client.step(drafted("haan, kal"), at(3))).1,
            "haan, kal"
        );
    }
}

#[test]
fn a_message_that_is_sent_before_its_draft_was_costs_no_frame() {
    let mut client = live(5, 5, 0);
    client.step(Input::Open(here()), at(0));
    client.step(drafted("haan"), at(1));
    let effects = client.step(drafted(""), at(2));
    assert!(effects.contains(&saves("", true)));
    assert_eq!(sent(&client.step(Input::Tick, at(LATER))), []);
}

#[test]
fn what_another_device_writes_stands_here_unless_something_else_was_written() {
    let mut client = live(5, 5, 0);
    client.step(Input::Open(here()), at(0));
    let effects = client.step(told("their words"), at(1));
    let end = Draft {
        caret: 11,
        ..draft("their words")
    };
    assert_eq!(client.draft_of(here()), Some(&end));
    assert!(effects.contains(&Effect::Changed(Change::Redrafted(here()))));
    assert!(effects.contains(&Effect::Changed(Change::List(here()))));
    assert_eq!(client.draft_before(here()), "");
    client.step(drafted("mine"), at(2));
    assert_eq!(sent(&client.step(told("theirs again"), at(3))), []);
    assert_eq!(text_of(&client), "mine");
    let (request, text) = one(&client.step(Input::Tick, at(LATER)));
    assert_eq!(text, "mine", "and is sent");
    client.step(told("once more"), at(LATER));
    assert_eq!(text_of(&client), "mine", "the server takes it after that");
    kept(&mut client, request, LATER);
    client.step(told("the last"), at(LATER));
    assert_eq!(text_of(&client), "the last");
    assert_eq!(client.draft_before(here()), "mine");
    client.step(told(""), at(LATER));
    assert_eq!(client.draft_of(here()), None, "it was sent there");
}

#[test]
fn a_resume_names_all_and_takes_away_the_others_but_not_what_is_written_here() {
    let mut client = live(5, 5, 0);
    client.step(told("theirs"), at(1));
    reconnect(&mut client, &[], 2);
    assert_eq!(client.draft_of(here()), None, "it was not named");
    client.step(Input::SocketClosed { code: None }, at(3));
    client.step(drafted("offline"), at(4));
    let effects = reconnect(&mut client, &[told("theirs")], 20_000);
    assert_eq!(text_of(&client), "offline");
    assert_eq!(one(&effects).1, "offline");
}

#[test]
fn what_the_server_cannot_read_at_present_stays_and_what_is_written_replaces_it() {
    let mut client = live(5, 5, 0);
    client.step(told("theirs"), at(1));
    let unavailable = Input::Frame(ServerFrame::DraftUnavailable {
        conversation: here(),
    });
    let effects = reconnect(&mut client, &[unavailable], 2);
    assert_eq!(text_of(&client), "theirs");
    assert_eq!(sent(&effects), []);
    let effects = client.step(drafted(""), at(3));
    assert_eq!(one(&effects).1, "", "there is something to be taken away");
    let effects = reconnect(&mut client, &[told("theirs again")], 20_000);
    assert_eq!(one(&effects).1, "", "and it is, as long as it is wished");
}

#[test]
fn what_an_earlier_page_could_not_send_is_sent_and_the_rest_is_what_the_server_says() {
    for (told_before, expected) in [(false, "mine"), (true, "theirs")] {
        let mut client = new_client();
        let saved = SavedDraft {
            conversation: here(),
            draft: Some(draft("mine")),
            told: told_before,
        };
        let restored = Restored {
            drafts: vec![saved],
            ..Restored::default()
        };
        client.step(Input::Restored(restored), at(0));
        client.step(Input::Start, at(0));
        let effects = resume(&mut client, &[told("theirs")], 1);
        assert_eq!(text_of(&client), expected);
        let sent: Vec<_> = sent(&effects).into_iter().map(|(_, text)| text).collect();
        let resent: &[&str] = if told_before { &[] } else { &["mine"] };
        assert_eq!(sent, resent);
    }
}

#[test]
fn what_another_tab_writes_is_sent_by_it_and_by_this_one_only_if_that_is_gone() {
    let mut client = live(5, 5, 0);
    client.step(in_other_tab("theirs"), at(1));
    assert_eq!(text_of(&client), "theirs");
    client.step(told("of a phone, before"), at(2));
    assert_eq!(text_of(&client), "theirs");
    assert_eq!(client.wishes(), 0);
    let effects = reconnect(&mut client, &[], 20_000);
    assert_eq!(one(&effects).1, "theirs");
    let mut client = live(5, 5, 0);
    client.step(in_other_tab("theirs"), at(1));
    client.step(told("theirs"), at(2));
    client.step(told("of a phone"), at(3));
    assert_eq!(text_of(&client), "of a phone", "the server had it");
    client.step(told(""), at(4));
    for text in ["sent at once", ""] {
        client.step(in_other_tab(text), at(5));
    }
    client.step(told("of a phone"), at(6));
    assert_eq!(text_of(&client), "of a phone");
}

#[test]
fn what_the_server_does_not_take_stays_on_this_device() {
    let mut client = live(5, 5, 0);
    client.step(drafted("mine"), at(1));
    let refused = |request| {
        Input::Frame(ServerFrame::Refused {
            request,
            code: ErrorCode::TooMany,
        })
    };
    let request = client.step(drafted("mine too"), at(2));
    client.step(refused(one(&request).0), at(3));
    assert_eq!(client.wishes(), 0);
    client.step(told(""), at(4));
    assert_eq!(text_of(&client), "mine too");
    let long = "x".repeat(protocol::limits::DRAFT_BYTES + 1);
    assert_eq!(sent(&client.step(drafted(&long), at(5))), []);
    assert_eq!((client.wishes(), text_of(&client)), (0, long.as_str()));
}
