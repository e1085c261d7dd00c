//! What an append writes beside new rows, and reading rows that lie apart.

use std::sync::Arc;

use protocol::{
    ConversationId, ConversationKind, Description, DisplayName, GroupSettings, Role, SendId, Seq,
    SlowMode, Timestamp,
};

use super::{
    HOSTILE, NOW, ROUNDS, Shared, append, assert_taken, conversation, conversation_id, group,
    member, race, user_id,
};
use chat::{
    Append, ConversationRecord, Created, Details, MemberChange, MemberRecord, MessageRow,
    ReadCursor, Singleton, Unique,
};

fn row(conversation: ConversationId, seq: u64, text: &str) -> MessageRow {
    MessageRow {
        conversation,
        seq: Seq(seq),
        bytes: text.as_bytes().to_vec().into(),
    }
}

async fn texts(store: &Shared, id: ConversationId) -> Vec<String> {
    let rows = store.messages(id, Seq(1), Seq(1 << 40)).await.unwrap();
    let text = |row: MessageRow| String::from_utf8(row.bytes.to_vec()).unwrap();
    rows.into_iter().map(text).collect()
}

async fn three_rows(store: &Shared, id: ConversationId) {
    let rows = [row(id, 1, "one"), row(id, 2, "two"), row(id, 3, "three")];
    append(store, &rows, &[]).await.unwrap();
}

async fn change(store: &Shared, id: ConversationId, changes: &[MemberChange]) {
    let members = changes.iter().map(|change| (id, change.clone())).collect();
    let append = Append {
        members,
        ..Append::default()
    };
    store.append(&append).await.unwrap();
}

async fn inbox(store: &Shared, user: u64) -> Vec<ConversationId> {
    store.conversations_of(user_id(user), 100).await.unwrap()
}

fn newcomer(number: u64) -> MemberRecord {
    MemberRecord {
        role: Role::Admin,
        joined_after: Seq(5),
        joined_at: NOW.plus_millis(77),
        read_seq: Seq(6),
        ..member(number)
    }
}

fn details() -> Details {
    Details {
        title: Some(DisplayName::parse("دوست").unwrap()),
        description: Some(Description::parse("first line\nsecond line").unwrap()),
        settings: GroupSettings {
            announcements_only: true,
            history_for_new: true,
        },
        pins: vec![Seq(7), Seq(1), Seq(1 << 53)],
        slow_mode: SlowMode::FiveMinutes,
        lifespan: Some(protocol::Lifespan::Week),
        request: Some(protocol::Request {
            by: user_id(3),
            written: 4,
        }),
    }
}

pub async fn rows_are_found_wherever_they_are(store: &Shared) {
    let (first, second) = (group(store, 1).await, group(store, 2).await);
    three_rows(store, first).await;
    three_rows(store, second).await;
    let places = [
        (second, Seq(3)),
        (first, Seq(1)),
        (first, Seq(9)),
        (conversation_id(3), Seq(1)),
        (second, Seq(1)),
    ];
    let mut found = store.rows(&places).await.unwrap();
    found.sort_by_key(|row| (row.conversation, row.seq));
    let expected = [
        row(first, 1, "one"),
        row(second, 1, "one"),
        row(second, 3, "three"),
    ];
    assert_eq!(found, expected);
    assert_eq!(store.rows(&[]).await.unwrap(), []);
}

pub async fn a_rewritten_row_is_the_new_one(store: &Shared) {
    let (first, second) = (group(store, 1).await, group(store, 2).await);
    three_rows(store, first).await;
    three_rows(store, second).await;
    let append = Append {
        rows: vec![row(first, 4, "four"), row(second, 4, "four")],
        rewritten: vec![row(first, 2, "TWO"), row(second, 1, "")],
        ..Append::default()
    };
    store.append(&append).await.unwrap();
    assert_eq!(texts(store, first).await, ["one", "TWO", "three", "four"]);
    assert_eq!(texts(store, second).await, ["", "two", "three", "four"]);
    // Again, and without a new row.
    let append = Append {
        rewritten: vec![row(first, 2, "again")],
        ..Append::default()
    };
    store.append(&append).await.unwrap();
    assert_eq!(texts(store, first).await, ["one", "again", "three", "four"]);
}

