use std::borrow::Cow;

use protocol::limits::POLL_ANSWERS_MAX;
use protocol::{
    Ballot, Choices, ConversationId, ConversationKind, Lifetime, Marks, MessageBody, Role, SendId,
    Seq, Timestamp, UserId,
};

use super::*;
use crate::store::{Details, MemberRecord};
use crate::unread::Membership;

const OWNER: UserId = UserId::from_bytes([1; 16]);
const AUTHOR: UserId = UserId::from_bytes([2; 16]);
const MEMBER: UserId = UserId::from_bytes([3; 16]);
const HOUR: u64 = 3_600_000;

fn roll(kind: ConversationKind) -> Roll<'static> {
    let members = [
        (OWNER, Role::Owner),
        (AUTHOR, Role::Member),
        (MEMBER, Role::Member),
    ];
    let member = |(user, role)| {
        Membership::new(&MemberRecord {
            user,
            role,
            joined_after: Seq::ZERO,
            joined_at: Timestamp::default(),
            read_seq: Seq::ZERO,
            delivered_seq: Seq::ZERO,
            preferences: protocol::Preferences::default(),
            wrote_at: None,
            dismissals: None,
        })
    };
    Roll {
        kind,
        members: Cow::Owned(members.map(member).into()),
        details: Cow::Owned(Details::default()),
    }
}

fn message(content: Content) -> Message {
    Message {
        conversation: ConversationId::from_bytes([1; 16]),
        seq: Seq(5),
        author: AUTHOR,
        send_id: SendId::from_bytes([3; 16]),
        sent_at: Timestamp::from_millis(1_000),
        content,
        marks: Marks::default(),
    }
}

fn poll(anonymous: bool) -> Poll {
    let answers = ["Chai", "Coffee"].map(str::to_owned);
    Poll::parse("Which?", &answers, (false, anonymous), Lifetime::Hour).unwrap()
}

fn asked(poll: Poll) -> Message {
    message(Content::Poll(Box::new(poll)))
}

fn by(author: UserId, at: u64) -> Origin {
    Origin {
        seq: Seq(9),
        author,
        at: Timestamp::from_millis(at),
    }
}

fn vote(choices: u16) -> ChangeKind {
    ChangeKind::Vote(Vote::own(Choices(choices)))
}

#[test]
fn a_vote_is_taken_until_the_end_and_no_longer() {
    let group = roll(ConversationKind::Group);
    let decide = |message: &Message, at| check(&group, by(MEMBER, at), message, &vote(1));
    let open = asked(poll(false));
    assert_eq!(decide(&open, 1_000 + HOUR - 1), Ok(()));
    assert_eq!(decide(&open, 1_000 + HOUR), Err(ErrorCode::PollClosed));
    let closed = asked(Poll {
        closed_at: Some(Timestamp::from_millis(2_000)),
        ..poll(false)
    });
    assert_eq!(decide(&closed, 2_001), Err(ErrorCode::PollClosed));
    let text = message(Content::Text(MessageBody::parse("x").unwrap().into()));
    assert_eq!(decide(&text, 2_001), Err(ErrorCode::NotFound));
}

#[test]
fn one_votes_for_what_there_is() {
    let group = roll(ConversationKind::Group);
    for (choices, expected) in [
        (0b00, Ok(())),
        (0b10, Ok(())),
        (0b11, Err(ErrorCode::Malformed)),
        (1 << POLL_ANSWERS_MAX, Err(ErrorCode::Malformed)),
    ] {
        let decided = check(
            &group,
            by(MEMBER, 1_001),
            &asked(poll(false)),
            &vote(choices),
        );
        assert_eq!(decided, expected, "{choices:b}");
    }
}

#[test]
fn its_author_closes_it_or_an_admin() {
    for (kind, who, expected) in [
        (ConversationKind::Group, AUTHOR, Ok(())),
        (ConversationKind::Group, OWNER, Ok(())),
        (ConversationKind::Group, MEMBER, Err(ErrorCode::Forbidden)),
        (ConversationKind::Direct, AUTHOR, Ok(())),
        (ConversationKind::Direct, OWNER, Err(ErrorCode::Forbidden)),
    ] {
        let roll = roll(kind);
        let closing = check(
            &roll,
            by(who, 2_000),
            &asked(poll(false)),
            &ChangeKind::Close,
        );
        assert_eq!(closing, expected, "{kind:?} {who}");
    }
}

#[test]
fn whoever_has_voted_may_change_it_where_nobody_else_finds_room() {
    let group = roll(ConversationKind::Group);
    let ballots = (0..POLL_VOTERS as u64).map(|n| {
        let user = UserId::from_parts(Timestamp::from_millis(n), 7);
        Ballot(user, Choices(1))
    });
    let ballots: Vec<Ballot> = ballots.collect();
    let voter = ballots[7].0;
    let full = asked(Poll {
        ballots,
        ..poll(false)
    });
    let decide = |who| check(&group, by(who, 1_001), &full, &vote(2));
    assert_eq!(decide(MEMBER), Err(ErrorCode::TooMany));
    assert_eq!(decide(voter), Ok(()));
}

#[test]
fn what_is_written_says_what_it_takes_the_place_of() {
    for anonymous in [false, true] {
        let asked = asked(Poll {
            ballots: vec![Ballot(MEMBER, Choices(1))],
            ..poll(anonymous)
        });
        let target = Seq(5);
        let written = |who| {
            let kind = vote(2);
            complete(Change { target, kind }, by(who, 1_001), Some(&asked)).kind
        };
        let expected = |before| {
            ChangeKind::Vote(Vote {
                choices: Choices(2),
                before: Choices(before),
                secret: anonymous,
            })
        };
        assert_eq!(written(MEMBER), expected(1));
        assert_eq!(written(OWNER), expected(0));
    }
}
