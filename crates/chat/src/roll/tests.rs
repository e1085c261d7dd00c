use protocol::{Description, DisplayName, GroupSettings, Lifespan, SlowMode, Timestamp};

use super::*;

fn user(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

fn member(n: u8, role: Role) -> Membership {
    Membership::new(&MemberRecord {
        user: user(n),
        role,
        joined_after: Seq::ZERO,
        joined_at: Timestamp::from_millis(u64::from(n)),
        read_seq: Seq::ZERO,
        delivered_seq: Seq::ZERO,
        preferences: Preferences::default(),
        wrote_at: None,
        dismissals: None,
    })
}

/// The owner is 1, 2 and 3 are admins, 4 and 5 members.
fn group() -> Roll<'static> {
    let roles = [
        Role::Owner,
        Role::Admin,
        Role::Admin,
        Role::Member,
        Role::Member,
    ];
    let members = (1..).zip(roles).map(|(n, role)| member(n, role)).collect();
    Roll {
        kind: ConversationKind::Group,
        members: Cow::Owned(members),
        details: Cow::Owned(Details::default()),
    }
}

fn by(n: u8, seq: u64) -> Origin {
    Origin {
        seq: Seq(seq),
        author: user(n),
        at: Timestamp::from_millis(1_000),
    }
}

fn roles(roll: &Roll<'_>) -> Vec<(UserId, Role)> {
    roll.members.iter().map(|m| (m.user, m.role)).collect()
}

/// Decides as somebody, with accounts up to 200.
fn decide(roll: &Roll<'_>, author: u8, manage: Manage) -> Result<Notice, ErrorCode> {
    roll.notice(user(author), manage, |user| user.to_bytes()[0] <= 200)
}

fn title(text: &str) -> DisplayName {
    DisplayName::parse(text).unwrap()
}

const OWNER: u8 = 1;
const ADMIN: u8 = 2;
const MEMBER: u8 = 4;
const STRANGER: u8 = 9;

#[test]
fn who_may_do_what_to_a_group() {
    let settings = GroupSettings {
        announcements_only: true,
        history_for_new: false,
    };
    let forbidden = Err(ErrorCode::Forbidden);
    let done = Ok(());
    // What is asked for, and the answers to the owner, an admin and a member.
    let table = [
        (Manage::Rename(title("x")), [done, done, forbidden]),
        (Manage::Describe(None), [done, done, forbidden]),
        (Manage::Configure(settings), [done, done, forbidden]),
        (Manage::Add(vec![user(20)]), [done, done, forbidden]),
        (Manage::Remove(user(5)), [done, done, forbidden]),
        (Manage::Remove(user(3)), [done, forbidden, forbidden]),
        (Manage::Remove(user(OWNER)), [forbidden; 3]),
        (Manage::Leave, [done; 3]),
        (
            Manage::SetRole(user(5), Role::Admin),
            [done, forbidden, forbidden],
        ),
        (Manage::SetRole(user(OWNER), Role::Member), [forbidden; 3]),
        // Of somebody who is not in it.
        (
            Manage::Remove(user(20)),
            [
                Err(ErrorCode::NotFound),
                Err(ErrorCode::NotFound),
                forbidden,
            ],
        ),
        (
            Manage::SetRole(user(20), Role::Owner),
            [Err(ErrorCode::NotFound), forbidden, forbidden],
        ),
    ];
    for (manage, expected) in table {
        for (author, expected) in [OWNER, ADMIN, MEMBER].into_iter().zip(expected) {
            let decided = decide(&group(), author, manage.clone()).map(|_| ());
            assert_eq!(decided, expected, "{author} {manage:?}");
        }
        let decided = decide(&group(), STRANGER, manage.clone());
        assert_eq!(decided, Err(ErrorCode::NotFound), "{manage:?}");
        for kind in [ConversationKind::Direct, ConversationKind::Notes] {
            let mut roll = group();
            roll.kind = kind;
            let decided = decide(&roll, OWNER, manage.clone());
            assert_eq!(decided, Err(ErrorCode::Forbidden), "{kind:?} {manage:?}");
        }
    }
}

