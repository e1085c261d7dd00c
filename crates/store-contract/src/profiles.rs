//! What accounts say of themselves.

use protocol::UserId;

use super::{ROUNDS, Shared, race, user_id};

async fn set(store: &Shared, user: u64, sealed: &[u8]) {
    let set = store.profiles().set(user_id(user), sealed);
    set.await.unwrap();
}

async fn of(store: &Shared, users: &[u64]) -> Vec<(UserId, Vec<u8>)> {
    let users: Vec<_> = users.iter().map(|user| user_id(*user)).collect();
    let mut found = store.profiles().of(&users).await.unwrap();
    found.sort_unstable_by_key(|(user, _)| *user);
    found
}

pub async fn a_profile_comes_back_as_it_was_last_set(store: &Shared) {
    assert_eq!(of(store, &[]).await, []);
    assert_eq!(of(store, &[1, 2]).await, []);
    set(store, 1, &[0, 255, 7]).await;
    set(store, 2, &[2; 4_000]).await;
    set(store, 9, &[9]).await;
    let first = (user_id(1), vec![0, 255, 7]);
    let second = (user_id(2), vec![2; 4_000]);
    assert_eq!(of(store, &[2, 1, 5]).await, [first, second.clone()]);
    set(store, 1, &[]).await;
    assert_eq!(of(store, &[1]).await, [(user_id(1), Vec::new())]);
    for _ in 0..2 {
        store.profiles().delete(user_id(1)).await.unwrap();
        assert_eq!(of(store, &[1, 2]).await, std::slice::from_ref(&second));
    }
}

pub async fn of_two_profiles_at_once_one_is_whole(store: &Shared) {
    for _ in 0..ROUNDS {
        let profiles = [vec![1; 64], vec![2; 32]];
        let tasks = profiles.clone().map(|sealed| {
            let store = store.clone();
            async move { store.profiles().set(user_id(1), &sealed).await }
        });
        for outcome in race(tasks.into()).await {
            outcome.unwrap();
        }
        let found = of(store, &[1]).await;
        let is_one = |sealed: &Vec<u8>| found == [(user_id(1), sealed.clone())];
        assert!(profiles.iter().any(is_one));
    }
}
