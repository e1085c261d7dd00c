//! Connections end with their session.

use protocol::limits::CONNECTIONS_PER_USER;
use protocol::{CloseCode, Codec, ErrorCode};

use crate::support::{Got, NOW, World, refused};

#[tokio::test]
async fn an_ended_session_closes_its_connections_at_once_and_no_others() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let phone = world.sign_in("asha").await;
    let mut on_phone = [world.tab(&phone).await, world.connect(&phone, Codec::Json)];
    let mut desktop = world.tab(&asha).await;
    world
        .chat
        .end_session(&asha, phone.session(), NOW)
        .await
        .unwrap();
    for tab in &mut on_phone {
        assert_eq!(tab.pending(), vec![Got::Close(CloseCode::SessionEnded)]);
    }
    // Frames that were under way do nothing any more.
    on_phone[0].send(world.command(id, "too late"));
    let mut writer = world.tab(&bilal).await;
    world.write(&mut writer, id, 1).await;
    assert_eq!(desktop.event().await.seq.0, 1);
    assert_eq!(world.everything(&asha, id).await.len(), 1);
    assert_eq!(on_phone[0].pending(), vec![]);
    assert_eq!(world.chat.metrics().connections, 2);
}

#[tokio::test]
async fn a_revocation_whose_outcome_is_not_known_closes_the_connections_all_the_same() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let stolen = world.tokens("asha").await;
    let thief = world.actor(&stolen.access_token).await;
    let mut socket = world.tab(&thief).await;
    world.store.fail_revocations(true);
    let ended = world.chat.end_session(&asha, thief.session(), NOW).await;
    refused(ended, ErrorCode::StorageUnavailable);
    assert_eq!(socket.pending(), vec![Got::Close(CloseCode::SessionEnded)]);
    let token = &stolen.access_token;
    refused(
        world.chat.authenticate(token, NOW).await,
        ErrorCode::Unauthenticated,
    );
}

#[tokio::test]
async fn a_refresh_that_finds_its_session_revoked_closes_its_connections() {
    let mut world = World::new().await;
    world.person("asha").await;
    let stolen = world.tokens("asha").await;
    let elsewhere = std::sync::Arc::clone(&world.chat);
    world.restart().await;
    let thief = world.actor(&stolen.access_token).await;
    let mut socket = world.tab(&thief).await;
    // Revoked behind the back of this process.
    let ended = elsewhere.end_session(&thief, thief.session(), NOW).await;
    ended.unwrap();
    assert_eq!(socket.pending(), vec![]);
    refused(
        world.chat.refresh(&stolen.refresh_token, NOW).await,
        ErrorCode::Unauthenticated,
    );
    assert_eq!(socket.pending(), vec![Got::Close(CloseCode::SessionEnded)]);
    let token = &stolen.access_token;
    refused(
        world.chat.authenticate(token, NOW).await,
        ErrorCode::Unauthenticated,
    );
}

#[tokio::test]
async fn a_connection_ends_when_its_session_expires_and_not_before() {
    const TTL: u64 = 60_000;
    let world = World::with(chat::Config {
        session_ttl_ms: TTL,
        ..crate::support::config()
    })
    .await;
    world.person("asha").await;
    let tokens = world.tokens("asha").await;
    let asha = world.actor(&tokens.access_token).await;
    let mut tabs = [world.tab(&asha).await, world.connect(&asha, Codec::Json)];
    let refreshed = NOW.plus_millis(TTL / 2);
    let next = world.chat.refresh(&tokens.refresh_token, refreshed).await;
    assert_eq!(next.unwrap().refresh_expires_at, refreshed.plus_millis(TTL));
    for at in [TTL / 2, TTL, TTL + TTL / 2 - 1] {
        world.chat.tick(NOW.plus_millis(at)).await;
        for tab in &mut tabs {
            assert_eq!(tab.pending(), vec![], "after {at} ms");
        }
    }
    world.chat.tick(refreshed.plus_millis(TTL)).await;
    for tab in &mut tabs {
        assert_eq!(tab.pending(), vec![Got::Close(CloseCode::SessionEnded)]);
    }
    assert_eq!(world.chat.metrics().connections, 0);
}

#[tokio::test]
async fn a_session_that_ended_meanwhile_cannot_connect() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let phone = world.sign_in("asha").await;
    world
        .chat
        .end_session(&asha, phone.session(), NOW)
        .await
        .unwrap();
    refused(
        world.chat.connect(&phone, Codec::Binary, NOW),
        ErrorCode::Unauthenticated,
    );
    // It is remembered for longer than an access token lives.
    for minute in 0..15 {
        world.chat.tick(NOW.plus_millis(minute * 60_000)).await;
    }
    refused(
        world.chat.connect(&phone, Codec::Binary, NOW),
        ErrorCode::Unauthenticated,
    );
}

#[tokio::test]
async fn the_oldest_connection_makes_room_for_a_further_one() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let mut tabs = Vec::new();
    for _ in 0..=CONNECTIONS_PER_USER {
        tabs.push(world.connect(&asha, Codec::Binary));
    }
    assert_eq!(tabs[0].pending(), vec![Got::Close(CloseCode::Replaced)]);
    assert_eq!(tabs[1].pending(), vec![]);
    assert_eq!(
        world.chat.metrics().connections,
        CONNECTIONS_PER_USER as u64
    );
}

#[tokio::test]
async fn a_close_comes_after_what_was_sent_before_it() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut reader = world.tab(&asha).await;
    let mut writer = world.tab(&bilal).await;
    // More than the queue holds: the close fits all the same.
    world.write(&mut writer, id, 300).await;
    world
        .chat
        .end_session(&asha, asha.session(), NOW)
        .await
        .unwrap();
    let pending = reader.pending();
    assert!(pending.len() > 200, "{}", pending.len());
    assert_eq!(pending.last(), Some(&Got::Close(CloseCode::SessionEnded)));
}

#[tokio::test]
async fn a_disconnected_connection_gets_nothing_more() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    tab.close();
    tab.close();
    let mut writer = world.tab(&bilal).await;
    world.write(&mut writer, id, 1).await;
    tab.send(world.command(id, "from nowhere"));
    assert_eq!(tab.pending(), vec![Got::Close(CloseCode::Normal)]);
    assert_eq!(world.everything(&asha, id).await.len(), 1);
}
