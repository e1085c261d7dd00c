//! Signed-in devices.

use std::sync::Arc;

use protocol::Timestamp;

use super::{NOW, ROUNDS, Shared, assert_missing, assert_taken, race, session_id, unruly, user_id};
use chat::{SessionRecord, StoreError, Unique};

const DAY: u64 = 24 * 60 * 60 * 1_000;

/// A session of an account, made at [`NOW`] for a day.
fn session(number: u64, user: u64) -> SessionRecord {
    SessionRecord {
        id: session_id(number),
        user: user_id(user),
        refresh_hash: [u8::try_from(number % 251).unwrap(); 32],
        generation: 0,
        created_at: NOW,
        refreshed_at: NOW,
        expires_at: NOW.plus_millis(DAY),
        revoked_at: None,
        device: format!("Device {number}"),
    }
}

/// The session after one more rotation.
fn rotated(session: &SessionRecord, mark: u8) -> SessionRecord {
    SessionRecord {
        refresh_hash: [mark; 32],
        generation: session.generation + 1,
        refreshed_at: session.refreshed_at.plus_millis(1),
        expires_at: session.expires_at.plus_millis(1),
        ..session.clone()
    }
}

async fn add(store: &Shared, session: &SessionRecord) {
    store.insert_session(session).await.unwrap();
}

#[track_caller]
fn assert_numbers(sessions: &[SessionRecord], numbers: &[u64]) {
    let found: Vec<_> = sessions.iter().map(|session| session.id).collect();
    let expected: Vec<_> = numbers.iter().copied().map(session_id).collect();
    assert_eq!(found, expected);
}

pub async fn a_session_is_found_by_its_id(store: &Shared) {
    let mut first = session(1, 1);
    first.generation = u32::MAX;
    first.revoked_at = Some(Timestamp::from_millis(0));
    let second = session(2, 1);
    add(store, &first).await;
    add(store, &second).await;
    assert_eq!(store.session(first.id).await.unwrap(), Some(first));
    assert_eq!(store.session(second.id).await.unwrap(), Some(second));
    assert_eq!(store.session(session_id(3)).await.unwrap(), None);
}

pub async fn a_session_id_is_taken_once(store: &Shared) {
    let first = session(1, 1);
    add(store, &first).await;
    let second = SessionRecord {
        id: first.id,
        ..session(2, 2)
    };
    assert_taken(store.insert_session(&second).await, Unique::Id);
    assert_eq!(store.session(first.id).await.unwrap(), Some(first));
    assert_eq!(store.sessions_of(user_id(2), NOW).await.unwrap(), []);
}

pub async fn the_sessions_of_an_account_are_the_live_ones_oldest_first(store: &Shared) {
    for (number, age) in [(1, 5), (2, 9), (3, 7)] {
        add(
            store,
            &SessionRecord {
                created_at: Timestamp::from_millis(NOW.millis() - age),
                ..session(number, 1)
            },
        )
        .await;
    }
    let revoked = SessionRecord {
        revoked_at: Some(NOW),
        ..session(4, 1)
    };
    add(store, &revoked).await;
    let short = SessionRecord {
        expires_at: NOW.plus_millis(10),
        ..session(5, 1)
    };
    add(store, &short).await;
    add(store, &session(6, 2)).await;

    let found = store.sessions_of(user_id(1), NOW).await.unwrap();
    assert_numbers(&found, &[2, 3, 1, 5]);
    let last = found.last().unwrap();
    assert_eq!(last, &short);
    let before = NOW.plus_millis(9);
    let found = store.sessions_of(user_id(1), before).await.unwrap();
    assert_numbers(&found, &[2, 3, 1, 5]);
    // A session that ends now has ended.
    let found = store.sessions_of(user_id(1), short.expires_at).await;
    assert_numbers(&found.unwrap(), &[2, 3, 1]);
    store.revoke_session(session_id(3), NOW).await.unwrap();
    let found = store.sessions_of(user_id(1), NOW).await.unwrap();
    assert_numbers(&found, &[2, 1, 5]);
    let found = store.sessions_of(user_id(2), NOW).await.unwrap();
    assert_numbers(&found, &[6]);
    assert_eq!(store.sessions_of(user_id(3), NOW).await.unwrap(), []);
}

pub async fn dead_sessions_are_forgotten_and_no_others(store: &Shared) {
    let revoked = |number, at| SessionRecord {
        revoked_at: Some(at),
        ..session(number, 1)
    };
    let expiring = |number, at| SessionRecord {
        expires_at: at,
        ..session(number, 1)
    };
    let until = NOW.plus_millis(100);
    for kept in [
        session(1, 1),
        revoked(2, until),
        expiring(3, until),
        SessionRecord {
            user: user_id(2),
            ..revoked(4, NOW)
        },
    ] {
        add(store, &kept).await;
    }
    for number in 10..14 {
        add(store, &revoked(number, NOW)).await;
    }
    for number in 14..18 {
        add(store, &expiring(number, NOW.plus_millis(99))).await;
    }
    let mut left = 8;
    for limit in [0, 3, 3, 100] {
        store
            .forget_sessions(user_id(1), until, limit)
            .await
            .unwrap();
        left -= limit.min(left);
        let mut found = 0;
        for number in 10..18 {
            found += usize::from(store.session(session_id(number)).await.unwrap().is_some());
        }
        assert_eq!(found, left, "after at most {limit}");
    }
    for number in 1..5 {
        let kept = store.session(session_id(number)).await.unwrap();
        assert!(kept.is_some(), "session {number}");
    }
    // Its id is free again.
    add(store, &session(10, 1)).await;
}

