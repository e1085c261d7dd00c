//! Which messages are in which thread, and how far they were seen.

use protocol::{ConversationId, SavedPlace, SeenThread, Seq};

use super::{NOW, Shared, conversation_id, group, race, user_id};
use chat::{AnswerRecord, Append, MessageRow, SeenRecord, StoreError};

fn answer(conversation: u64, root: u64, seq: u64) -> AnswerRecord {
    AnswerRecord {
        conversation: conversation_id(conversation),
        root: Seq(root),
        seq: Seq(seq),
    }
}

async fn append(store: &Shared, answers: Vec<AnswerRecord>) -> Result<(), StoreError> {
    let rows = answers.iter();
    let rows = rows.map(|it| MessageRow {
        conversation: it.conversation,
        seq: it.seq,
        bytes: b"answer".as_slice().into(),
    });
    let append = Append {
        rows: rows.collect(),
        answers,
        ..Append::default()
    };
    store.append(&append).await
}

async fn answers(store: &Shared, root: (u64, u64), until: u64, limit: usize) -> Vec<u64> {
    let (conversation, root) = (conversation_id(root.0), Seq(root.1));
    let threads = store.threads();
    let found = threads.answers(conversation, root, Seq(until), limit);
    found.await.unwrap().iter().map(|seq| seq.0).collect()
}

pub async fn the_answers_of_a_thread_come_the_newest_first(store: &Shared) {
    for conversation in [6, 7, 8] {
        group(store, conversation).await;
    }
    assert_eq!(answers(store, (7, 3), u64::MAX, 9).await, [0; 0]);
    // More than two digits, and a place that needs more than 32 bits.
    let far = u64::from(u32::MAX) + 9;
    let ours = [4, 9, 10, 101, far].map(|seq| answer(7, 3, seq));
    append(store, ours.to_vec()).await.unwrap();
    // Other threads and conversations stand before and after.
    let others = vec![
        answer(7, 2, 5),
        answer(7, 4, 6),
        answer(6, 3, 4),
        answer(8, 3, 4),
    ];
    append(store, others).await.unwrap();
    let of = |until, limit| answers(store, (7, 3), until, limit);
    assert_eq!(of(u64::MAX, 9).await, [far, 101, 10, 9, 4]);
    assert_eq!(of(u64::MAX, 2).await, [far, 101]);
    assert_eq!(of(101, 2).await, [101, 10]);
    assert_eq!(of(100, 9).await, [10, 9, 4]);
    assert_eq!(of(3, 9).await, [0; 0]);
    assert_eq!(answers(store, (7, 2), u64::MAX, 9).await, [5]);
}

pub async fn an_answer_that_was_refused_is_in_no_thread(store: &Shared) {
    group(store, 7).await;
    append(store, vec![answer(7, 1, 4)]).await.unwrap();
    let refused = append(store, vec![answer(7, 1, 5), answer(7, 1, 4)]).await;
    assert!(matches!(refused, Err(StoreError::Taken(_))), "{refused:?}");
    assert_eq!(answers(store, (7, 1), 9, 9).await, [4]);
}

pub async fn an_erased_conversation_leaves_no_thread(store: &Shared) {
    for conversation in [7, 8] {
        group(store, conversation).await;
        let all = (2..9).map(|seq| answer(conversation, 1, seq));
        append(store, all.collect()).await.unwrap();
    }
    while !store
        .erase_conversation(conversation_id(7), 3)
        .await
        .unwrap()
    {}
    assert_eq!(answers(store, (7, 1), 9, 9).await, [0; 0]);
    assert_eq!(answers(store, (8, 1), 9, 9).await.len(), 7);
}

fn seen(user: u64, conversation: ConversationId, root: u64, seen: u64) -> SeenRecord {
    let seq = Seq(root);
    SeenRecord {
        user: user_id(user),
        thread: SeenThread {
            root: SavedPlace { conversation, seq },
            seen: Seq(seen),
        },
        seen_at: NOW.plus_millis(seen),
    }
}

async fn put(store: &Shared, record: &SeenRecord) {
    store.threads().put_seen(record).await.unwrap();
}

async fn seen_by(store: &Shared, user: u64) -> Vec<SeenRecord> {
    let mut own = store.threads().seen(user_id(user)).await.unwrap();
    own.sort_unstable_by_key(|record| record.thread.root);
    own
}

pub async fn what_was_seen_of_a_thread_is_found_by_its_account(store: &Shared) {
    assert_eq!(seen_by(store, 1).await, []);
    // The first and the last place there can be are found too.
    let [first, here, last] = [0, 7, 0xff].map(|byte| ConversationId::from_bytes([byte; 16]));
    let far = u64::from(u32::MAX) + 9;
    let own = [
        seen(1, first, 0, 1),
        seen(1, here, 3, 9),
        seen(1, here, 20, far),
        seen(1, last, far, far + 1),
    ];
    for record in &own {
        put(store, record).await;
    }
    // Those of others stand before and after.
    for user in [0, 2] {
        put(store, &seen(user, here, 3, 4)).await;
    }
    assert_eq!(seen_by(store, 1).await, own);
    assert_eq!(seen_by(store, 2).await, [seen(2, here, 3, 4)]);
    assert_eq!(seen_by(store, 3).await, []);
}

pub async fn what_was_seen_last_of_a_thread_counts_until_it_is_forgotten(store: &Shared) {
    let here = conversation_id(7);
    for place in [4, 9] {
        put(store, &seen(1, here, 3, place)).await;
    }
    put(store, &seen(1, here, 5, 6)).await;
    put(store, &seen(2, here, 3, 4)).await;
    let both = [seen(1, here, 3, 9), seen(1, here, 5, 6)];
    assert_eq!(seen_by(store, 1).await, both);
    for _ in 0..2 {
        let forgotten = store.threads().forget_seen(user_id(1), both[0].thread.root);
        forgotten.await.unwrap();
        assert_eq!(seen_by(store, 1).await, both[1..]);
        assert_eq!(seen_by(store, 2).await, [seen(2, here, 3, 4)]);
    }
}

pub async fn threads_seen_at_once_are_all_kept(store: &Shared) {
    let tasks = (1..=20).map(|root| {
        let store = store.clone();
        let record = seen(1, conversation_id(7), root, 90);
        async move { store.threads().put_seen(&record).await }
    });
    for outcome in race(tasks.collect()).await {
        outcome.unwrap();
    }
    assert_eq!(seen_by(store, 1).await.len(), 20);
}

/// Something to be found again by [`check`].
pub(super) async fn fill(store: &Shared, number: u64) {
    put(store, &seen(number, conversation_id(7), 3, 9)).await;
}

pub(super) async fn check(store: &Shared, number: u64) {
    let expected = [seen(number, conversation_id(7), 3, 9)];
    assert_eq!(seen_by(store, number).await, expected);
}
