use std::borrow::Cow;

use protocol::{
    ConversationId, ConversationKind, Message, MessageBody, Notice, Origin, Reaction, Role, SendId,
    Seq, Timestamp,
};

use super::*;
use crate::store::{Details, MemberRecord};
use crate::unread::Membership;

fn user(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

const OWNER: u8 = 1;
const AUTHOR: u8 = 2;
const MEMBER: u8 = 3;
/// Came after place 5.
const LATE: u8 = 4;
const STRANGER: u8 = 9;

fn roll(kind: ConversationKind) -> Roll<'static> {
    let members = [
        (OWNER, Role::Owner, 0),
        (AUTHOR, Role::Member, 0),
        (MEMBER, Role::Member, 0),
        (LATE, Role::Admin, 5),
    ];
    let member = |(n, role, joined_after)| {
        Membership::new(&MemberRecord {
            user: user(n),
            role,
            joined_after: Seq(joined_after),
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

fn entry(content: Content) -> Entry {
    Entry::from(Message {
        conversation: ConversationId::from_bytes([1; 16]),
        seq: Seq(5),
        author: user(AUTHOR),
        send_id: SendId::from_bytes([3; 16]),
        sent_at: Timestamp::from_millis(4),
        content,
        marks: Marks::default(),
    })
}

fn text() -> Entry {
    entry(Content::Text(MessageBody::parse("x").unwrap().into()))
}

fn edit() -> ChangeKind {
    ChangeKind::Edit(MessageBody::parse("y").unwrap())
}

fn react(emoji: &str) -> ChangeKind {
    let emoji = Emoji::parse(emoji).unwrap();
    ChangeKind::React { emoji, on: true }
}

fn decide(
    roll: &Roll<'_>,
    author: u8,
    kind: ChangeKind,
    target: Option<&Entry>,
) -> Result<(), ErrorCode> {
    let change = Change {
        target: Seq(5),
        kind,
    };
    let origin = Origin {
        seq: Seq(9),
        author: user(author),
        at: Timestamp::from_millis(9),
    };
    check(roll, origin, &change, || target)
}

#[test]
fn who_may_change_a_message() {
    let (ok, forbidden, not_found) = (Ok(()), Err(ErrorCode::Forbidden), Err(ErrorCode::NotFound));
    // For the owner, the author, another member, an admin who came later and a stranger.
    let people = [OWNER, AUTHOR, MEMBER, LATE, STRANGER];
    let table = [
        (edit(), [forbidden, ok, forbidden, not_found, not_found]),
        (
            ChangeKind::Delete,
            [ok, ok, forbidden, not_found, not_found],
        ),
        (react("👍"), [ok, ok, ok, not_found, not_found]),
        (
            ChangeKind::Pin(true),
            [ok, forbidden, forbidden, not_found, not_found],
        ),
        (
            ChangeKind::Pin(false),
            [ok, forbidden, forbidden, not_found, not_found],
        ),
        (ChangeKind::Withdrawn, [Err(ErrorCode::Malformed); 5]),
    ];
    let group = roll(ConversationKind::Group);
    for (kind, expected) in table {
        for (author, expected) in people.into_iter().zip(expected) {
            let decided = decide(&group, author, kind.clone(), Some(&text()));
            assert_eq!(decided, expected, "{author} {kind:?}");
        }
    }
    let direct = roll(ConversationKind::Direct);
    for (kind, expected) in [
        (edit(), forbidden),
        (ChangeKind::Delete, forbidden),
        (react("👍"), ok),
        (ChangeKind::Pin(true), ok),
    ] {
        let decided = decide(&direct, MEMBER, kind.clone(), Some(&text()));
        assert_eq!(decided, expected, "{kind:?}");
    }
}

#[test]
fn what_can_be_changed() {
    let group = roll(ConversationKind::Group);
    let change = Change {
        target: Seq(1),
        kind: ChangeKind::Delete,
    };
    let nothing_to_change = [
        None,
        Some(entry(Content::Unavailable)),
        Some(entry(Content::Change(change))),
        Some(entry(Content::Notice(Notice::Left { successor: None }))),
    ];
    for target in &nothing_to_change {
        for kind in [edit(), ChangeKind::Delete, react("👍")] {
            let decided = decide(&group, AUTHOR, kind, target.as_ref());
            assert_eq!(decided, Err(ErrorCode::NotFound), "{target:?}");
        }
    }
    let deleted = entry(Content::Deleted);
    for kind in [edit(), react("👍")] {
        let decided = decide(&group, AUTHOR, kind, Some(&deleted));
        assert_eq!(decided, Err(ErrorCode::NotFound));
    }
    let pin = ChangeKind::Pin(false);
    let decided = decide(&group, OWNER, pin, Some(&deleted));
    assert_eq!(decided, Err(ErrorCode::NotFound));
    // Twice deleted is deleted.
    for author in [OWNER, AUTHOR] {
        let decided = decide(&group, author, ChangeKind::Delete, Some(&deleted));
        assert_eq!(decided, Ok(()));
    }
}

#[test]
fn a_message_is_edited_so_often() {
    let group = roll(ConversationKind::Group);
    let mut target = text();
    for seq in 6..6 + EDITS_PER_MESSAGE as u64 {
        assert_eq!(decide(&group, AUTHOR, edit(), Some(&target)), Ok(()));
        let origin = Origin {
            seq: Seq(seq),
            author: user(AUTHOR),
            at: Timestamp::default(),
        };
        target.fold(origin, &edit());
    }
    let decided = decide(&group, AUTHOR, edit(), Some(&target));
    assert_eq!(decided, Err(ErrorCode::TooMany));
    assert_eq!(
        decide(&group, AUTHOR, ChangeKind::Delete, Some(&target)),
        Ok(())
    );
}

#[test]
fn reactions_end_somewhere_and_those_that_stand_stay() {
    let group = roll(ConversationKind::Group);
    let thumb = Emoji::parse("👍").unwrap();
    let reacted = |emoji: &Emoji, count: usize, also: Option<u8>| Reaction {
        emoji: emoji.clone(),
        users: (0..count as u64)
            .map(|n| UserId::from_parts(Timestamp::from_millis(7), u128::from(n)))
            .chain(also.map(user))
            .collect(),
    };
    let mut full = text();
    full.message.marks.reactions = vec![reacted(&thumb, REACTIONS_PER_MESSAGE - 1, Some(MEMBER))];
    let off = ChangeKind::React {
        emoji: thumb.clone(),
        on: false,
    };
    for (author, kind, expected) in [
        (AUTHOR, react("👍"), Err(ErrorCode::TooMany)),
        (MEMBER, react("👍"), Ok(())),
        (MEMBER, react("🎉"), Err(ErrorCode::TooMany)),
        (MEMBER, off.clone(), Ok(())),
        (AUTHOR, off, Ok(())),
    ] {
        let decided = decide(&group, author, kind.clone(), Some(&full));
        assert_eq!(decided, expected, "{author} {kind:?}");
    }
    // Of so many kinds: one more of a kind that is there, no further kind.
    let mut colourful = text();
    let kinds = (0..REACTION_KINDS as u32).map(|n| {
        let picture = char::from_u32(0x1F400 + n).unwrap().to_string();
        Emoji::parse(&picture).unwrap()
    });
    let kinds: Vec<_> = kinds.collect();
    let each = kinds.iter().map(|emoji| reacted(emoji, 1, None));
    colourful.message.marks.reactions = each.collect();
    let decided = decide(&group, AUTHOR, react(kinds[3].as_str()), Some(&colourful));
    assert_eq!(decided, Ok(()));
    let decided = decide(&group, AUTHOR, react("👍"), Some(&colourful));
    assert_eq!(decided, Err(ErrorCode::TooMany));
}

#[test]
fn so_many_messages_are_pinned() {
    let mut group = roll(ConversationKind::Group);
    group.details.to_mut().pins = (100..100 + PINS as u64).map(Seq).collect();
    let decided = decide(&group, OWNER, ChangeKind::Pin(true), Some(&text()));
    assert_eq!(decided, Err(ErrorCode::TooMany));
    let decided = decide(&group, OWNER, ChangeKind::Pin(false), Some(&text()));
    assert_eq!(decided, Ok(()));
    let mut pinned = text();
    pinned.message.marks.pinned = true;
    let decided = decide(&group, OWNER, ChangeKind::Pin(true), Some(&pinned));
    assert_eq!(decided, Ok(()));
}
