//! Who blocks whom.

use super::{ROUNDS, Shared, race, user_id};

async fn of(store: &Shared, user: u64) -> Vec<protocol::UserId> {
    store.blocks().of(user_id(user)).await.unwrap()
}

async fn against(store: &Shared, user: u64) -> Vec<protocol::UserId> {
    store.blocks().against(user_id(user)).await.unwrap()
}

async fn set(store: &Shared, user: u64, other: u64, blocks: bool) {
    let set = store.blocks().set(user_id(user), user_id(other), blocks);
    set.await.unwrap();
}

pub async fn a_block_is_read_both_ways_and_ends(store: &Shared) {
    assert_eq!(of(store, 1).await, []);
    for _ in 0..2 {
        for (user, other) in [(1, 3), (1, 2), (2, 1), (9, 3)] {
            set(store, user, other, true).await;
        }
        assert_eq!(of(store, 1).await, [2, 3].map(user_id));
        assert_eq!(of(store, 2).await, [1].map(user_id));
        assert_eq!(of(store, 3).await, []);
        assert_eq!(against(store, 3).await, [1, 9].map(user_id));
        assert_eq!(against(store, 1).await, [2].map(user_id));
        assert_eq!(against(store, 9).await, []);
    }
    for _ in 0..2 {
        set(store, 1, 3, false).await;
        assert_eq!(of(store, 1).await, [2].map(user_id));
        assert_eq!(against(store, 3).await, [9].map(user_id));
        assert_eq!(of(store, 2).await, [1].map(user_id));
    }
}

pub async fn of_a_block_and_its_end_at_once_both_sides_say_the_same(store: &Shared) {
    for _ in 0..ROUNDS {
        let tasks = [true, false].map(|blocks| {
            let store = store.clone();
            async move { store.blocks().set(user_id(1), user_id(2), blocks).await }
        });
        for outcome in race(tasks.into()).await {
            outcome.unwrap();
        }
        let is_of = of(store, 1).await == [2].map(user_id);
        let is_against = against(store, 2).await == [1].map(user_id);
        assert_eq!(is_of, is_against);
    }
}