pub async fn members_come_and_go_with_their_entry(store: &Shared) {
    let id = group(store, 1).await;
    let append = Append {
        rows: vec![row(id, 1, "one")],
        members: vec![
            (id, MemberChange::Left(user_id(1))),
            (id, MemberChange::Joined(newcomer(3))),
        ],
        ..Append::default()
    };
    store.append(&append).await.unwrap();
    assert_eq!(store.members(id).await.unwrap(), [member(2), newcomer(3)]);
    assert_eq!(inbox(store, 1).await, []);
    assert_eq!(inbox(store, 2).await, [id]);
    assert_eq!(inbox(store, 3).await, [id]);
    assert_eq!(texts(store, id).await, ["one"]);
    // The last ones go; the conversation stays.
    let gone = [
        MemberChange::Left(user_id(2)),
        MemberChange::Left(user_id(3)),
    ];
    change(store, id, &gone).await;
    assert_eq!(store.members(id).await.unwrap(), []);
    assert!(store.conversation(id).await.unwrap().is_some());
    // Whoever is not in it cannot leave it, which is no error.
    change(store, id, &gone).await;
}

pub async fn a_role_changes_and_nothing_else(store: &Shared) {
    let id = group(store, 1).await;
    change(store, id, &[MemberChange::Joined(newcomer(3))]).await;
    let cursor = ReadCursor {
        conversation: id,
        user: user_id(3),
        seq: Seq(9),
        delivered: Seq::ZERO,
        moved: None,
    };
    store.save_read_cursors(&[cursor]).await.unwrap();
    let role = |number, role| MemberChange::Role {
        user: user_id(number),
        role,
        wrote_at: None,
    };
    change(store, id, &[role(3, Role::Owner), role(1, Role::Admin)]).await;
    let expected = [
        MemberRecord {
            role: Role::Admin,
            ..member(1)
        },
        member(2),
        MemberRecord {
            role: Role::Owner,
            read_seq: Seq(9),
            ..newcomer(3)
        },
    ];
    assert_eq!(store.members(id).await.unwrap(), expected);
}

pub async fn whoever_comes_back_begins_anew(store: &Shared) {
    let id = group(store, 1).await;
    change(store, id, &[MemberChange::Joined(newcomer(1))]).await;
    assert_eq!(store.members(id).await.unwrap(), [newcomer(1), member(2)]);
    change(store, id, &[MemberChange::Left(user_id(1))]).await;
    change(store, id, &[MemberChange::Joined(member(1))]).await;
    assert_eq!(store.members(id).await.unwrap(), [member(1), member(2)]);
    assert_eq!(inbox(store, 1).await, [id]);
}

pub async fn details_are_replaced(store: &Shared) {
    let (id, other) = (group(store, 1).await, group(store, 2).await);
    let before = store.conversation(id).await.unwrap().unwrap();
    for details in [details(), Details::default(), details()] {
        let append = Append {
            details: vec![(id, details.clone())],
            ..Append::default()
        };
        store.append(&append).await.unwrap();
        let found = store.conversation(id).await.unwrap();
        let expected = ConversationRecord {
            details,
            ..before.clone()
        };
        assert_eq!(found, Some(expected));
    }
    let untouched = store.conversation(other).await.unwrap().unwrap();
    assert_eq!(untouched.details, Details::default());
}

/// When somebody last wrote in slow mode is kept beside their role, and a further one takes its
/// place; whoever comes back begins anew.
pub async fn when_somebody_wrote_in_slow_mode_is_kept(store: &Shared) {
    let id = group(store, 1).await;
    let wrote = |millis| MemberChange::Role {
        user: user_id(1),
        role: Role::Member,
        wrote_at: Some(Timestamp::from_millis(millis)),
    };
    for millis in [1_700_000_000_000, 1_700_000_060_000] {
        change(store, id, &[wrote(millis)]).await;
        let found = store.members(id).await.unwrap();
        let found = found.iter().find(|it| it.user == user_id(1)).unwrap();
        let at = Some(Timestamp::from_millis(millis));
        assert_eq!((found.role, found.wrote_at), (Role::Member, at));
    }
    change(store, id, &[MemberChange::Left(user_id(1))]).await;
    change(store, id, &[MemberChange::Joined(newcomer(1))]).await;
    let found = store.members(id).await.unwrap();
    let found = found.iter().find(|it| it.user == user_id(1)).unwrap();
    assert_eq!(found.wrote_at, None);
}

