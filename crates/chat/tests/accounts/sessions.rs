//! Tokens, their rotation, and the sessions behind them.

use std::collections::HashSet;
use std::sync::Arc;

use chat::{Config, MemoryStore};
use protocol::{ErrorCode, SessionId, limits};

use crate::support::{MINUTE, NOW, PASSWORD, World, check_code, config};

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
