//! Accounts.

use std::collections::BTreeSet;
use std::sync::Arc;

use protocol::{DisplayName, SearchTerm, Username};

use super::{
    HOSTILE, ROUNDS, Shared, account, assert_missing, assert_taken, race, unruly, user_id,
};
use chat::{StoreError, Unique, UserRecord};

pub async fn a_store_knows_whether_anybody_has_an_account(store: &Shared) {
    assert!(!store.has_accounts().await.unwrap());
    store
        .insert_user(&account(1, "asha", "Asha"))
        .await
        .unwrap();
    assert!(store.has_accounts().await.unwrap());
    store.insert_user(&account(2, "bilal", "B")).await.unwrap();
    assert!(store.has_accounts().await.unwrap());
}

pub async fn an_account_is_found_by_id_name_and_address(store: &Shared) {
    let asha = account(1, "asha", "Asha Kumari");
    let bilal = account(2, "bilal", "بلال");
    store.insert_user(&asha).await.unwrap();
    store.insert_user(&bilal).await.unwrap();
    for user in [&asha, &bilal] {
        let by_id = store.user(user.id).await.unwrap();
        assert_eq!(by_id.as_ref(), Some(user));
        let by_name = store.user_by_username(&user.username).await.unwrap();
        assert_eq!(by_name.as_ref(), Some(user));
        let by_address = store.user_by_email(&user.email_index).await.unwrap();
        assert_eq!(by_address.as_ref(), Some(user));
    }
    let nobody = Username::parse("nobody").unwrap();
    assert_eq!(store.user(user_id(3)).await.unwrap(), None);
    assert_eq!(store.user_by_username(&nobody).await.unwrap(), None);
    assert_eq!(store.user_by_email(&[0; 32]).await.unwrap(), None);
}

pub async fn several_accounts_are_read_at_once(store: &Shared) {
    for number in 1..=5 {
        let user = account(number, &format!("user{number}"), "Name");
        store.insert_user(&user).await.unwrap();
    }
    let ids = [5, 1, 99, 3, 1].map(user_id);
    let found: Vec<_> = store.users(&ids).await.unwrap();
    assert_eq!(found.len(), 3);
    let found: BTreeSet<_> = found.into_iter().map(|user| user.id).collect();
    assert_eq!(found, BTreeSet::from([1, 3, 5].map(user_id)));
    assert_eq!(store.users(&[]).await.unwrap(), []);
    assert_eq!(store.users(&[user_id(99)]).await.unwrap(), []);
}

pub async fn a_username_is_taken_once(store: &Shared) {
    let first = account(1, "asha", "First");
    store.insert_user(&first).await.unwrap();
    let second = account(2, "Asha", "Second");
    assert_taken(store.insert_user(&second).await, Unique::Username);
    let found = store.user_by_username(&first.username).await.unwrap();
    assert_eq!(found, Some(first));
    assert_eq!(store.user(second.id).await.unwrap(), None);
}

pub async fn an_address_is_taken_once(store: &Shared) {
    let first = account(1, "asha", "First");
    store.insert_user(&first).await.unwrap();
    let second = UserRecord {
        email_index: first.email_index,
        ..account(2, "other", "Second")
    };
    assert_taken(store.insert_user(&second).await, Unique::Email);
    let found = store.user_by_email(&first.email_index).await.unwrap();
    assert_eq!(found, Some(first));
    let found = store.user_by_username(&second.username).await.unwrap();
    assert_eq!(found, None);
}

pub async fn an_account_id_is_taken_once(store: &Shared) {
    let first = account(1, "asha", "First");
    store.insert_user(&first).await.unwrap();
    let second = UserRecord {
        id: first.id,
        ..account(2, "other", "Second")
    };
    assert_taken(store.insert_user(&second).await, Unique::Id);
    assert_eq!(store.user(first.id).await.unwrap(), Some(first));
}

pub async fn a_refused_account_leaves_nothing_behind(store: &Shared) {
    let first = account(1, "asha", "First");
    store.insert_user(&first).await.unwrap();
    let refused = account(2, "asha", "Refused");
    assert_taken(store.insert_user(&refused).await, Unique::Username);

    let term = SearchTerm::parse("refused").unwrap();
    assert_eq!(store.search_users(&term, 10).await.unwrap(), []);
    // Its id and its address are free.
    let again = account(2, "other", "Second");
    store.insert_user(&again).await.unwrap();
    assert_eq!(store.user(again.id).await.unwrap(), Some(again));
}

