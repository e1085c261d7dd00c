//! Conversations, who is in them, and how far each has read.

use std::sync::Arc;

use protocol::{ConversationId, ConversationKind, DisplayName, Role, Seq};

use super::{
    HOSTILE, ROUNDS, Shared, append, assert_taken, conversation, conversation_id, group, invites,
    member, race, user_id,
};
use chat::{
    Checkpoint, ConversationRecord, Created, Details, IndexCursor, IndexKey, IndexRow, IndexSave,
    MemberRecord, MessageRow, Singleton, Unique,
};

fn direct(a: u64, b: u64) -> Singleton {
    Singleton::direct(user_id(a), user_id(b))
}

async fn make_direct(store: &Shared, number: u64, a: u64, b: u64) -> Created {
    let record = conversation(number, ConversationKind::Direct);
    let members = [member(a), member(b)];
    store
        .create_conversation(&record, &members, Some(direct(a, b)), None)
        .await
        .unwrap()
}

async fn inbox(store: &Shared, user: u64) -> Vec<ConversationId> {
    store.conversations_of(user_id(user), 100).await.unwrap()
}

pub async fn a_conversation_is_made_with_its_members(store: &Shared) {
    let kinds = [
        ConversationKind::Direct,
        ConversationKind::Notes,
        ConversationKind::Group,
    ];
    for (number, kind) in (1..).zip(kinds) {
        let is_group = kind == ConversationKind::Group;
        let record = ConversationRecord {
            details: Details {
                title: is_group.then(|| DisplayName::parse("दोस्त").unwrap()),
                ..Details::default()
            },
            ..conversation(number, kind)
        };
        let members = [
            MemberRecord {
                role: Role::Owner,
                joined_after: Seq(7),
                read_seq: Seq(9),
                ..member(3)
            },
            MemberRecord {
                role: Role::Admin,
                ..member(1)
            },
            member(2),
        ];
        let made = store
            .create_conversation(&record, &members, None, None)
            .await;
        assert_eq!(made.unwrap(), Created::New);
        let found = store.conversation(record.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(&record));
        let [third, first, second] = members;
        let found = store.members(record.id).await.unwrap();
        assert_eq!(found, [first, second, third]);
    }
}

pub async fn unknown_conversations_are_empty(store: &Shared) {
    group(store, 1).await;
    let unknown = conversation_id(2);
    assert_eq!(store.conversation(unknown).await.unwrap(), None);
    assert_eq!(store.members(unknown).await.unwrap(), []);
    assert_eq!(inbox(store, 3).await, []);
}

pub async fn a_conversation_id_is_taken_once(store: &Shared) {
    let id = group(store, 1).await;
    let first = store.conversation(id).await.unwrap();
    let second = conversation(1, ConversationKind::Notes);
    let outcome = store
        .create_conversation(&second, &[member(3)], None, None)
        .await;
    assert_taken(outcome, Unique::Id);
    assert_eq!(store.conversation(id).await.unwrap(), first);
    assert_eq!(store.members(id).await.unwrap(), [member(1), member(2)]);
}

pub async fn a_refused_conversation_leaves_nothing_behind(store: &Shared) {
    group(store, 1).await;
    let refused = conversation(1, ConversationKind::Direct);
    let members = [member(3), member(4)];
    let singleton = Some(direct(3, 4));
    let outcome = store
        .create_conversation(&refused, &members, singleton, None)
        .await;
    assert_taken(outcome, Unique::Id);
    assert_eq!(inbox(store, 3).await, []);
    // The singleton is free.
    assert_eq!(make_direct(store, 2, 3, 4).await, Created::New);
    assert_eq!(inbox(store, 3).await, [conversation_id(2)]);
}

pub async fn the_conversations_of_somebody_come_newest_first(store: &Shared) {
    // Made in another order than their ids have.
    for number in [5, 1, 4, 2, 3] {
        group(store, number).await;
    }
    let other = conversation(9, ConversationKind::Notes);
    let made = store
        .create_conversation(&other, &[member(3)], None, None)
        .await;
    assert_eq!(made.unwrap(), Created::New);

    let all = [5, 4, 3, 2, 1].map(conversation_id);
    assert_eq!(inbox(store, 1).await, all);
    assert_eq!(inbox(store, 2).await, all);
    assert_eq!(inbox(store, 3).await, [other.id]);
    for limit in 0..=5 {
        let found = store.conversations_of(user_id(1), limit).await.unwrap();
        assert_eq!(found, all[..limit]);
    }
}

pub async fn a_singleton_is_made_once(store: &Shared) {
    assert_eq!(make_direct(store, 1, 1, 2).await, Created::New);
    let first = Created::Existing(conversation_id(1));
    assert_eq!(make_direct(store, 2, 1, 2).await, first);
    assert_eq!(make_direct(store, 3, 2, 1).await, first);
    // Also with the id that exists.
    assert_eq!(make_direct(store, 1, 2, 1).await, first);
    let second = store.conversation(conversation_id(2)).await.unwrap();
    assert_eq!(second, None);
    assert_eq!(store.members(conversation_id(2)).await.unwrap(), []);
    assert_eq!(inbox(store, 1).await, [conversation_id(1)]);
    assert_eq!(inbox(store, 2).await, [conversation_id(1)]);
}