#[test]
fn only_those_are_added_who_exist_and_are_not_in_it() {
    let add = |users: &[u8]| {
        let users = users.iter().map(|n| user(*n)).collect();
        decide(&group(), OWNER, Manage::Add(users))
    };
    let added = |users: &[u8]| {
        let users = users.iter().map(|n| user(*n)).collect();
        Ok(Notice::Added { users })
    };
    assert_eq!(add(&[30, 20, 5, 20, 250]), added(&[20, 30]));
    for nobody in [&[][..], &[1, 5], &[250]] {
        assert_eq!(add(nobody), Err(ErrorCode::NotFound), "{nobody:?}");
    }
}

#[test]
fn a_group_has_an_end() {
    let mut roll = group();
    let crowd = (0..GROUP_MEMBERS as u64 - 6).map(|n| {
        let mut member = member(0, Role::Member);
        member.user = UserId::from_parts(Timestamp::from_millis(1), u128::from(n));
        member
    });
    let mut members = roll.members.into_owned();
    members.extend(crowd);
    members.sort_unstable_by_key(|member| member.user);
    roll.members = Cow::Owned(members);
    let add = |roll: &Roll<'_>, users: &[u8]| {
        let users = users.iter().map(|n| user(*n)).collect();
        decide(roll, OWNER, Manage::Add(users)).map(|_| ())
    };
    assert_eq!(add(&roll, &[20, 21]), Err(ErrorCode::TooMany));
    assert_eq!(add(&roll, &[20]), Ok(()));
    let one = Notice::Added {
        users: vec![user(20)],
    };
    roll.apply(by(OWNER, 9), &Content::Notice(one));
    assert_eq!(roll.members.len(), GROUP_MEMBERS);
    assert_eq!(add(&roll, &[21]), Err(ErrorCode::TooMany));
    assert_eq!(add(&roll, &[20]), Err(ErrorCode::NotFound));
}

/// What somebody asks for is decided and applied.
fn happen(roll: &mut Roll<'_>, author: u8, manage: Manage) -> Shift {
    let notice = decide(roll, author, manage).unwrap();
    roll.apply(by(author, 9), &Content::Notice(notice))
}

#[test]
fn whoever_comes_reads_from_there_or_everything() {
    for (history_for_new, joined_after) in [(false, 8), (true, 0)] {
        let mut roll = group();
        roll.details.to_mut().settings.history_for_new = history_for_new;
        let shift = happen(&mut roll, ADMIN, Manage::Add(vec![user(20)]));
        let expected = Shift {
            added: vec![user(20)],
            gone: vec![],
            restated: true,
            answered: false,
        };
        assert_eq!(shift, expected);
        let member = roll.member(user(20)).unwrap();
        assert_eq!(member.joined_after, Seq(joined_after));
        assert_eq!(member.read_seq, Seq(8), "what was there is not unread");
        assert_eq!(member.joined_at, Timestamp::from_millis(1_000));
        assert_eq!(member.role, Role::Member);
        assert!(!member.told);
        assert!(roll.members.is_sorted_by_key(|member| member.user));
    }
}

#[test]
fn ownership_passes_on() {
    let mut roll = group();
    let shift = happen(&mut roll, OWNER, Manage::Leave);
    assert_eq!(shift.gone, [user(OWNER)]);
    assert_eq!(roll.member(user(2)).unwrap().role, Role::Owner);
    // Whoever does not own it leaves it as it is.
    let shift = happen(&mut roll, MEMBER, Manage::Leave);
    assert_eq!(shift.gone, [user(MEMBER)]);
    let left = [
        (user(2), Role::Owner),
        (user(3), Role::Admin),
        (user(5), Role::Member),
    ];
    assert_eq!(roles(&roll), left);
    // It is handed over.
    happen(&mut roll, 2, Manage::SetRole(user(5), Role::Owner));
    let handed = [
        (user(2), Role::Admin),
        (user(3), Role::Admin),
        (user(5), Role::Owner),
    ];
    assert_eq!(roles(&roll), handed);
    // Until nobody is left.
    for author in [5, 3, 2] {
        happen(&mut roll, author, Manage::Leave);
    }
    assert_eq!(roles(&roll), []);
}

