use super::*;
use crate::fixtures::message as entry;
use crate::limits::POLL_NAMED;
use crate::{Change, Content, Message, Seq};

const AUTHOR: UserId = UserId::from_bytes([1; 16]);
const MEERA: UserId = UserId::from_bytes([2; 16]);
const IMRAN: UserId = UserId::from_bytes([3; 16]);

fn parse(question: &str, answers: &[&str]) -> Result<Poll, TextError> {
    let answers: Vec<String> = answers.iter().map(ToString::to_string).collect();
    Poll::parse(question, &answers, (true, false), Lifetime::Forever)
}

fn poll(anonymous: bool) -> Poll {
    let poll = parse("Chai or coffee?", &["Chai", "Coffee", "Water"]).unwrap();
    Poll { anonymous, ..poll }
}

fn asked(anonymous: bool) -> Message {
    entry(1, AUTHOR, Content::Poll(Box::new(poll(anonymous))))
}

fn of(message: &Message) -> &Poll {
    match &message.content {
        Content::Poll(poll) => poll,
        other => panic!("{other:?}"),
    }
}

/// A vote as the server stores it.
fn vote(on: &mut Message, seq: u64, voter: UserId, choices: u16) -> Message {
    let poll = of(on);
    let kind = ChangeKind::Vote(Vote {
        choices: Choices(choices),
        before: poll.ballot(voter).unwrap_or_default(),
        secret: poll.anonymous,
    });
    let target = on.seq;
    let entry = entry(seq, voter, Content::Change(Change { target, kind }));
    fold(on, &entry);
    entry
}

fn fold(on: &mut Message, change: &Message) {
    let Content::Change(what) = &change.content else {
        panic!("{change:?}");
    };
    assert!(on.fold(change.into(), &what.kind));
}

#[test]
fn what_is_asked_is_checked() {
    let long = "x".repeat(81);
    let cases: [(&str, &[&str], TextError); 8] = [
        (" ", &["a", "b"], TextError::Empty),
        ("q", &["a", "\t"], TextError::Empty),
        ("q", &["a"], TextError::TooShort),
        ("q", &["a"; 11], TextError::TooLong),
        ("q", &["a", " a "], TextError::InvalidFormat),
        ("q", &["a", &long], TextError::TooLong),
        ("q\u{202e}", &["a", "b"], TextError::ForbiddenCharacter),
        (&"x".repeat(201), &["a", "b"], TextError::TooLong),
    ];
    for (question, answers, why) in cases {
        assert_eq!(parse(question, answers), Err(why), "{question} {answers:?}");
    }
    let most = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
    assert_eq!(
        parse(" کون\n سا؟", &most).unwrap().question.as_str(),
        "کون سا؟"
    );
}

#[test]
fn one_chooses_what_there_is() {
    let several = poll(false);
    let one = Poll {
        several: false,
        ..several.clone()
    };
    for (choices, of_several, of_one) in [
        (0, true, true),
        (0b1, true, true),
        (0b100, true, true),
        (0b101, true, false),
        (0b1000, false, false),
        (u16::MAX, false, false),
    ] {
        let choices = Choices(choices);
        assert_eq!(several.takes(choices), of_several, "{choices:?}");
        assert_eq!(one.takes(choices), of_one, "{choices:?}");
    }
    let most = vec!["x".to_owned(); POLL_ANSWERS_MAX];
    assert!(most.len() < 16, "each answer has a bit");
    assert_eq!(Choices::one(16), Choices::NONE);
    let both = Choices::one(0).with(2, true);
    assert_eq!(both, Choices(0b101));
    assert_eq!(both.with(0, false), Choices::one(2));
}

#[test]
fn the_last_vote_of_everybody_counts() {
    let mut asked = asked(false);
    vote(&mut asked, 2, MEERA, 0b11);
    vote(&mut asked, 3, IMRAN, 0b1);
    vote(&mut asked, 4, MEERA, 0b100);
    assert_eq!(
        (of(&asked).voters, &of(&asked).tally[..]),
        (2, &[1, 0, 1][..])
    );
    vote(&mut asked, 5, IMRAN, 0);
    vote(&mut asked, 6, IMRAN, 0);
    assert_eq!(
        (of(&asked).voters, &of(&asked).tally[..]),
        (1, &[0, 0, 1][..])
    );
    assert_eq!(of(&asked).ballots, [Ballot(MEERA, Choices(0b100))]);
    assert_eq!(asked.marks.version, Seq(6));
}

#[test]
fn it_ends_once() {
    let mut asked = asked(false);
    let at = Timestamp::from_millis;
    assert!(of(&asked).is_open(at(10), at(u64::MAX)));
    for seq in [4, 5] {
        let kind = ChangeKind::Close;
        let target = asked.seq;
        let close = entry(seq, AUTHOR, Content::Change(Change { target, kind }));
        fold(&mut asked, &close);
    }
    assert_eq!(of(&asked).closed_at, Some(at(40)));
    assert!(!of(&asked).is_open(at(10), at(40)));

    let hour = Poll {
        lifetime: Lifetime::Hour,
        ..poll(false)
    };
    assert!(hour.is_open(at(10), at(3_600_009)));
    assert!(!hour.is_open(at(10), at(3_600_010)));
}

