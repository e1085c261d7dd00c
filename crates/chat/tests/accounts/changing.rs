//! Another name and another password.

use std::sync::Arc;

use chat::{ChatError, Config, MemoryStore, PasswordChange, PasswordChanged, SignedIn, Store as _};
use protocol::{DisplayName, ErrorCode, Field, Password, SearchTerm, Timestamp};
use security::{PasswordParams, password};

use crate::support::{
    CHEAP, MINUTE, NOW, PASSWORD, World, check_code, check_fields, config, device,
};

const NEW: &str = "नई चाबी नया ताला";

async fn change_at(
    world: &World,
    who: &SignedIn,
    current: &str,
    new: &str,
    now: Timestamp,
) -> Result<PasswordChanged, ChatError> {
    let change = PasswordChange {
        current: Password::parse_existing(current.to_owned()).unwrap(),
        new: Password::parse_new(new.to_owned()).unwrap(),
    };
    let address = device().address;
    world
        .chat
        .change_password(&who.actor(), change, address, now)
        .await
}

async fn change(world: &World, who: &SignedIn) -> Result<PasswordChanged, ChatError> {
    change_at(world, who, PASSWORD, NEW, NOW).await
}

fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).unwrap()
}

#[tokio::test]
async fn another_password_ends_the_other_sessions_and_rotates_this_one() {
    let world = World::new().await;
    let here = world.sign_up("meera").await;
    let stranger = world.sign_up("arif").await;
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(world.sign_in("meera", PASSWORD).await.unwrap());
    }
    let changed = change(&world, &here).await.unwrap();
    assert_eq!(changed.ended, Some(3));
    for other in &others {
        check_code(
            world.chat.authenticate(&other.access_token, NOW).await,
            ErrorCode::Unauthenticated,
        );
        check_code(
            world.chat.refresh(&other.refresh_token, NOW).await,
            ErrorCode::Unauthenticated,
        );
    }
    let fresh = changed.signed_in.unwrap();
    assert_eq!(fresh.session, here.session);
    assert_ne!(fresh.refresh_token, here.refresh_token);
    world.actor(&fresh).await;
    world.actor(&stranger).await;
    // Shown after the new tokens were, the old one is a copy.
    let later = NOW.plus_millis(MINUTE);
    let seen = world.chat.authenticate(&fresh.access_token, later).await;
    seen.unwrap();
    check_code(
        world.chat.refresh(&here.refresh_token, later).await,
        ErrorCode::Unauthenticated,
    );

    check_code(
        world.sign_in("meera", PASSWORD).await,
        ErrorCode::InvalidCredentials,
    );
    world.sign_in("meera@example.org", NEW).await.unwrap();
}

#[tokio::test]
async fn a_wrong_current_password_stands_at_its_field_and_changes_nothing() {
    let world = World::new().await;
    let here = world.sign_up("meera").await;
    let there = world.sign_in("meera", PASSWORD).await.unwrap();
    let refused = change_at(&world, &here, PASSWORD.trim_end(), NEW, NOW).await;
    let wrong = (Field::CurrentPassword, ErrorCode::InvalidCredentials);
    check_fields(refused, &[wrong]);
    world.actor(&there).await;
    let next = world.chat.refresh(&here.refresh_token, NOW).await;
    next.unwrap();
    world.sign_in("meera", PASSWORD).await.unwrap();
    assert_eq!(world.chat.metrics().sign_ins_refused, 1);
}

#[tokio::test]
async fn guesses_at_the_current_password_are_guesses_at_the_account() {
    let world = World::new().await;
    let here = world.sign_up("meera").await;
    for _ in 0..5 {
        let wrong = change_at(&world, &here, "wrong", NEW, NOW).await;
        check_code(wrong, ErrorCode::InvalidFields);
        check_code(
            world.sign_in("meera", "wrong").await,
            ErrorCode::InvalidCredentials,
        );
    }
    assert!(matches!(
        change(&world, &here).await,
        Err(ChatError::RateLimited {
            retry_after_ms: 60_000
        })
    ));
    check_code(
        world.sign_in("meera", PASSWORD).await,
        ErrorCode::RateLimited,
    );
    let later = NOW.plus_millis(MINUTE);
    let changed = change_at(&world, &here, PASSWORD, NEW, later).await;
    changed.unwrap();
}

#[tokio::test]
async fn a_right_current_password_is_never_counted() {
    let world = World::new().await;
    let here = world.sign_up("meera").await;
    for _ in 0..20 {
        change(&world, &here).await.unwrap();
        let back = change_at(&world, &here, NEW, PASSWORD, NOW).await;
        back.unwrap();
    }
}

#[tokio::test]
async fn another_password_is_hashed_at_todays_cost() {
    let store = Arc::new(MemoryStore::new());
    let here = World::over(Arc::clone(&store), config())
        .await
        .sign_up("meera")
        .await;
    let dearer = PasswordParams { passes: 2, ..CHEAP };
    let config = Config {
        password: dearer,
        ..config()
    };
    let world = World::over(Arc::clone(&store), config).await;
    change(&world, &here).await.unwrap();
    let stored = store.user(here.person.id).await.unwrap().unwrap();
    assert!(!password::needs_rehash(&stored.password_hash, &dearer));
    assert!(password::verify(NEW.as_bytes(), &stored.password_hash).unwrap());
}

