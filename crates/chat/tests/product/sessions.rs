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
