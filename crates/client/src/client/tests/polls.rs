//! Polls and votes of one's own and of others.

use protocol::poll::NOBODY;
use protocol::{ChangeKind, Choices, Content, ErrorCode, Intent, Lifetime, Poll, Vote};

use super::changes::{ask_safely, ids, reject, shown};
use super::*;

fn poll() -> Poll {
    let answers = ["Sea", "Hills"].map(str::to_owned);
    Poll::parse("Where to?", &answers, (false, true), Lifetime::Forever).unwrap()
}

const fn vote(choices: u16) -> Intent {
    Intent::Vote {
        target: Seq(1),
        choices: Choices(choices),
    }
}

fn of(client: &Client) -> Poll {
    match shown(client, 1).content {
        Content::Poll(poll) => *poll,
        other => panic!("{other:?}"),
    }
}

/// What somebody unknown does, as others are told of it.
fn somebody(seq: u64, before: u16, choices: u16) -> Input {
    let kind = ChangeKind::Vote(Vote {
        choices: Choices(choices),
        before: Choices(before),
        secret: true,
    });
    let mut entry = change(seq, THEM, 1, kind);
    entry.author = NOBODY;
    event(entry)
}

fn asked() -> Client {
    let mut client = live(0, 0, 0);
    let content = Content::Poll(Box::new(poll()));
    client.step(event(entry(1, THEM, content)), at(1));
    client
}

#[test]
fn a_vote_shows_at_once_waits_offline_and_is_sent_once() {
    let mut client = asked();
    client.step(Input::SocketClosed { code: None }, at(3));
    ask_safely(&mut client, 1, vote(0b1));
    assert_eq!((of(&client).voters, of(&client).tally), (1, vec![1, 0]));
    assert!(shown(&client, 1).waiting);
    // Another choice takes the place of the one that nobody has heard of.
    let effects = ask_safely(&mut client, 2, vote(0b10));
    assert!(effects.contains(&Effect::ForgetOutbox(send_id(1))));
    assert_eq!((of(&client).voters, of(&client).tally), (1, vec![0, 1]));

    client.step(Input::Tick, at(60_000));
    let effects = connect(&mut client, at(60_000));
    assert_eq!(ids(&effects), [send_id(2)]);
    client.step(somebody(2, 0, 0b10), at(60_001));
    assert_eq!((of(&client).voters, of(&client).tally), (2, vec![0, 2]));
    client.step(ack(2, 3), at(60_002));
    assert_eq!((of(&client).voters, of(&client).tally), (2, vec![0, 2]));
    assert_eq!(of(&client).ballot(user(ME)), Some(Choices(0b10)));
    assert!(!shown(&client, 1).waiting);
    assert_eq!(client.unsent(), 0);
}

#[test]
fn to_choose_what_is_chosen_is_nothing() {
    let mut client = asked();
    assert!(ids(&ask_safely(&mut client, 1, vote(0))).is_empty());
    ask_safely(&mut client, 2, vote(0b1));
    client.step(ack(2, 2), at(11));
    assert!(ids(&ask_safely(&mut client, 3, vote(0b1))).is_empty());
    assert_eq!(ids(&ask_safely(&mut client, 4, vote(0))), [send_id(4)]);
    assert_eq!(of(&client).voters, 0);
}

#[test]
fn votes_of_nobody_are_counted_and_nobody_is_asked_for() {
    let mut client = asked();
    for (seq, before, choices) in [(2, 0, 0b1), (3, 0, 0b1), (4, 0b1, 0b10), (5, 0b10, 0)] {
        let effects = client.step(somebody(seq, before, choices), at(seq));
        let asks = |effect: &Effect| matches!(effect, Effect::NeedPersons(_));
        assert!(!effects.iter().any(asks), "{effects:?}");
    }
    assert_eq!((of(&client).voters, of(&client).tally), (1, vec![1, 0]));
    assert!(of(&client).ballots.is_empty());
}

#[test]
fn what_came_too_late_is_told_and_does_not_count() {
    let mut client = asked();
    ask_safely(&mut client, 1, vote(0b1));
    let effects = client.step(reject(1, ErrorCode::PollClosed), at(11));
    assert_eq!(of(&client).voters, 0);
    let failed = Change::SendFailed {
        conversation: here(),
        send_id: send_id(1),
    };
    assert!(effects.contains(&Effect::Changed(failed)), "{effects:?}");
}

#[test]
fn a_poll_of_ones_own_is_a_row_at_once_and_a_vote_shows_no_reading() {
    let mut client = live(0, 0, 0);
    let intent = Intent::Poll {
        question: "Where to?".to_owned(),
        answers: ["Sea", "Hills"].map(str::to_owned).into(),
        several: false,
        anonymous: true,
        lifetime: Lifetime::Forever,
    };
    ask_safely(&mut client, 1, intent);
    assert_eq!(client.rows(here()).count(), 1);
    client.step(ack(1, 1), at(11));
    assert_eq!(of(&client), poll());
    assert_eq!(client.conversation(here()).unwrap().read_seq, Seq(1));
    ask_safely(&mut client, 2, vote(0b1));
    client.step(ack(2, 2), at(12));
    assert_eq!(client.conversation(here()).unwrap().read_seq, Seq(1));
}
