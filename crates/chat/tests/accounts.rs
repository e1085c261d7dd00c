//! Accounts and sessions over the store in memory.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed unwrap fails the test"
)]

use std::collections::HashSet;
use std::sync::Arc;

use chat::{
    Actor, Chat, ChatError, Config, Deps, Device, MemoryStore, SignIn, SignUp, SignedIn, Store,
};
use protocol::{
    DisplayName, EmailAddress, ErrorCode, Field, FieldError, Password, SessionId, Timestamp,
    Username, limits,
};
use security::{KeyRing, PasswordParams, password};

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const MINUTE: u64 = 60_000;
const PASSWORD: &str = "चाबी ताला 🔑 ";
const CHEAP: PasswordParams = PasswordParams {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};

struct World {
    chat: Arc<Chat>,
    store: Arc<MemoryStore>,
    keys: Arc<KeyRing>,
}

fn config() -> Config {
    Config {
        password: CHEAP,
        ..Config::default()
    }
}

impl World {
    async fn new() -> Self {
        Self::over(Arc::new(MemoryStore::new()), config()).await
    }

    async fn over(store: Arc<MemoryStore>, config: Config) -> Self {
        let keys = Arc::new(KeyRing::for_tests());
        let deps = Deps {
            store: Arc::<MemoryStore>::clone(&store),
            keys: Arc::clone(&keys),
            config,
        };
        let chat = Chat::open(deps, NOW).await.unwrap();
        Self { chat, store, keys }
    }

    async fn sign_up(&self, name: &str) -> SignedIn {
        self.chat.sign_up(form(name), device(), NOW).await.unwrap()
    }