#[test]
fn details_follow_their_notices() {
    let mut roll = group();
    let description = Description::parse("about chai").unwrap();
    let settings = GroupSettings {
        announcements_only: true,
        history_for_new: true,
    };
    for manage in [
        Manage::Rename(title("Chai")),
        Manage::Describe(Some(description.clone())),
        Manage::Configure(settings),
        Manage::SlowMode(SlowMode::Minute),
        Manage::SetLifespan(Some(Lifespan::Day)),
    ] {
        assert!(happen(&mut roll, ADMIN, manage).restated);
    }
    let expected = Details {
        title: Some(title("Chai")),
        description: Some(description),
        settings,
        pins: vec![],
        slow_mode: SlowMode::Minute,
        lifespan: Some(Lifespan::Day),
        request: None,
    };
    assert_eq!(*roll.details, expected);
}

#[test]
fn pins_stand_in_the_order_of_pinning_and_go_with_their_message() {
    let mut roll = group();
    let mut change = |target, kind| {
        let change = Change {
            target: Seq(target),
            kind,
        };
        let shift = roll.apply(by(ADMIN, 50), &Content::Change(change));
        (roll.details.pins.clone(), shift.restated)
    };
    let pin = |target: u64| (target, ChangeKind::Pin(true));
    let unpin = |target: u64| (target, ChangeKind::Pin(false));
    for ((target, kind), expected, restated) in [
        (pin(3), vec![3], true),
        (pin(1), vec![1, 3], true),
        (pin(3), vec![1, 3], false),
        (pin(7), vec![7, 1, 3], true),
        (unpin(9), vec![7, 1, 3], false),
        (unpin(1), vec![7, 3], true),
        ((3, ChangeKind::Delete), vec![7], true),
        ((3, ChangeKind::Delete), vec![7], false),
    ] {
        let expected: Vec<_> = expected.into_iter().map(Seq).collect();
        assert_eq!(change(target, kind), (expected, restated));
    }
}

#[test]
fn what_is_written_is_the_difference() {
    let before = group();
    let mut after = before.clone();
    assert_eq!(changes(&before.members, &after.members), []);
    for (author, manage) in [
        (OWNER, Manage::Remove(user(3))),
        (OWNER, Manage::SetRole(user(4), Role::Admin)),
        (OWNER, Manage::Add(vec![user(3), user(20)])),
        (OWNER, Manage::Remove(user(20))),
        (OWNER, Manage::Add(vec![user(0)])),
        (OWNER, Manage::Remove(user(5))),
        // There and back again.
        (OWNER, Manage::SetRole(user(2), Role::Member)),
        (OWNER, Manage::SetRole(user(2), Role::Admin)),
    ] {
        happen(&mut after, author, manage);
    }
    let joined = |n: u8| {
        MemberChange::Joined(MemberRecord {
            user: user(n),
            role: Role::Member,
            joined_after: Seq(8),
            joined_at: Timestamp::from_millis(1_000),
            read_seq: Seq(8),
            delivered_seq: Seq::ZERO,
            preferences: Preferences::default(),
            wrote_at: None,
            dismissals: None,
        })
    };
    let expected = [
        joined(0),
        joined(3),
        MemberChange::Role {
            user: user(4),
            role: Role::Admin,
            wrote_at: None,
        },
        MemberChange::Left(user(5)),
    ];
    assert_eq!(changes(&before.members, &after.members), expected);
    assert_eq!(changes(&after.members, &[]).len(), after.members.len());
}