fn unlimited() -> Config {
    Config {
        rate_limits: false,
        ..config()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_sign_in_with_the_old_password_outlives_the_new_one() {
    for _ in 0..50 {
        let world = Arc::new(World::over(Arc::new(MemoryStore::new()), unlimited()).await);
        let here = world.sign_up("meera").await;
        let sign_ins: Vec<_> = (0..4)
            .map(|_| {
                let world = Arc::clone(&world);
                tokio::spawn(async move { world.sign_in("meera", PASSWORD).await })
            })
            .collect();
        change(&world, &here).await.unwrap();
        for sign_in in sign_ins {
            if let Ok(session) = sign_in.await.unwrap() {
                check_code(
                    world.chat.authenticate(&session.access_token, NOW).await,
                    ErrorCode::Unauthenticated,
                );
            }
        }
        let living = world.store.sessions_of(here.person.id, NOW).await.unwrap();
        assert_eq!(living.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sign_in_that_hashes_anew_brings_no_old_password_back() {
    for _ in 0..30 {
        let store = Arc::new(MemoryStore::new());
        let before = World::over(Arc::clone(&store), unlimited()).await;
        let here = before.sign_up("meera").await;
        let dearer = PasswordParams { passes: 2, ..CHEAP };
        let config = Config {
            password: dearer,
            hash_permits: 4,
            ..unlimited()
        };
        let world = Arc::new(World::over(store, config).await);
        let sign_ins: Vec<_> = (0..3)
            .map(|_| {
                let world = Arc::clone(&world);
                tokio::spawn(async move { world.sign_in("meera", PASSWORD).await })
            })
            .collect();
        change(&world, &here).await.unwrap();
        for sign_in in sign_ins {
            let _ = sign_in.await.unwrap();
        }
        check_code(
            world.sign_in("meera", PASSWORD).await,
            ErrorCode::InvalidCredentials,
        );
        world.sign_in("meera", NEW).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sign_ins_that_hash_the_same_password_anew_all_succeed() {
    for _ in 0..20 {
        let store = Arc::new(MemoryStore::new());
        let before = World::over(Arc::clone(&store), unlimited()).await;
        before.sign_up("meera").await;
        let config = Config {
            password: PasswordParams { passes: 2, ..CHEAP },
            hash_permits: 4,
            ..unlimited()
        };
        let world = Arc::new(World::over(store, config).await);
        let sign_ins: Vec<_> = (0..4)
            .map(|_| {
                let world = Arc::clone(&world);
                tokio::spawn(async move { world.sign_in("meera", PASSWORD).await })
            })
            .collect();
        for sign_in in sign_ins {
            sign_in.await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn another_name_is_shown_and_found_at_once() {
    let world = World::new().await;
    let here = world.sign_up("meera").await;
    let reader = world.sign_up("arif").await.actor();
    let id = here.person.id;
    let before = world.chat.persons(&reader, &[id]).await.unwrap();
    assert_eq!(before, std::slice::from_ref(&here.person));

    let person = world.chat.rename(&here.actor(), name("Zoya"), NOW).await;
    let person = person.unwrap();
    assert_eq!(person.display_name, name("Zoya"));
    assert_eq!(world.chat.me(&here.actor()).await.unwrap(), person);
    let after = world.chat.persons(&reader, &[id]).await.unwrap();
    assert_eq!(after, std::slice::from_ref(&person));
    for (term, found) in [("zoya", vec![person]), ("खान", vec![])] {
        let term = SearchTerm::parse(term).unwrap();
        let people = world.chat.search_people(&reader, &term, NOW).await;
        assert_eq!(people.unwrap(), found);
    }
}

#[tokio::test]
async fn a_name_changes_a_few_times_an_hour() {
    let world = World::new().await;
    let here = world.sign_up("meera").await.actor();
    for n in 0..5 {
        let renamed = world.chat.rename(&here, name(&format!("Meera {n}")), NOW);
        renamed.await.unwrap();
    }
    let refused = world.chat.rename(&here, name("Meera"), NOW).await;
    assert!(matches!(
        refused,
        Err(ChatError::RateLimited {
            retry_after_ms: 720_000
        })
    ));
    // The same name again is no change.
    world
        .chat
        .rename(&here, name("Meera 4"), NOW)
        .await
        .unwrap();
    let later = NOW.plus_millis(12 * MINUTE);
    world
        .chat
        .rename(&here, name("Meera"), later)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_account_shows_its_owner_the_address() {
    let world = World::new().await;
    let here = world.sign_up("meera").await;
    let account = world.chat.account(&here.actor()).await.unwrap();
    assert_eq!(account.person, here.person);
    assert_eq!(account.email.as_deref(), Some("meera@example.org"));
}
