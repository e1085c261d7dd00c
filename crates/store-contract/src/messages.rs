//! The rows of messages and their checkpoints.

use std::sync::Arc;

use bytes::Bytes;
use protocol::{ConversationId, Seq};

use super::{ROUNDS, Shared, append, assert_taken, conversation_id, group, race, unruly};
use chat::{Checkpoint, MessageRow, Unique};

fn row(conversation: ConversationId, seq: u64, bytes: impl Into<Bytes>) -> MessageRow {
    MessageRow {
        conversation,
        seq: Seq(seq),
        bytes: bytes.into(),
    }
}

/// Rows whose bytes name them.
fn rows(conversation: ConversationId, seqs: impl IntoIterator<Item = u64>) -> Vec<MessageRow> {
    let named = |seq| row(conversation, seq, format!("message {seq}").into_bytes());
    seqs.into_iter().map(named).collect()
}

async fn read(store: &Shared, id: ConversationId, from: u64, to: u64) -> Vec<MessageRow> {
    store.messages(id, Seq(from), Seq(to)).await.unwrap()
}

async fn places(store: &Shared, id: ConversationId, from: u64, to: u64) -> Vec<u64> {
    let found = read(store, id, from, to).await;
    found.into_iter().map(|row| row.seq.0).collect()
}

fn checkpoint(conversation: ConversationId, seq: u64) -> Checkpoint {
    Checkpoint {
        conversation,
        seq: Seq(seq),
    }
}

/// Beyond every place that a test uses.
const FAR: u64 = 1 << 40;

pub async fn rows_come_back_in_order_with_gaps_left_out(store: &Shared) {
    let id = group(store, 1).await;
    append(store, &rows(id, [9, 2, 300, 1]), &[]).await.unwrap();
    append(store, &rows(id, [3, 10, 255, 256]), &[])
        .await
        .unwrap();
    let expected = rows(id, [1, 2, 3, 9, 10, 255, 256, 300]);
    assert_eq!(read(store, id, 0, FAR).await, expected);
}

pub async fn a_range_is_exact(store: &Shared) {
    let id = group(store, 1).await;
    append(store, &rows(id, 1..=120), &[]).await.unwrap();
    for (from, to) in [(1, 120), (50, 99), (71, 120), (7, 7), (120, 120), (1, 1)] {
        assert_eq!(read(store, id, from, to).await, rows(id, from..=to));
    }
    assert_eq!(read(store, id, 0, 3).await, rows(id, 1..=3));
    assert_eq!(read(store, id, 119, FAR).await, rows(id, 119..=120));
    assert_eq!(read(store, id, 121, FAR).await, []);
    assert_eq!(read(store, id, 0, 0).await, []);
}

pub async fn a_range_holds_one_conversation_only(store: &Shared) {
    // Ids that follow each other without a gap.
    let mut ids = Vec::new();
    for number in 1..=3 {
        ids.push(group(store, number).await);
    }
    let [before, id, after] = ids[..] else {
        unreachable!("three were made");
    };
    let batch: Vec<MessageRow> = [before, id, after]
        .into_iter()
        .flat_map(|id| rows(id, 1..=5))
        .collect();
    append(store, &batch, &[]).await.unwrap();
    for id in [before, id, after] {
        assert_eq!(read(store, id, 0, FAR).await, rows(id, 1..=5));
    }
    assert_eq!(read(store, conversation_id(4), 0, FAR).await, []);
}

pub async fn a_range_that_ends_before_it_begins_is_empty(store: &Shared) {
    let id = group(store, 1).await;
    append(store, &rows(id, 1..=5), &[]).await.unwrap();
    assert_eq!(read(store, id, 4, 3).await, []);
    assert_eq!(read(store, id, FAR, 1).await, []);
}

