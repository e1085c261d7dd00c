//! What accounts hide from others.

use protocol::{Privacy, UserId};

use super::{ROUNDS, Shared, race, user_id};

const fn privacy(hides_reading: bool, hides_presence: bool) -> Privacy {
    Privacy {
        hides_reading,
        hides_presence,
    }
}

async fn set(store: &Shared, user: u64, privacy: Privacy) {
    let set = store.privacies().set(user_id(user), privacy);
    set.await.unwrap();
}

async fn of(store: &Shared, users: &[u64]) -> Vec<(UserId, Privacy)> {
    let users: Vec<_> = users.iter().map(|user| user_id(*user)).collect();
    let mut found = store.privacies().of(&users).await.unwrap();
    found.sort_unstable_by_key(|(user, _)| *user);
    found
}

pub async fn what_an_account_hides_comes_back_as_it_was_last_set(store: &Shared) {
    assert_eq!(of(store, &[]).await, []);
    assert_eq!(of(store, &[1, 2]).await, []);
    set(store, 1, privacy(true, false)).await;
    set(store, 2, privacy(false, true)).await;
    set(store, 9, privacy(true, true)).await;
    let (first, second) = (user_id(1), user_id(2));
    let both = [
        (first, privacy(true, false)),
        (second, privacy(false, true)),
    ];
    assert_eq!(of(store, &[2, 1, 5]).await, both);
    for chosen in [(true, true), (false, false), (false, true)] {
        let chosen = privacy(chosen.0, chosen.1);
        set(store, 1, chosen).await;
        assert_eq!(of(store, &[1]).await, [(first, chosen)]);
    }
    assert_eq!(of(store, &[2]).await, both[1..]);
}

pub async fn of_two_choices_at_once_one_is_whole(store: &Shared) {
    for _ in 0..ROUNDS {
        let choices = [privacy(true, false), privacy(false, true)];
        let tasks = choices.map(|chosen| {
            let store = store.clone();
            async move { store.privacies().set(user_id(1), chosen).await }
        });
        for outcome in race(tasks.into()).await {
            outcome.unwrap();
        }
        let found = of(store, &[1]).await;
        assert!(
            choices
                .iter()
                .any(|chosen| found == [(user_id(1), *chosen)])
        );
    }
}