pub async fn a_rotation_replaces_the_expected_generation_only(store: &Shared) {
    let first = session(1, 1);
    let bystander = session(2, 1);
    add(store, &first).await;
    add(store, &bystander).await;
    let second = rotated(&first, 2);
    assert_missing(store.rotate_session(&second, 1).await);
    assert_eq!(store.session(first.id).await.unwrap(), Some(first.clone()));

    store.rotate_session(&second, 0).await.unwrap();
    assert_eq!(store.session(first.id).await.unwrap(), Some(second.clone()));
    assert_missing(store.rotate_session(&rotated(&first, 3), 0).await);
    let third = rotated(&second, 3);
    store.rotate_session(&third, 1).await.unwrap();
    assert_eq!(store.session(first.id).await.unwrap(), Some(third));
    assert_eq!(store.session(bystander.id).await.unwrap(), Some(bystander));
}

pub async fn a_rotation_needs_a_session_of_its_account_that_is_not_revoked(store: &Shared) {
    let unknown = session(1, 1);
    assert_missing(store.rotate_session(&rotated(&unknown, 2), 0).await);
    assert_eq!(store.session(unknown.id).await.unwrap(), None);

    let first = session(2, 1);
    add(store, &first).await;
    let stolen = SessionRecord {
        user: user_id(2),
        ..rotated(&first, 2)
    };
    assert_missing(store.rotate_session(&stolen, 0).await);
    store.revoke_session(first.id, NOW).await.unwrap();
    assert_missing(store.rotate_session(&rotated(&first, 2), 0).await);
    let expected = SessionRecord {
        revoked_at: Some(NOW),
        ..first
    };
    assert_eq!(store.session(expected.id).await.unwrap(), Some(expected));
}

pub async fn of_two_rotations_at_once_one_wins(store: &Shared) {
    for round in 1..=ROUNDS {
        let first = session(round, 1);
        add(store, &first).await;
        let contenders = [rotated(&first, 2), rotated(&first, 3)];
        let tasks = contenders.iter().cloned().map(|session| {
            let store = Arc::clone(store);
            async move { store.rotate_session(&session, 0).await }
        });
        let outcomes = race(tasks.collect()).await;
        let winners: Vec<&SessionRecord> = contenders
            .iter()
            .zip(&outcomes)
            .filter_map(|(session, outcome)| outcome.is_ok().then_some(session))
            .collect();
        assert_eq!(winners.len(), 1, "{outcomes:?}");
        let losers = outcomes.into_iter().filter(Result::is_err);
        losers.for_each(assert_missing);
        let stored = store.session(first.id).await.unwrap();
        assert_eq!(stored.as_ref(), winners.first().copied());
    }
}

pub async fn of_a_rotation_and_a_revocation_the_revocation_stays(store: &Shared) {
    for round in 1..=ROUNDS {
        let first = session(round, 1);
        add(store, &first).await;
        let rotate = rotated(&first, 2);
        let tasks = [Some(rotate.clone()), None].map(|rotation| {
            let store = Arc::clone(store);
            let id = first.id;
            async move {
                match rotation {
                    Some(session) => store.rotate_session(&session, 0).await,
                    None => store.revoke_session(id, NOW).await,
                }
            }
        });
        let mut outcomes = race(tasks.into()).await;
        outcomes.pop().unwrap().unwrap();
        let expected = match outcomes.pop().unwrap() {
            Ok(()) => rotate,
            Err(StoreError::Missing) => first,
            Err(other) => unreachable!("{other:?}"),
        };
        let stored = store.session(expected.id).await.unwrap().unwrap();
        assert_eq!(stored.revoked_at, Some(NOW));
        assert_eq!(stored.generation, expected.generation);
        assert_eq!(stored.refresh_hash, expected.refresh_hash);
    }
}

pub async fn a_revocation_keeps_its_first_time(store: &Shared) {
    let first = session(1, 1);
    let bystander = session(2, 1);
    add(store, &first).await;
    add(store, &bystander).await;
    store.revoke_session(first.id, NOW).await.unwrap();
    let later = NOW.plus_millis(5);
    store.revoke_session(first.id, later).await.unwrap();
    let expected = SessionRecord {
        revoked_at: Some(NOW),
        ..first
    };
    assert_eq!(store.session(expected.id).await.unwrap(), Some(expected));
    assert_eq!(store.session(bystander.id).await.unwrap(), Some(bystander));
    store.revoke_session(session_id(3), NOW).await.unwrap();
    assert_eq!(store.session(session_id(3)).await.unwrap(), None);
}

pub async fn hostile_texts_of_a_session_come_back_unchanged(store: &Shared) {
    for (number, text) in (1..).zip(unruly()) {
        let mut first = session(number, 1);
        first.device.clone_from(&text);
        add(store, &first).await;
        assert_eq!(store.session(first.id).await.unwrap(), Some(first.clone()));
        let mut second = rotated(&first, 9);
        second.device = format!("{text}{text}");
        store.rotate_session(&second, 0).await.unwrap();
        let found = store.session(first.id).await.unwrap();
        assert_eq!(found, Some(second));
    }
}