pub async fn of_two_accounts_with_one_name_at_once_one_is_made(store: &Shared) {
    for round in 1..=ROUNDS {
        let name = format!("racer{round}");
        let pair = [
            account(2 * round, &name, "Even"),
            account(2 * round + 1, &name, "Odd"),
        ];
        one_is_made(store, pair, Unique::Username).await;
    }
}

pub async fn of_two_accounts_with_one_address_at_once_one_is_made(store: &Shared) {
    for round in 1..=ROUNDS {
        let even = account(2 * round, &format!("even{round}"), "Even");
        let odd = UserRecord {
            email_index: even.email_index,
            ..account(2 * round + 1, &format!("odd{round}"), "Odd")
        };
        one_is_made(store, [even, odd], Unique::Email).await;
    }
}

async fn one_is_made(store: &Shared, pair: [UserRecord; 2], unique: Unique) {
    let tasks = pair.iter().cloned().map(|user| {
        let store = Arc::clone(store);
        async move { store.insert_user(&user).await }
    });
    let outcomes = race(tasks.collect()).await;
    let mut made = 0;
    for (user, outcome) in pair.iter().zip(outcomes) {
        let stored = store.user(user.id).await.unwrap();
        match outcome {
            Ok(()) => {
                made += 1;
                assert_eq!(stored.as_ref(), Some(user));
            }
            Err(error) => {
                assert_taken::<()>(Err(error), unique);
                assert_eq!(stored, None);
            }
        }
    }
    assert_eq!(made, 1);
}

pub async fn a_password_hash_is_replaced(store: &Shared) {
    let asha = account(1, "asha", "Asha");
    let bilal = account(2, "bilal", "Bilal");
    store.insert_user(&asha).await.unwrap();
    store.insert_user(&bilal).await.unwrap();
    let was = asha.password_hash.clone();
    let replaced = store.set_password_hash(asha.id, &was, "$new$").await;
    replaced.unwrap();
    let expected = UserRecord {
        password_hash: "$new$".to_owned(),
        ..asha
    };
    assert_eq!(store.user(expected.id).await.unwrap(), Some(expected));
    assert_eq!(store.user(bilal.id).await.unwrap(), Some(bilal));

    let outcome = store.set_password_hash(user_id(3), &was, "$new$").await;
    assert_missing(outcome);
    assert_eq!(store.user(user_id(3)).await.unwrap(), None);
}

pub async fn of_two_replacements_of_a_password_hash_one_wins(store: &Shared) {
    let asha = account(1, "asha", "Asha");
    store.insert_user(&asha).await.unwrap();
    let mut was = asha.password_hash;
    for round in 1..=ROUNDS {
        let tasks = ["a", "b"].map(|racer| {
            let (store, was) = (Arc::clone(store), was.clone());
            let hash = format!("$new{round}{racer}$");
            async move {
                let replaced = store.set_password_hash(asha.id, &was, &hash).await;
                replaced.map(|()| hash)
            }
        });
        let mut won = Vec::new();
        for outcome in race(tasks.into()).await {
            match outcome {
                Ok(hash) => won.push(hash),
                lost => assert_missing(lost),
            }
        }
        let stored = store.user(asha.id).await.unwrap().unwrap();
        assert_eq!(won, [stored.password_hash.as_str()]);
        was = stored.password_hash;
    }
}

/// The usernames of those whom a term finds.
async fn found(store: &Shared, term: &str) -> Vec<String> {
    let term = SearchTerm::parse(term).unwrap();
    let found = store.search_users(&term, 10).await.unwrap();
    found.iter().map(|user| user.username.to_string()).collect()
}

pub async fn an_account_is_renamed_and_found_by_its_new_name(store: &Shared) {
    let asha = account(1, "asha", "Asha Kumari");
    let other = account(2, "bilal", "Kumari");
    store.insert_user(&asha).await.unwrap();
    store.insert_user(&other).await.unwrap();
    for name in ["आशा देवी", "Asha Devi", "Asha Devi", "asha", "z"] {
        let display_name = DisplayName::parse(name).unwrap();
        store.rename_user(asha.id, &display_name).await.unwrap();
        let expected = UserRecord {
            display_name,
            ..asha.clone()
        };
        assert_eq!(store.user(asha.id).await.unwrap(), Some(expected));
        for word in name.split(' ') {
            assert_eq!(found(store, word).await, ["asha"], "{name}");
        }
        assert_eq!(found(store, "asha").await, ["asha"], "{name}");
        assert_eq!(found(store, "kum").await, ["bilal"], "{name}");
    }
    assert_eq!(found(store, "devi").await, Vec::<String>::new());
    assert_eq!(found(store, "देवी").await, Vec::<String>::new());
    assert_eq!(store.user(other.id).await.unwrap(), Some(other));
    for text in HOSTILE {
        let display_name = DisplayName::parse(text).unwrap();
        store.rename_user(asha.id, &display_name).await.unwrap();
        let stored = store.user(asha.id).await.unwrap().unwrap();
        assert_eq!(stored.display_name, display_name);
    }
    let nobody = store.rename_user(user_id(3), &asha.display_name).await;
    assert_missing(nobody);
    assert_eq!(store.user(user_id(3)).await.unwrap(), None);
}

