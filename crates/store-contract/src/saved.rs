//! Messages that people have saved.

use protocol::{SavedPlace, Seq};

use super::{NOW, Shared, conversation_id, race, user_id};
use chat::SavedRecord;

fn saved(user: u64, conversation: u64, seq: u64, at: u64) -> SavedRecord {
    SavedRecord {
        user: user_id(user),
        place: SavedPlace {
            conversation: conversation_id(conversation),
            seq: Seq(seq),
        },
        saved_at: NOW.plus_millis(at),
    }
}

async fn of(store: &Shared, user: u64) -> Vec<SavedRecord> {
    store.saved().of(user_id(user)).await.unwrap()
}

pub async fn saved_messages_come_back_the_last_first(store: &Shared) {
    assert_eq!(of(store, 1).await, []);
    let all = [
        saved(1, 7, 3, 2),
        saved(1, 7, u64::from(u32::MAX), 5),
        saved(1, 2, 3, 4),
        saved(1, u64::MAX, 1, 3),
    ];
    for saved in &all {
        store.saved().save(saved).await.unwrap();
    }
    // The ids of others stand before and after.
    for user in [0, 2] {
        store.saved().save(&saved(user, 7, 3, 9)).await.unwrap();
    }
    let expected = [1, 2, 3, 0].map(|at: usize| all[at]);
    assert_eq!(of(store, 1).await, expected);
    assert_eq!(of(store, 2).await, [saved(2, 7, 3, 9)]);
}

pub async fn a_message_is_saved_once_and_given_up(store: &Shared) {
    for at in [1, 8] {
        store.saved().save(&saved(1, 7, 3, at)).await.unwrap();
    }
    assert_eq!(of(store, 1).await, [saved(1, 7, 3, 8)]);
    store.saved().save(&saved(1, 7, 4, 2)).await.unwrap();
    store.saved().save(&saved(2, 7, 3, 2)).await.unwrap();
    let place = saved(1, 7, 3, 0).place;
    for _ in 0..2 {
        store.saved().forget(user_id(1), place).await.unwrap();
        assert_eq!(of(store, 1).await, [saved(1, 7, 4, 2)]);
    }
    assert_eq!(of(store, 2).await, [saved(2, 7, 3, 2)]);
}

pub async fn messages_saved_at_once_are_all_saved(store: &Shared) {
    let tasks = (1..=20).map(|seq| {
        let store = store.clone();
        async move { store.saved().save(&saved(1, 7, seq, seq)).await }
    });
    for outcome in race(tasks.collect()).await {
        outcome.unwrap();
    }
    let expected: Vec<_> = (1..=20).rev().map(|seq| saved(1, 7, seq, seq)).collect();
    assert_eq!(of(store, 1).await, expected);
}

/// Something to be found again by [`check`].
pub(super) async fn fill(store: &Shared, number: u64) {
    store.saved().save(&saved(number, 7, 3, 1)).await.unwrap();
}

pub(super) async fn check(store: &Shared, number: u64) {
    assert_eq!(of(store, number).await, [saved(number, 7, 3, 1)]);
}