pub async fn hostile_details_come_back_unchanged(store: &Shared) {
    let id = group(store, 1).await;
    for text in HOSTILE {
        let details = Details {
            title: Some(DisplayName::parse(text).unwrap()),
            description: Some(Description::parse(text).unwrap()),
            ..details()
        };
        let append = Append {
            details: vec![(id, details.clone())],
            ..Append::default()
        };
        store.append(&append).await.unwrap();
        let found = store.conversation(id).await.unwrap().unwrap();
        assert_eq!(found.details, details);
    }
}

pub async fn everything_of_a_refused_append_is_refused(store: &Shared) {
    let id = group(store, 1).await;
    three_rows(store, id).await;
    let refused = Append {
        rows: vec![row(id, 4, "four"), row(id, 3, "taken")],
        rewritten: vec![row(id, 1, "ONE")],
        members: vec![
            (id, MemberChange::Left(user_id(1))),
            (id, MemberChange::Joined(newcomer(3))),
        ],
        details: vec![(id, details())],
        ..Append::default()
    };
    assert_taken(store.append(&refused).await, Unique::Place);
    assert_eq!(texts(store, id).await, ["one", "two", "three"]);
    assert_eq!(store.members(id).await.unwrap(), [member(1), member(2)]);
    assert_eq!(inbox(store, 1).await, [id]);
    assert_eq!(inbox(store, 3).await, []);
    let found = store.conversation(id).await.unwrap().unwrap();
    assert_eq!(found.details, Details::default());
}

pub async fn a_role_and_a_cursor_at_once_both_stay(store: &Shared) {
    let id = group(store, 1).await;
    for round in 1..=ROUNDS {
        let role = if round % 2 == 0 {
            Role::Member
        } else {
            Role::Admin
        };
        let roles = {
            let store = Arc::clone(store);
            async move {
                let user = user_id(1);
                let wrote_at = None;
                let role = MemberChange::Role {
                    user,
                    role,
                    wrote_at,
                };
                change(&store, id, &[role]).await;
            }
        };
        let cursors = {
            let store = Arc::clone(store);
            async move {
                let cursor = ReadCursor {
                    conversation: id,
                    user: user_id(1),
                    seq: Seq(round),
                    delivered: Seq::ZERO,
                    moved: None,
                };
                store.save_read_cursors(&[cursor]).await.unwrap();
            }
        };
        let tasks: Vec<std::pin::Pin<Box<dyn Future<Output = ()> + Send>>> =
            vec![Box::pin(roles), Box::pin(cursors)];
        race(tasks).await;
        let found = store.members(id).await.unwrap();
        assert_eq!((found[0].role, found[0].read_seq), (role, Seq(round)));
    }
}

pub async fn a_conversation_begins_with_its_first_entry(store: &Shared) {
    let record = ConversationRecord {
        details: details(),
        ..conversation(1, ConversationKind::Group)
    };
    let first = row(record.id, 1, "made");
    let made = store
        .create_conversation(&record, &[member(1)], None, Some(&first))
        .await;
    assert_eq!(made.unwrap(), Created::New);
    assert_eq!(texts(store, record.id).await, ["made"]);
    let taken = append(store, &[first], &[]).await;
    assert_taken(taken, Unique::Place);
    let found = store.conversation(record.id).await.unwrap();
    assert_eq!(found, Some(record));
}

pub async fn a_group_is_made_once_for_each_request(store: &Shared) {
    let send_id = |n| SendId::from_parts(NOW, n);
    let asked = [
        (1, Singleton::Group(user_id(1), send_id(1))),
        (2, Singleton::Group(user_id(1), send_id(2))),
        (3, Singleton::Group(user_id(2), send_id(1))),
    ];
    for expected_new in [true, false] {
        for (number, singleton) in asked {
            // A repetition comes with another id.
            let id = if expected_new { number } else { number + 10 };
            let record = conversation(id, ConversationKind::Group);
            let first = row(record.id, 1, "made");
            let made = store
                .create_conversation(&record, &[member(1)], Some(singleton), Some(&first))
                .await
                .unwrap();
            let existing = Created::Existing(conversation_id(number));
            assert_eq!(made, if expected_new { Created::New } else { existing });
        }
    }
    assert_eq!(texts(store, conversation_id(11)).await, [""; 0]);
    assert_eq!(inbox(store, 1).await, [3, 2, 1].map(conversation_id));
}