pub async fn of_two_new_names_at_once_the_stored_one_is_found(store: &Shared) {
    let asha = account(1, "asha", "Asha");
    store.insert_user(&asha).await.unwrap();
    for round in 1..=ROUNDS {
        let names = [format!("even{round}"), format!("odd{round}")];
        let tasks = names.clone().map(|name| {
            let store = Arc::clone(store);
            async move {
                let name = DisplayName::parse(&name).unwrap();
                store.rename_user(asha.id, &name).await
            }
        });
        for outcome in race(tasks.into()).await {
            outcome.unwrap();
        }
        let stored = store.user(asha.id).await.unwrap().unwrap();
        for name in names {
            let is_stored = stored.display_name.as_str() == name;
            assert_eq!(found(store, &name).await.len(), usize::from(is_stored));
        }
    }
}

pub async fn hostile_texts_of_an_account_come_back_unchanged(store: &Shared) {
    let mut expected = Vec::new();
    for (number, text) in (1..).zip(HOSTILE) {
        let mut user = account(number, &format!("user{number}"), "x");
        user.display_name = DisplayName::parse(text).unwrap();
        user.email_sealed = text.as_bytes().to_vec();
        (*text).clone_into(&mut user.password_hash);
        store.insert_user(&user).await.unwrap();
        expected.push(user);
    }
    for user in expected {
        let mut was = user.password_hash;
        for text in unruly() {
            let replaced = store.set_password_hash(user.id, &was, &text).await;
            replaced.unwrap();
            was.clone_from(&text);
            let stored = store.user(user.id).await.unwrap().unwrap();
            assert_eq!(stored.password_hash, text);
            assert_eq!(stored.display_name, user.display_name);
            assert_eq!(stored.email_sealed, user.email_sealed);
        }
    }
}

pub async fn the_store_answers(store: &Shared) {
    let answer: Result<(), StoreError> = store.ping().await;
    answer.unwrap();
}

pub async fn a_closed_account_keeps_its_username_and_nothing_else(store: &Shared) {
    let asha = account(1, "asha", "Asha Kumari");
    store.insert_user(&asha).await.unwrap();
    store.insert_user(&account(2, "ashok", "B")).await.unwrap();
    store.close_account(asha.id).await.unwrap();

    let left = store.user(asha.id).await.unwrap().unwrap();
    assert!(left.is_closed());
    assert_eq!(left, asha.clone().closed());
    assert_eq!(store.user_by_email(&asha.email_index).await.unwrap(), None);
    for term in ["asha", "kumari", "deleted"] {
        let term = SearchTerm::parse(term).unwrap();
        assert_eq!(store.search_users(&term, 10).await.unwrap(), []);
    }
    // The name cannot be taken, the address can.
    assert_taken(
        store.insert_user(&account(3, "asha", "C")).await,
        Unique::Username,
    );
    let again = UserRecord {
        email_index: asha.email_index,
        ..account(4, "asha2", "D")
    };
    store.insert_user(&again).await.unwrap();
    let words = store.rename_user(asha.id, &asha.display_name).await;
    assert_missing(words);
}

pub async fn an_account_is_closed_once_and_noted_until_nothing_is_left(store: &Shared) {
    assert_missing(store.close_account(user_id(9)).await);
    for number in 1..=3 {
        let user = account(number, &format!("user{number}"), "Name");
        store.insert_user(&user).await.unwrap();
    }
    for number in [1, 3, 1] {
        store.close_account(user_id(number)).await.unwrap();
    }
    let noted = store.closing_accounts(10).await.unwrap();
    assert_eq!(
        BTreeSet::from_iter(noted),
        BTreeSet::from([1, 3].map(user_id))
    );
    assert_eq!(store.closing_accounts(1).await.unwrap().len(), 1);
    store.account_closed(user_id(1)).await.unwrap();
    store.account_closed(user_id(1)).await.unwrap();
    // A second time notes nothing anew.
    store.close_account(user_id(1)).await.unwrap();
    assert_eq!(store.closing_accounts(10).await.unwrap(), [user_id(3)]);
}
