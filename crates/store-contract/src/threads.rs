//! Which messages are in which thread.

use protocol::Seq;

use super::{Shared, conversation_id, group};
use chat::{AnswerRecord, Append, MessageRow, StoreError};

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