#[test]
fn whoever_hears_less_counts_the_same() {
    for anonymous in [false, true] {
        let mut stored = asked(anonymous);
        let mut told = [AUTHOR, MEERA, IMRAN].map(|viewer| (viewer, stored.clone()));
        for (seq, voter, choices) in [
            (2, MEERA, 0b1),
            (3, IMRAN, 0b11),
            (4, MEERA, 0b10),
            (5, IMRAN, 0),
            (6, AUTHOR, 0b100),
            (7, MEERA, 0b110),
        ] {
            let entry = vote(&mut stored, seq, voter, choices);
            for (viewer, told) in &mut told {
                let heard = entry.clone().told_to(*viewer, Seq::ZERO);
                let knows = !anonymous || voter == *viewer;
                assert_eq!(heard.author, if knows { voter } else { NOBODY });
                fold(told, &heard);
                assert_eq!(
                    *told,
                    stored.clone().told_to(*viewer, Seq::ZERO),
                    "{viewer} {seq}"
                );
            }
        }
    }
}

#[test]
fn of_an_anonymous_poll_nobody_learns_who() {
    let mut stored = asked(true);
    let entry = vote(&mut stored, 2, MEERA, 0b1);
    for message in [&stored, &entry] {
        assert!(message.is_confidential());
        assert_eq!(message.confidants(), [MEERA]);
        let bytes = crate::pack(&message.clone().told_to(IMRAN, Seq::ZERO)).unwrap();
        let meera = MEERA.to_bytes();
        assert!(!bytes.windows(meera.len()).any(|w| w == meera));
    }
    let own = stored.clone().told_to(MEERA, Seq::ZERO);
    assert_eq!(of(&own).ballot(MEERA), Some(Choices(0b1)));
    assert_eq!(entry.told_to(MEERA, Seq::ZERO).author, MEERA);
}

#[test]
fn so_many_are_named_and_one_self() {
    let mut stored = asked(false);
    let user = |n: u64| UserId::from_parts(Timestamp::from_millis(n), 1);
    let last = POLL_NAMED as u64 + 5;
    for n in 1..=last {
        vote(&mut stored, n + 1, user(n), 0b1);
    }
    assert_eq!(
        of(&stored.clone().told_to(NOBODY, Seq::ZERO)).ballots.len(),
        POLL_NAMED
    );
    let own = stored.clone().told_to(user(last), Seq::ZERO);
    assert_eq!(of(&own).ballots.len(), POLL_NAMED + 1);
    assert_eq!(stored.confidants().len(), 5);
    assert_eq!(u64::from(of(&own).voters), last);
}

#[test]
fn the_largest_poll_fits_into_a_frame() {
    let wide = |graphemes: usize, bytes: usize, n: usize| {
        let text = "\"".repeat(graphemes - 2) + &format!("{n:02}");
        assert!(text.len() <= bytes);
        text
    };
    let answers: Vec<String> = (0..10).map(|n| wide(80, 640, n)).collect();
    let poll = Poll::parse(
        &wide(200, 1_600, 0),
        &answers,
        (true, false),
        Lifetime::Week,
    );
    let mut message = entry(
        u64::MAX / 20,
        AUTHOR,
        Content::Poll(Box::new(poll.unwrap())),
    );
    for n in 0..=crate::limits::REACTIONS_PER_MESSAGE as u64 {
        let user = UserId::from_parts(Timestamp::from_millis(n), 1);
        let kind = n % crate::limits::REACTION_KINDS as u64;
        let origin = Origin {
            seq: Seq(message.seq.0 + n + 1),
            author: user,
            at: Timestamp::from_millis(u64::MAX),
        };
        let emoji = "👨‍👩‍👧‍👦".to_owned() + &"\u{1f3fb}".repeat(usize::try_from(kind).unwrap() % 9);
        let vote = Vote::own(Choices(0b11_1111_1111));
        message.fold(origin, &ChangeKind::Vote(vote));
        if let Ok(emoji) = crate::Emoji::parse(&emoji) {
            let origin = Origin {
                seq: origin.seq,
                ..origin
            };
            message.marks.version = Seq(0);
            message.fold(origin, &ChangeKind::React { emoji, on: true });
        }
    }
    let message = message.told_to(NOBODY, Seq::ZERO);
    assert_eq!(of(&message).ballots.len(), POLL_NAMED);
    let frame = crate::ServerFrame::Event { message };
    for codec in [crate::Codec::Json, crate::Codec::Binary] {
        let bytes = codec.encode(&frame).unwrap();
        assert!(bytes.len() <= crate::limits::FRAME_BYTES, "{}", bytes.len());
    }
}
