//! Polls and votes.

use protocol::{Ballot, Change, ChangeKind, Choices, Content, Intent, Lifetime, Poll, Seq, Vote};

use super::{IMRAN, NOW, ZOYA, user};

const TARGET: Seq = Seq(41);

pub(super) fn intents() -> [(&'static str, Intent); 3] {
    let poll = Intent::Poll {
        question: "Chai or coffee? چائے".to_owned(),
        answers: vec!["Chai".to_owned(), "कॉफ़ी".to_owned()],
        several: true,
        anonymous: false,
        lifetime: Lifetime::Day,
    };
    let vote = Intent::Vote {
        target: TARGET,
        choices: Choices(0b11),
    };
    let close = Intent::ClosePoll { target: TARGET };
    [
        ("send_poll", poll),
        ("send_vote", vote),
        ("send_close_poll", close),
    ]
}

/// One that two people have voted in, and that was closed.
fn poll() -> Poll {
    let answers = ["Chai", "कॉफ़ी"].map(str::to_owned);
    let poll = Poll::parse("چائے?", &answers, (true, false), Lifetime::Week).expect("a poll");
    Poll {
        closed_at: Some(NOW),
        voters: 2,
        tally: vec![2, 1],
        ballots: vec![
            Ballot(user(IMRAN), Choices(0b11)),
            Ballot(user(ZOYA), Choices(0b1)),
        ],
        ..poll
    }
}

pub(super) fn contents() -> [(&'static str, Content); 3] {
    let change = |kind| {
        Content::Change(Change {
            target: TARGET,
            kind,
        })
    };
    let vote = Vote {
        choices: Choices(0b10),
        before: Choices(0b1),
        secret: true,
    };
    [
        ("event_poll", Content::Poll(Box::new(poll()))),
        ("event_vote", change(ChangeKind::Vote(vote))),
        ("event_close", change(ChangeKind::Close)),
    ]
}