fn link(maker: u8) -> InviteRecord {
    InviteRecord {
        id: protocol::InviteId::from_bytes([1; 16]),
        hash: [2; 32],
        conversation: protocol::ConversationId::from_bytes([3; 16]),
        made_by: user(maker),
        made_at: Timestamp::from_millis(1),
        expires_at: Some(Timestamp::from_millis(100)),
        limit: Some(2),
        used: 1,
    }
}

#[test]
fn who_comes_by_which_link() {
    let roll = group();
    let joins = |user: u8, link: Option<&InviteRecord>, is_barred, now| {
        let now = Timestamp::from_millis(now);
        roll.joins(self::user(user), link, is_barred, now)
    };
    let nowhere = Err(ErrorCode::NotFound);
    let (by_owner, by_admin) = (link(OWNER), link(ADMIN));
    let used_up = InviteRecord {
        used: 2,
        ..link(OWNER)
    };
    for (by, link) in [(OWNER, &by_owner), (ADMIN, &by_admin)] {
        let joined = Ok(Notice::Joined { by: user(by) });
        assert_eq!(joins(STRANGER, Some(link), false, 99), joined);
        assert_eq!(joins(STRANGER, Some(link), true, 99), nowhere);
        assert_eq!(joins(STRANGER, Some(link), false, 100), nowhere);
        let inside = joins(MEMBER, Some(link), false, 99);
        assert_eq!(inside, Err(ErrorCode::Forbidden));
    }
    for link in [None, Some(&used_up), Some(&link(MEMBER)), Some(&link(77))] {
        assert_eq!(joins(STRANGER, link, false, 99), nowhere, "{link:?}");
    }
    for kind in [ConversationKind::Direct, ConversationKind::Notes] {
        let mut roll = group();
        roll.kind = kind;
        let now = Timestamp::from_millis(1);
        let joined = roll.joins(user(STRANGER), Some(&by_owner), false, now);
        assert_eq!(joined, nowhere);
    }
}

#[test]
fn whoever_comes_by_a_link_is_a_member_from_that_entry_on() {
    let mut roll = group();
    let joined = Notice::Joined { by: user(OWNER) };
    let shift = roll.apply(by(STRANGER, 8), &Content::Notice(joined.clone()));
    assert_eq!(shift.added, [user(STRANGER)]);
    let newcomer = roll.member(user(STRANGER)).unwrap();
    assert_eq!(
        (newcomer.role, newcomer.joined_after),
        (Role::Member, Seq(7))
    );
    // Whoever is in it already stays what they are.
    let again = roll.apply(by(OWNER, 9), &Content::Notice(joined));
    assert_eq!(again.added, []);
    assert_eq!(roll.member(user(OWNER)).unwrap().role, Role::Owner);
}

#[test]
fn whoever_is_deleted_leaves_whatever_the_rules_say() {
    let mut roll = group();
    let left = |successor| Ok(Notice::Left { successor });
    assert_eq!(decide(&roll, OWNER, Manage::Depart), left(Some(user(2))));
    assert_eq!(decide(&roll, MEMBER, Manage::Depart), left(None));
    let stranger = decide(&roll, STRANGER, Manage::Depart);
    assert_eq!(stranger, Err(ErrorCode::NotFound));

    roll.kind = ConversationKind::Direct;
    roll.members.to_mut().truncate(2);
    let leave = decide(&roll, OWNER, Manage::Leave);
    assert_eq!(leave, Err(ErrorCode::Forbidden));
    assert!(roll.permit(user(2), Action::Send).is_ok());
    let notice = decide(&roll, ADMIN, Manage::Depart).unwrap();
    roll.apply(by(ADMIN, 9), &Content::Notice(notice));
    // Who is left behind reads on, and nobody would get what they write.
    for (action, expected) in [
        (Action::Read, None),
        (Action::DeleteOwn, None),
        (Action::Send, Some(ErrorCode::AccountGone)),
    ] {
        assert_eq!(
            roll.permit(user(OWNER), action).err(),
            expected,
            "{action:?}"
        );
    }
}
