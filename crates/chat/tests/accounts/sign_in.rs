//! Signing up and in.

use std::collections::HashSet;
use std::sync::Arc;

use chat::{ChatError, Config, MemoryStore, SignUp, Store};
use protocol::{EmailAddress, ErrorCode, Field, Username};
use security::{PasswordParams, password};

use crate::support::{
    CHEAP, MINUTE, NOW, PASSWORD, World, check_code, check_fields, config, device, form,
};

#[tokio::test]
async fn sign_up_signs_in_and_stores_no_secret_in_the_clear() {
    let world = World::new().await;
    let signed_in = world.sign_up("meera").await;
    let actor = world.actor(&signed_in).await;
    assert_eq!(actor.user(), signed_in.person.id);
    assert_eq!(actor.session(), signed_in.session);
    assert_eq!(world.chat.me(&actor).await.unwrap(), signed_in.person);
    assert_eq!(signed_in.access_expires_at, NOW.plus_millis(15 * MINUTE));
    assert_eq!(
        signed_in.refresh_expires_at,
        NOW.plus_millis(config().session_ttl_ms)
    );

    let user = world.store.user(actor.user()).await.unwrap().unwrap();
    let session = world.store.session(actor.session()).await.unwrap().unwrap();
    let stored = format!(
        "{user:?} {session:?} {}",
        String::from_utf8_lossy(&user.email_sealed)
    );
    let secret = signed_in.refresh_token.split_once('.').unwrap().1;
    for needle in [
        PASSWORD,
        "meera@",
        "example",
        secret,
        &signed_in.access_token,
    ] {
        assert!(
            !stored.to_lowercase().contains(&needle.to_lowercase()),
            "{needle}"
        );
    }
    assert!(
        user.password_hash
            .starts_with("$argon2id$v=19$m=8,t=1,p=1$")
    );
    assert_eq!(
        world
            .keys
            .open_email(user.id.to_bytes(), &user.email_sealed)
            .unwrap(),
        "meera@example.org"
    );
    assert_eq!(session.device, "Firefox on Linux");
}

#[tokio::test]
async fn debug_of_a_sign_in_hides_both_tokens() {
    let world = World::new().await;
    let signed_in = world.sign_up("meera").await;
    let printed = format!("{signed_in:?} {signed_in:#?}");
    assert!(printed.contains("***"));
    assert!(!printed.contains(&signed_in.access_token));
    assert!(!printed.contains(signed_in.refresh_token.split_once('.').unwrap().1));
}

#[tokio::test]
async fn taken_names_and_addresses_are_told_together() {
    let world = World::new().await;
    world.sign_up("meera").await;
    let both = [
        (Field::Username, ErrorCode::UsernameTaken),
        (Field::Email, ErrorCode::EmailTaken),
    ];
    check_fields(
        world.chat.sign_up(form("meera"), device(), NOW).await,
        &both,
    );
    let other_name = SignUp {
        username: Username::parse("meera2").unwrap(),
        email: EmailAddress::parse("MEERA@EXAMPLE.ORG").unwrap(),
        ..form("meera")
    };
    check_fields(
        world.chat.sign_up(other_name, device(), NOW).await,
        &both[1..],
    );
    let other_address = SignUp {
        username: Username::parse("@Meera").unwrap(),
        ..form("meera2")
    };
    check_fields(
        world.chat.sign_up(other_address, device(), NOW).await,
        &both[..1],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_want_a_name_at_once_one_gets_it() {
    let world = Arc::new(World::new().await);
    let start = Arc::new(tokio::sync::Barrier::new(8));
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let (world, start) = (Arc::clone(&world), Arc::clone(&start));
            tokio::spawn(async move {
                let wanted = SignUp {
                    email: EmailAddress::parse(&format!("m{n}@example.org")).unwrap(),
                    ..form("meera")
                };
                start.wait().await;
                world.chat.sign_up(wanted, device(), NOW).await
            })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => won += 1,
            refused => check_fields(refused, &[(Field::Username, ErrorCode::UsernameTaken)]),
        }
    }
    assert_eq!(won, 1);
}