pub async fn singletons_of_others_are_others(store: &Shared) {
    assert_eq!(make_direct(store, 1, 1, 2).await, Created::New);
    assert_eq!(make_direct(store, 2, 1, 3).await, Created::New);
    assert_eq!(make_direct(store, 3, 2, 3).await, Created::New);
    for (number, user) in [(4, 1), (5, 2)] {
        let record = conversation(number, ConversationKind::Notes);
        let notes = Some(Singleton::Notes(user_id(user)));
        for expected in [Created::New, Created::Existing(record.id)] {
            let made = store
                .create_conversation(&record, &[member(user)], notes, None)
                .await;
            assert_eq!(made.unwrap(), expected);
        }
    }
    assert_eq!(inbox(store, 1).await, [4, 2, 1].map(conversation_id));
    assert_eq!(inbox(store, 2).await, [5, 3, 1].map(conversation_id));
}

pub async fn of_two_that_make_one_singleton_one_finds_it(store: &Shared) {
    for round in 1..=ROUNDS {
        let (a, b) = (100 * round + 1, 100 * round + 2);
        let tasks = [(2 * round, a, b), (2 * round + 1, b, a)].map(|(number, one, other)| {
            let store = Arc::clone(store);
            async move { make_direct(&store, number, one, other).await }
        });
        let outcomes = race(tasks.into()).await;
        let numbers = [2 * round, 2 * round + 1].map(conversation_id);
        let expected = if outcomes[0] == Created::New {
            numbers[0]
        } else {
            numbers[1]
        };
        let news = outcomes.iter().filter(|it| **it == Created::New).count();
        let existing = Created::Existing(expected);
        assert_eq!(news, 1, "{outcomes:?}");
        assert!(outcomes.contains(&existing), "{outcomes:?}");
        assert_eq!(inbox(store, a).await, [expected]);
        assert_eq!(inbox(store, b).await, [expected]);
    }
}

pub async fn hostile_texts_of_a_conversation_come_back_unchanged(store: &Shared) {
    for (number, text) in (1..).zip(HOSTILE) {
        let record = ConversationRecord {
            details: Details {
                title: Some(DisplayName::parse(text).unwrap()),
                ..Details::default()
            },
            wrapped_key: text.bytes().chain(0..=u8::MAX).collect(),
            ..conversation(number, ConversationKind::Group)
        };
        let made = store
            .create_conversation(&record, &[member(1)], None, None)
            .await;
        assert_eq!(made.unwrap(), Created::New);
        let found = store.conversation(record.id).await.unwrap();
        assert_eq!(found, Some(record));
    }
    assert_eq!(inbox(store, 1).await.len(), HOSTILE.len());
}

pub async fn a_conversation_is_erased_step_by_step(store: &Shared) {
    let record = conversation(1, ConversationKind::Direct);
    assert_eq!(make_direct(store, 1, 1, 2).await, Created::New);
    let other = group(store, 2).await;
    let key = IndexKey {
        conversation: record.id,
        level: 1,
        block: 1,
        shard: 1,
    };
    let bytes = bytes::Bytes::from_static(b"index");
    let save = IndexSave {
        conversation: record.id,
        rows: vec![IndexRow { key, bytes }],
        removed: Vec::new(),
        cursor: IndexCursor {
            version: 1,
            built_to: Seq(5),
            followed_to: Seq(5),
            ..IndexCursor::default()
        },
    };
    store.save_index(&save).await.unwrap();
    let row = |conversation, seq| MessageRow {
        conversation,
        seq: Seq(seq),
        bytes: b"text".to_vec().into(),
    };
    let rows: Vec<_> = (1..=5).map(|seq| row(record.id, seq)).collect();
    let checkpoint = Checkpoint {
        conversation: record.id,
        seq: Seq(5),
    };
    append(store, &rows, &[checkpoint]).await.unwrap();
    append(store, &[row(other, 1)], &[]).await.unwrap();
    invites::fill(store, record.id, 7, 6).await;
    invites::fill(store, other, 8, 2).await;

    // It stays in its members' lists until nothing else is left, so that it is found again.
    assert!(!store.erase_conversation(record.id, 2).await.unwrap());
    assert_eq!(inbox(store, 1).await, [other, record.id]);
    let left = store.messages(record.id, Seq(1), Seq(9)).await.unwrap();
    assert!(left.len() < 5, "{}", left.len());
    let mut steps = 1;
    while !store.erase_conversation(record.id, 2).await.unwrap() {
        steps += 1;
        assert!(steps < 20, "it comes to an end");
    }
    assert_eq!(store.messages(record.id, Seq(1), Seq(9)).await.unwrap(), []);
    assert_eq!(store.index_rows(&[key]).await.unwrap(), []);
    assert_eq!(store.index_cursors(&[record.id]).await.unwrap(), []);
    assert_eq!(store.checkpoint(record.id).await.unwrap(), Seq::ZERO);
    assert_eq!(store.members(record.id).await.unwrap(), []);
    assert_eq!(store.conversation(record.id).await.unwrap(), None);
    let links = store.invites();
    assert_eq!(links.of(record.id).await.unwrap(), []);
    assert_eq!(links.of(other).await.unwrap().len(), 1);
    assert!(!links.is_barred(record.id, user_id(7)).await.unwrap());
    assert_eq!(inbox(store, 1).await, [other]);
    assert!(store.erase_conversation(record.id, 2).await.unwrap());
    // The other one is whole, and what was asked for once is not made anew.
    assert_eq!(
        store.messages(other, Seq(1), Seq(9)).await.unwrap().len(),
        2
    );
    let again = make_direct(store, 3, 1, 2).await;
    assert_eq!(again, Created::Existing(record.id));
}