    async fn sign_in_at(
        &self,
        login: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<SignedIn, ChatError> {
        let form = SignIn {
            login: login.to_owned(),
            password: Password::parse_existing(password.to_owned()).unwrap(),
        };
        self.chat.sign_in(form, device(), now).await
    }

    async fn sign_in(&self, login: &str, password: &str) -> Result<SignedIn, ChatError> {
        self.sign_in_at(login, password, NOW).await
    }

    async fn actor(&self, signed_in: &SignedIn) -> Actor {
        self.chat
            .authenticate(&signed_in.access_token, NOW)
            .await
            .unwrap()
    }
}

fn form(name: &str) -> SignUp {
    SignUp {
        display_name: DisplayName::parse(&format!("{name} खान")).unwrap(),
        username: Username::parse(name).unwrap(),
        email: EmailAddress::parse(&format!("{name}@Example.org")).unwrap(),
        password: Password::parse_new(PASSWORD.to_owned()).unwrap(),
    }
}

fn device() -> Device {
    Device {
        address: "192.0.2.7".parse().unwrap(),
        name: "Firefox\r\n on \u{202E}Linux".to_owned(),
    }
}

#[track_caller]
fn check_code<T>(outcome: Result<T, ChatError>, code: ErrorCode) {
    match outcome {
        Ok(_) => panic!("expected {code:?}, but it was accepted"),
        Err(error) => assert_eq!(error.code(), code, "{error:?}"),
    }
}

#[track_caller]
fn check_fields<T>(outcome: Result<T, ChatError>, expected: &[(Field, ErrorCode)]) {
    let Err(ChatError::Fields(fields)) = outcome else {
        panic!("expected refused fields");
    };
    let expected: Vec<_> = expected
        .iter()
        .map(|&(field, code)| FieldError { field, code })
        .collect();
    assert_eq!(fields, expected);
}

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
            world.sign_in("nobody", "wrong").await,
            ErrorCode::InvalidCredentials,
        );
    }
    check_code(
        world.sign_in("nobody", "wrong").await,
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

#[tokio::test]
async fn tokens_end_with_their_time_and_with_their_session() {
    let world = World::new().await;
    let signed_in = world.sign_up("meera").await;
    let at = |minutes: u64| NOW.plus_millis(minutes * MINUTE);
    let token = signed_in.access_token.as_str();
    assert!(world.chat.authenticate(token, at(14)).await.is_ok());
    check_code(
        world.chat.authenticate(token, at(15)).await,
        ErrorCode::Unauthenticated,
    );

    let actor = world.actor(&signed_in).await;
    world
        .chat
        .end_session(&actor, actor.session(), NOW)
        .await
        .unwrap();
    check_code(
        world.chat.authenticate(token, NOW).await,
        ErrorCode::Unauthenticated,
    );
    check_code(
        world.chat.refresh(&signed_in.refresh_token, NOW).await,
        ErrorCode::Unauthenticated,
    );
    // Also for a process that has nothing in its cache.
    let restarted = World::over(Arc::clone(&world.store), config()).await;
    check_code(
        restarted.chat.authenticate(token, NOW).await,
        ErrorCode::Unauthenticated,
    );
    // A second time is no error.
    world
        .chat
        .end_session(&actor, actor.session(), NOW)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_longer_configured_life_is_cut_to_fifteen_minutes() {
    let config = Config {
        access_ttl_ms: u64::MAX,
        ..config()
    };
    let world = World::over(Arc::new(MemoryStore::new()), config).await;
    let signed_in = world.sign_up("meera").await;
    assert_eq!(signed_in.access_expires_at, NOW.plus_millis(15 * MINUTE));
}

#[tokio::test]
async fn foreign_tokens_and_tokens_of_vanished_sessions_are_refused() {
    let world = World::new().await;
    let signed_in = world.sign_up("meera").await;
    let elsewhere = World::new().await;
    let same_keys = elsewhere
        .chat
        .authenticate(&signed_in.access_token, NOW)
        .await;
    check_code(same_keys, ErrorCode::Unauthenticated);
    check_code(
        elsewhere.chat.refresh(&signed_in.refresh_token, NOW).await,
        ErrorCode::Unauthenticated,
    );
    for text in ["", ".", "..", "a.b.c", signed_in.refresh_token.as_str()] {
        check_code(
            world.chat.authenticate(text, NOW).await,
            ErrorCode::Unauthenticated,
        );
    }
    for text in ["", ".", signed_in.access_token.as_str()] {
        check_code(
            world.chat.refresh(text, NOW).await,
            ErrorCode::Unauthenticated,
        );
    }
}

#[tokio::test]
async fn a_token_naming_another_accounts_session_is_refused() {
    let world = World::new().await;
    let meera = world.sign_up("meera").await;
    let arif = world.sign_up("arif").await;
    let crossed = security::AccessClaims {
        subject: meera.person.id.to_string(),
        session: arif.session.to_string(),
        issued_at: NOW.millis() / 1_000,
        expires_at: NOW.millis() / 1_000 + 60,
    };
    let token = world.keys.sign_access(&crossed).unwrap();
    check_code(
        world.chat.authenticate(&token, NOW).await,
        ErrorCode::Unauthenticated,
    );
}

#[tokio::test]
async fn refreshing_rotates_and_prolongs() {
    let world = World::new().await;
    let mut signed_in = world.sign_up("meera").await;
    let mut seen = HashSet::from([signed_in.refresh_token.clone()]);
    for round in 1..=5 {
        let now = NOW.plus_millis(round * 14 * MINUTE);
        let next = world
            .chat
            .refresh(&signed_in.refresh_token, now)
            .await
            .unwrap();
        assert!(
            seen.insert(next.refresh_token.clone()),
            "a refresh token came twice"
        );
        assert_eq!(next.session, signed_in.session);
        assert_eq!(next.person, signed_in.person);
        assert_eq!(
            next.refresh_expires_at,
            now.plus_millis(config().session_ttl_ms)
        );
        world
            .chat
            .authenticate(&next.access_token, now)
            .await
            .unwrap();
        signed_in = next;
    }
    // Prolonged also for a check that had cached the first end.
    let end = config().session_ttl_ms;
    let just_before = Config {
        session_ttl_ms: 20 * MINUTE,
        ..config()
    };
    assert!(end > just_before.session_ttl_ms);
    let world = World::over(Arc::new(MemoryStore::new()), just_before).await;
    let first = world.sign_up("meera").await;
    world.actor(&first).await;
    let at = NOW.plus_millis(15 * MINUTE);
    let second = world.chat.refresh(&first.refresh_token, at).await.unwrap();
    let at = NOW.plus_millis(25 * MINUTE);
    world
        .chat
        .authenticate(&second.access_token, at)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_expired_session_cannot_be_refreshed() {
    let world = World::new().await;
    let signed_in = world.sign_up("meera").await;
    let end = signed_in.refresh_expires_at;
    check_code(
        world.chat.refresh(&signed_in.refresh_token, end).await,
        ErrorCode::Unauthenticated,
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tabs_that_rotate_at_the_same_moment_get_the_same_successor() {
    let world = Arc::new(World::new().await);
    let mut token = world.sign_up("meera").await.refresh_token;
    for round in 0..20 {
        let start = Arc::new(tokio::sync::Barrier::new(8));
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (world, start, token) = (Arc::clone(&world), Arc::clone(&start), token.clone());
                tokio::spawn(async move {
                    start.wait().await;
                    let now = NOW.plus_millis(round * MINUTE);
                    world.chat.refresh(&token, now).await.unwrap().refresh_token
                })
            })
            .collect();
        let mut successors = HashSet::new();
        for task in tasks {
            successors.insert(task.await.unwrap());
        }
        assert_eq!(successors.len(), 1, "round {round}");
        token = successors.into_iter().next().unwrap();
    }
}

#[tokio::test]
async fn within_the_grace_period_the_previous_token_repeats_the_current_one() {
    let world = World::new().await;
    let first = world.sign_up("meera").await.refresh_token;
    let second = world.chat.refresh(&first, NOW).await.unwrap();
    let grace = config().refresh_grace_ms;
    let again = world
        .chat
        .refresh(&first, NOW.plus_millis(grace))
        .await
        .unwrap();
    assert_eq!(again.refresh_token, second.refresh_token);
    // Also after a restart: nothing of it is in memory.
    let restarted = World::over(Arc::clone(&world.store), config()).await;
    let again = restarted
        .chat
        .refresh(&first, NOW.plus_millis(grace))
        .await
        .unwrap();
    assert_eq!(again.refresh_token, second.refresh_token);
    assert_eq!(again.refresh_expires_at, second.refresh_expires_at);
}

#[tokio::test]
async fn reuse_revokes_the_session_for_everybody_and_no_other() {
    let world = World::new().await;
    let stolen = world.sign_up("meera").await;
    let other_device = world.sign_in("meera", PASSWORD).await.unwrap();
    let current = world
        .chat
        .refresh(&stolen.refresh_token, NOW)
        .await
        .unwrap();
    world.actor(&current).await;

    let later = NOW.plus_millis(config().refresh_grace_ms + 1);
    let replay = world.chat.refresh(&stolen.refresh_token, later).await;
    check_code(replay, ErrorCode::Unauthenticated);
    for token in [&current.access_token, &stolen.access_token] {
        check_code(
            world.chat.authenticate(token, later).await,
            ErrorCode::Unauthenticated,
        );
    }
    check_code(
        world.chat.refresh(&current.refresh_token, later).await,
        ErrorCode::Unauthenticated,
    );
    world
        .chat
        .authenticate(&other_device.access_token, later)
        .await
        .unwrap();
    world
        .chat
        .refresh(&other_device.refresh_token, later)
        .await
        .unwrap();
}

#[tokio::test]
async fn reuse_of_the_one_before_the_last_revokes_even_within_the_grace_period() {
    let world = World::new().await;
    let first = world.sign_up("meera").await;
    let second = world.chat.refresh(&first.refresh_token, NOW).await.unwrap();
    let third = world
        .chat
        .refresh(&second.refresh_token, NOW)
        .await
        .unwrap();
    check_code(
        world.chat.refresh(&first.refresh_token, NOW).await,
        ErrorCode::Unauthenticated,
    );
    check_code(
        world.chat.refresh(&third.refresh_token, NOW).await,
        ErrorCode::Unauthenticated,
    );
}

/// Whoever knows a session's id (it stands in every access token) cannot end it with noise.
#[tokio::test]
async fn forged_refresh_tokens_revoke_nothing() {
    let world = World::new().await;
    let mut valid = world.sign_up("meera").await;
    for _ in 0..3 {
        valid = world.chat.refresh(&valid.refresh_token, NOW).await.unwrap();
    }
    let (id, secret) = valid.refresh_token.split_once('.').unwrap();
    let other = world.sign_up("arif").await.refresh_token;
    let foreign = other.split_once('.').unwrap().1;
    for forged in [
        format!("{id}.{}", "A".repeat(secret.len())),
        format!("{id}.{foreign}"),
        format!("{id}.{}A", &secret[..secret.len() - 1]),
        format!("{}.{secret}", SessionId::from_parts(NOW, 9)),
    ] {
        if forged != valid.refresh_token {
            check_code(
                world.chat.refresh(&forged, NOW).await,
                ErrorCode::Unauthenticated,
            );
        }
    }
    world.chat.refresh(&valid.refresh_token, NOW).await.unwrap();
}

#[tokio::test]
async fn sessions_are_listed_to_their_owner_and_ended_by_them_alone() {
    let world = World::new().await;
    let first = world.sign_up("meera").await;
    let second = world
        .sign_in_at("meera", PASSWORD, NOW.plus_millis(1))
        .await
        .unwrap();
    let stranger = world.sign_up("arif").await;
    let (meera, arif) = (world.actor(&second).await, world.actor(&stranger).await);

    let listed = world.chat.sessions(&meera, NOW).await.unwrap();
    let ids: Vec<_> = listed.iter().map(|info| (info.id, info.current)).collect();
    assert_eq!(ids, [(second.session, true), (first.session, false)]);
    assert_eq!(listed[0].device, "Firefox on Linux");

    check_code(
        world.chat.end_session(&arif, first.session, NOW).await,
        ErrorCode::NotFound,
    );
    let unknown = SessionId::from_parts(NOW, 99);
    check_code(
        world.chat.end_session(&arif, unknown, NOW).await,
        ErrorCode::NotFound,
    );
    world.actor(&first).await;

    world
        .chat
        .end_session(&meera, first.session, NOW)
        .await
        .unwrap();
    let refused = world.chat.authenticate(&first.access_token, NOW).await;
    check_code(refused, ErrorCode::Unauthenticated);
    world.actor(&second).await;
    assert_eq!(world.chat.sessions(&meera, NOW).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_further_device_replaces_the_oldest() {
    let world = World::new().await;
    let oldest = world.sign_up("meera").await;
    world.actor(&oldest).await;
    let mut second = None;
    for n in 1..=limits::SESSIONS_PER_USER as u64 {
        let signed_in = world
            .sign_in_at("meera", PASSWORD, NOW.plus_millis(n))
            .await
            .unwrap();
        second.get_or_insert(signed_in);
    }
    let second = second.unwrap();
    check_code(
        world.chat.authenticate(&oldest.access_token, NOW).await,
        ErrorCode::Unauthenticated,
    );
    let actor = world.actor(&second).await;
    let living = world.chat.sessions(&actor, NOW).await.unwrap();
    assert_eq!(living.len(), limits::SESSIONS_PER_USER);
}
