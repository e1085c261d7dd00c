use protocol::{
    ConversationId, ConversationKind, DisplayName, GroupSettings, Lifetime, Member, Person, Role,
    Seq, Username,
};

use super::*;

const ME: UserId = UserId::from_bytes([1; 16]);
const OTHER: UserId = UserId::from_bytes([2; 16]);

fn summary(kind: ConversationKind, role: Role) -> ConversationSummary {
    let member = Member {
        person: Person {
            id: ME,
            username: Username::parse("zoya").unwrap(),
            display_name: DisplayName::parse("Zoya").unwrap(),
        },
        role,
        read_seq: Seq::ZERO,
        delivered_seq: Seq::ZERO,
    };
    ConversationSummary {
        id: ConversationId::from_bytes([9; 16]),
        kind,
        title: None,
        description: None,
        settings: GroupSettings::default(),
        members: vec![member],
        member_count: 2,
        pins: Vec::new(),
        created_at: Timestamp::from_millis(1),
        last_seq: Seq::ZERO,
        last_message: None,
        read_seq: Seq::ZERO,
        unread: 0,
        preferences: protocol::Preferences::default(),
        mentions: 0,
        slow_mode: protocol::SlowMode::Off,
        lifespan: None,
        request: None,
    }
}

#[test]
fn everybody_votes_while_it_is_open_and_its_author_or_an_admin_closes_it() {
    let answers = ["Sea", "Hills"].map(str::to_owned);
    let poll = Poll::parse("Where?", &answers, (false, false), Lifetime::Hour).unwrap();
    let at = |millis| Some(Timestamp::from_millis(millis));
    let both = Offered {
        vote: true,
        close: true,
    };
    let vote = Offered {
        close: false,
        ..both
    };
    let nothing = Offered::default();
    let (direct, group) = (ConversationKind::Direct, ConversationKind::Group);
    for (kind, role, author, asked_at, expected) in [
        (group, Role::Member, ME, at(1), both),
        (group, Role::Member, OTHER, at(1), vote),
        (group, Role::Admin, OTHER, at(1), both),
        (direct, Role::Member, ME, at(1), both),
        (direct, Role::Member, OTHER, at(1), vote),
        (group, Role::Owner, ME, None, nothing),
    ] {
        let summary = summary(kind, role);
        let now = Timestamp::from_millis(10);
        let offered = Offered::of(&summary, ME, (&poll, author, asked_at), now);
        assert_eq!(offered, expected, "{kind:?} {role:?} {author}");
    }
    let late = Timestamp::from_millis(3_600_001);
    let group = summary(group, Role::Owner);
    assert_eq!(Offered::of(&group, ME, (&poll, ME, at(1)), late), nothing);
}

#[test]
fn parts_are_rounded_and_nothing_of_nothing_is_nothing() {
    for (part, whole, expected) in [
        (0, 0, 0),
        (0, 3, 0),
        (1, 3, 33),
        (2, 3, 67),
        (1, 200, 1),
        (3, 3, 100),
        (u32::MAX, u32::MAX, 100),
        (5, 0, 0),
    ] {
        assert_eq!(percent(part, whole), expected, "{part} of {whole}");
    }
}