pub async fn high_places_keep_their_order(store: &Shared) {
    let id = group(store, 1).await;
    let seqs = [
        1,
        127,
        128,
        255,
        65_535,
        65_536,
        (1 << 31) - 1,
        1 << 31,
        1 << 32,
        (1 << 53) - 1,
        1 << 53,
        (1 << 53) + 1,
        (1 << 60) + 1,
    ];
    append(store, &rows(id, seqs), &[]).await.unwrap();
    let last = (1 << 60) + 1;
    assert_eq!(read(store, id, 0, last).await, rows(id, seqs));
    let found = places(store, id, 1 << 53, (1 << 53) + 1).await;
    assert_eq!(found, [1 << 53, (1 << 53) + 1]);
    append(store, &[], &[checkpoint(id, last)]).await.unwrap();
    assert_eq!(store.checkpoint(id).await.unwrap(), Seq(last));
}

pub async fn any_bytes_come_back_unchanged(store: &Shared) {
    let id = group(store, 1).await;
    let every: Vec<u8> = (0..=u8::MAX).collect();
    let batch = [
        row(id, 1, Bytes::new()),
        row(id, 2, every.clone()),
        row(id, 3, vec![0; 1_000]),
        row(id, 4, vec![0xff; 1_000]),
        row(id, 5, every.repeat(160)),
    ];
    append(store, &batch, &[]).await.unwrap();
    assert_eq!(read(store, id, 1, 5).await, batch);
}

pub async fn a_taken_place_refuses_the_whole_batch(store: &Shared) {
    let (first, second) = (group(store, 1).await, group(store, 2).await);
    append(store, &rows(first, 1..=3), &[]).await.unwrap();
    // The taken place is the first, one in the middle, the last of the batch.
    for taken in [1, 3, 2] {
        let mut batch = rows(second, 1..=4);
        let at = usize::try_from(2 * (taken - 1)).unwrap().min(batch.len());
        batch.insert(at, row(first, taken, "overwritten"));
        batch.extend(rows(second, [9]));
        assert_taken(append(store, &batch, &[]).await, Unique::Place);
        assert_eq!(read(store, second, 0, FAR).await, []);
        assert_eq!(read(store, first, 0, FAR).await, rows(first, 1..=3));
    }
    append(store, &rows(second, 1..=4), &[]).await.unwrap();
}

pub async fn a_place_twice_in_a_batch_refuses_the_whole_batch(store: &Shared) {
    let id = group(store, 1).await;
    let batch = rows(id, [1, 2, 3, 2]);
    assert_taken(append(store, &batch, &[]).await, Unique::Place);
    assert_eq!(read(store, id, 0, FAR).await, []);
}

pub async fn an_empty_batch_changes_nothing(store: &Shared) {
    let id = group(store, 1).await;
    append(store, &[], &[]).await.unwrap();
    assert_eq!(read(store, id, 0, FAR).await, []);
    assert_eq!(store.checkpoint(id).await.unwrap(), Seq::ZERO);
}

pub async fn a_large_batch_is_one_step(store: &Shared) {
    let mut ids = Vec::new();
    for number in 1..=100 {
        ids.push(group(store, number).await);
    }
    let batch: Vec<MessageRow> = (0..3)
        .flat_map(|round| ids.iter().map(move |id| (*id, round + 1)))
        .flat_map(|(id, seq)| rows(id, [seq]))
        .collect();
    assert_eq!(batch.len(), 300);
    let checkpoints: Vec<_> = ids.iter().map(|id| checkpoint(*id, 3)).collect();

    let (last, all) = batch.split_last().unwrap();
    append(store, std::slice::from_ref(last), &[])
        .await
        .unwrap();
    assert_taken(append(store, &batch, &checkpoints).await, Unique::Place);
    assert_eq!(read(store, ids[0], 0, FAR).await, []);
    append(store, all, &checkpoints).await.unwrap();
    for id in ids {
        assert_eq!(read(store, id, 0, FAR).await, rows(id, 1..=3));
        assert_eq!(store.checkpoint(id).await.unwrap(), Seq(3));
    }
}