#[tokio::test]
async fn sign_in_by_any_spelling_of_name_or_address() {
    let world = World::new().await;
    let id = world.sign_up("meera").await.person.id;
    for login in [
        "meera",
        "@Meera",
        " MEERA ",
        "meera@example.org",
        "Meera@EXAMPLE.org ",
    ] {
        let signed_in = world.sign_in(login, PASSWORD).await.unwrap();
        assert_eq!(signed_in.person.id, id, "{login}");
    }
}

#[tokio::test]
async fn a_wrong_login_and_a_wrong_password_look_the_same() {
    let world = World::new().await;
    world.sign_up("meera").await;
    let mut answers = HashSet::new();
    let huge = "x".repeat(100_000);
    for (login, password) in [
        ("meera", "wrong password"),
        ("meera@example.org", "wrong password"),
        ("meera", PASSWORD.trim_end()),
        ("nobody", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("", PASSWORD),
        ("@", PASSWORD),
        ("a@b@c", PASSWORD),
        ("user:x OR 1", PASSWORD),
        ("\u{0}meera", PASSWORD),
        (huge.as_str(), PASSWORD),
    ] {
        let refused = world.sign_in(login, password).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidCredentials);
        answers.insert(format!("{refused:?} {refused}"));
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn guessing_is_slowed_down_and_other_people_are_not_concerned() {
    let world = World::new().await;
    world.sign_up("meera").await;
    world.sign_up("arif").await;
    for _ in 0..10 {
        check_code(
            world.sign_in("meera", "wrong").await,
            ErrorCode::InvalidCredentials,
        );
    }
    let refused = world.sign_in("meera", PASSWORD).await;
    assert!(matches!(
        refused,
        Err(ChatError::RateLimited {
            retry_after_ms: 60_000
        })
    ));
    world.sign_in("arif", PASSWORD).await.unwrap();
    let later = NOW.plus_millis(MINUTE);
    world.sign_in_at("meera", PASSWORD, later).await.unwrap();
    // Unknown names are limited alike.
    for _ in 0..10 {
        check_code(
            world.sign_in_at("nobody", "wrong", later).await,
            ErrorCode::InvalidCredentials,
        );
    }
    check_code(
        world.sign_in_at("nobody", "wrong", later).await,
        ErrorCode::RateLimited,
    );
}

#[tokio::test]
async fn a_right_password_is_never_counted() {
    let world = World::new().await;
    world.sign_up("meera").await;
    for _ in 0..40 {
        world.sign_in("meera", PASSWORD).await.unwrap();
    }
}

#[tokio::test]
async fn without_limits_nothing_is_refused() {
    let unlimited = Config {
        rate_limits: false,
        ..config()
    };
    let world = World::over(Arc::new(MemoryStore::new()), unlimited).await;
    for n in 0..100 {
        world.sign_up(&format!("user{n}")).await;
        check_code(
            world.sign_in("user0", "wrong").await,
            ErrorCode::InvalidCredentials,
        );
    }
}

#[tokio::test]
async fn a_new_cost_replaces_the_hash_at_the_next_sign_in() {
    let store = Arc::new(MemoryStore::new());
    let id = World::over(Arc::clone(&store), config())
        .await
        .sign_up("meera")
        .await
        .person
        .id;
    let dearer = PasswordParams { passes: 2, ..CHEAP };
    let world = World::over(
        Arc::clone(&store),
        Config {
            password: dearer,
            ..config()
        },
    )
    .await;
    let hash = async || store.user(id).await.unwrap().unwrap().password_hash;
    check_code(
        world.sign_in("meera", "wrong").await,
        ErrorCode::InvalidCredentials,
    );
    assert!(password::needs_rehash(&hash().await, &dearer));
    world.sign_in("meera", PASSWORD).await.unwrap();
    let replaced = hash().await;
    assert!(!password::needs_rehash(&replaced, &dearer));
    world.sign_in("meera", PASSWORD).await.unwrap();
    assert_eq!(hash().await, replaced);
}
