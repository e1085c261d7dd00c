//! Messages that wait for their time.

use protocol::{ConversationId, SendId, Seq, Timestamp};

use super::{NOW, Shared, assert_taken, group, user_id};
use chat::{Append, MessageRow, ScheduledKey, ScheduledRecord, Unique};

const END: Timestamp = Timestamp::from_millis(u64::MAX);

fn waits(author: u64, number: u64, wake: Option<u64>) -> ScheduledRecord {
    ScheduledRecord {
        author: user_id(author),
        id: SendId::from_parts(NOW, u128::from(number) << 9),
        conversation: ConversationId::from_bytes([number as u8; 16]),
        due: NOW.plus_millis(number),
        wake: wake.map(|at| NOW.plus_millis(at)),
        sealed: vec![0, 0xff, number as u8].into(),
    }
}

async fn put(store: &Shared, record: &ScheduledRecord) {
    store.schedule().put(record, None).await.unwrap();
}

async fn of(store: &Shared, author: u64) -> Vec<ScheduledRecord> {
    let mut rows = store.schedule().of(user_id(author)).await.unwrap();
    rows.sort_by_key(|row| row.id);
    rows
}

async fn due(store: &Shared, until: Timestamp, limit: usize) -> Vec<ScheduledRecord> {
    let mut rows = store.schedule().due(until, limit).await.unwrap();
    rows.sort_by_key(|row| (row.wake, row.id, row.author));
    rows
}

fn sent_with(conversation: ConversationId, seq: u64, key: ScheduledKey) -> Append {
    Append {
        rows: vec![MessageRow {
            conversation,
            seq: Seq(seq),
            bytes: b"sent".to_vec().into(),
        }],
        sent: vec![key],
        ..Append::default()
    }
}

pub async fn what_waits_is_found_by_its_author(store: &Shared) {
    let own = [
        waits(1, 1, Some(5)),
        waits(1, 2, None),
        waits(1, 3, Some(1)),
    ];
    // Under the id of another author's.
    let other = waits(2, 1, Some(9));
    for record in own.iter().chain([&other]) {
        put(store, record).await;
    }
    assert_eq!(of(store, 1).await, own);
    assert_eq!(of(store, 2).await, std::slice::from_ref(&other));
    assert_eq!(of(store, 3).await, []);
    let one = store.schedule().one(own[1].author, own[1].id).await;
    assert_eq!(one.unwrap().as_ref(), Some(&own[1]));
    let nobodys = store.schedule().one(user_id(2), own[1].id).await;
    assert_eq!(nobodys.unwrap(), None);
}

pub async fn what_is_due_is_found_by_its_time(store: &Shared) {
    assert_eq!(store.schedule().first_wake().await.unwrap(), None);
    let rows = [
        waits(1, 1, Some(500)),
        waits(2, 2, Some(20)),
        waits(1, 3, Some(20)),
        waits(3, 4, Some(1 << 40)),
        waits(1, 5, None),
    ];
    for record in &rows {
        put(store, record).await;
    }
    let first = store.schedule().first_wake().await.unwrap();
    assert_eq!(first, Some(NOW.plus_millis(20)));
    let at = |millis| NOW.plus_millis(millis);
    assert_eq!(due(store, at(19), 9).await, []);
    let twenty = [rows[1].clone(), rows[2].clone()];
    assert_eq!(due(store, at(20), 9).await, twenty);
    assert_eq!(due(store, at(499), 9).await, twenty);
    assert_eq!(due(store, at(500), 9).await.len(), 3);
    assert_eq!(due(store, at(500), 2).await, twenty, "the earliest");
    assert_eq!(due(store, END, 9).await.len(), 4);
}

pub async fn another_time_takes_the_place_of_the_one_before(store: &Shared) {
    let before = waits(1, 1, Some(10));
    put(store, &before).await;
    let later = ScheduledRecord {
        due: NOW.plus_millis(70),
        wake: Some(NOW.plus_millis(70)),
        sealed: b"other words".to_vec().into(),
        ..before.clone()
    };
    let was = Some(before.key());
    store.schedule().put(&later, was).await.unwrap();
    assert_eq!(due(store, NOW.plus_millis(69), 9).await, []);
    assert_eq!(due(store, END, 9).await, std::slice::from_ref(&later));
    // It waits no longer, and is still its author's.
    let kept = ScheduledRecord {
        wake: None,
        ..later.clone()
    };
    let was = Some(later.key());
    store.schedule().put(&kept, was).await.unwrap();
    assert_eq!(store.schedule().first_wake().await.unwrap(), None);
    assert_eq!(of(store, 1).await, std::slice::from_ref(&kept));
    for _ in 0..2 {
        store.schedule().delete(kept.key()).await.unwrap();
        assert_eq!(of(store, 1).await, []);
    }
}

pub async fn what_waits_goes_with_the_row_that_is_sent_or_stays(store: &Shared) {
    let id = group(store, 1).await;
    let (first, second) = (waits(1, 1, Some(5)), waits(1, 2, Some(6)));
    put(store, &first).await;
    put(store, &second).await;
    let append = sent_with(id, 1, first.key());
    store.append(&append).await.unwrap();
    assert_eq!(due(store, END, 9).await, std::slice::from_ref(&second));
    assert_eq!(of(store, 1).await, std::slice::from_ref(&second));
    // Its place is taken.
    let refused = store.append(&sent_with(id, 1, second.key())).await;
    assert_taken(refused, Unique::Place);
    assert_eq!(of(store, 1).await, std::slice::from_ref(&second));
    assert_eq!(due(store, END, 9).await, [second]);
}

/// Something to be found again by [`check`].
pub(super) async fn fill(store: &Shared, number: u64) {
    put(store, &waits(number, 1, Some(5))).await;
}

pub(super) async fn check(store: &Shared, number: u64) {
    assert_eq!(of(store, number).await, [waits(number, 1, Some(5))]);
    assert!(!due(store, END, 99).await.is_empty());
}