pub async fn of_two_batches_for_one_place_exactly_one_is_stored(store: &Shared) {
    let (first, second) = (group(store, 1).await, group(store, 2).await);
    for round in 1..=ROUNDS {
        let shared = 10 * round;
        let batches = ["a", "b"].map(|name| {
            let own = shared + u64::from(name == "b") + 1;
            vec![row(second, own, name), row(first, shared, name)]
        });
        let tasks = batches.clone().map(|batch| {
            let store = Arc::clone(store);
            async move {
                let passed = checkpoint(batch[1].conversation, batch[1].seq.0);
                append(&store, &batch, &[passed]).await
            }
        });
        let outcomes = race(tasks.into()).await;
        let winners: Vec<&Vec<MessageRow>> = batches
            .iter()
            .zip(&outcomes)
            .filter_map(|(batch, outcome)| outcome.is_ok().then_some(batch))
            .collect();
        assert_eq!(winners.len(), 1, "{outcomes:?}");
        let losers = outcomes.into_iter().filter(Result::is_err);
        losers.for_each(|outcome| assert_taken(outcome, Unique::Place));
        let [own, place] = &winners[0][..] else {
            unreachable!("a batch has two rows");
        };
        let found = read(store, first, shared, shared).await;
        assert_eq!(found, std::slice::from_ref(place));
        let found = read(store, second, shared, shared + 9).await;
        assert_eq!(found, std::slice::from_ref(own));
    }
}

pub async fn batches_for_other_places_at_once_are_all_stored(store: &Shared) {
    let (first, second) = (group(store, 1).await, group(store, 2).await);
    for round in 0..ROUNDS {
        let tasks = (0..4).map(|task| {
            let store = Arc::clone(store);
            let from = 40 * round + 10 * task + 1;
            async move {
                let mut batch = rows(first, from..from + 10);
                batch.extend(rows(second, from..from + 10));
                append(&store, &batch, &[checkpoint(first, from + 9)]).await
            }
        });
        for outcome in race(tasks.collect()).await {
            outcome.unwrap();
        }
    }
    let last = 40 * ROUNDS;
    for id in [first, second] {
        assert_eq!(read(store, id, 0, FAR).await, rows(id, 1..=last));
    }
    assert_eq!(store.checkpoint(first).await.unwrap(), Seq(last));
    assert_eq!(store.checkpoint(second).await.unwrap(), Seq::ZERO);
}

pub async fn checkpoints_move_forward_only(store: &Shared) {
    let (first, second) = (group(store, 1).await, group(store, 2).await);
    assert_eq!(store.checkpoint(first).await.unwrap(), Seq::ZERO);
    let pair = [checkpoint(first, 256), checkpoint(second, 7)];
    append(store, &rows(first, 1..=256), &pair).await.unwrap();
    assert_eq!(store.checkpoint(first).await.unwrap(), Seq(256));
    assert_eq!(store.checkpoint(second).await.unwrap(), Seq(7));

    let back = [checkpoint(first, 255)];
    append(store, &rows(first, [257]), &back).await.unwrap();
    assert_eq!(store.checkpoint(first).await.unwrap(), Seq(256));
    append(store, &[], &[checkpoint(first, 257)]).await.unwrap();
    assert_eq!(store.checkpoint(first).await.unwrap(), Seq(257));
    assert_eq!(store.checkpoint(second).await.unwrap(), Seq(7));
    let unknown = store.checkpoint(conversation_id(3)).await;
    assert_eq!(unknown.unwrap(), Seq::ZERO);
}

pub async fn a_refused_batch_moves_no_checkpoint(store: &Shared) {
    let id = group(store, 1).await;
    append(store, &rows(id, 1..=2), &[]).await.unwrap();
    let batch = rows(id, [3, 2]);
    let outcome = append(store, &batch, &[checkpoint(id, 3)]).await;
    assert_taken(outcome, Unique::Place);
    assert_eq!(store.checkpoint(id).await.unwrap(), Seq::ZERO);
    assert_eq!(places(store, id, 0, FAR).await, [1, 2]);
}

pub async fn hostile_texts_in_a_message_come_back_unchanged(store: &Shared) {
    let id = group(store, 1).await;
    let batch: Vec<MessageRow> = (1..)
        .zip(unruly())
        .map(|(seq, text)| row(id, seq, text.into_bytes()))
        .collect();
    append(store, &batch, &[]).await.unwrap();
    assert_eq!(read(store, id, 0, FAR).await, batch);
}
