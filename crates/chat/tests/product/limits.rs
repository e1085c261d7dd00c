//! What one account may do to the others: not much.

use chat::{ChatError, Config};
use protocol::limits::SENDS_UNDER_WAY;
use protocol::{ErrorCode, SearchTerm, Seq, ServerFrame};

use crate::support::{NOW, World, config};

async fn limited() -> World {
    World::with(Config {
        rate_limits: true,
        ..config()
    })
    .await
}

#[tokio::test]
async fn a_flood_is_slowed_down_and_others_are_not() {
    let world = limited().await;
    let (asha, bilal, id) = world.pair().await;
    let mut flooder = world.tab(&asha).await;
    let mut stored = 0;
    let pause = loop {
        let send_id = flooder.send(world.command(id, "flood"));
        match flooder.next().await {
            ServerFrame::Ack { .. } => stored += 1,
            ServerFrame::Reject {
                send_id: refused,
                code,
                retry_after_ms,
            } => {
                assert_eq!((refused, code), (send_id, ErrorCode::RateLimited));
                break u64::from(retry_after_ms.unwrap());
            }
            other => panic!("{other:?}"),
        }
        assert!(stored < 1_000, "nobody stops it");
    };
    assert!(pause > 0);
    // Further connections of the account do not help it, and nobody else is concerned.
    let mut second = world.tab(&asha).await;
    let send_id = second.send(world.command(id, "flood"));
    assert_eq!(second.rejected(send_id).await.0, ErrorCode::RateLimited);
    let mut other = world.tab(&bilal).await;
    let send_id = other.send(world.command(id, "calm"));
    assert_eq!(other.acked(send_id).await, Seq(stored + 1));
    second.event().await;

    let send_id = second.send_at(world.command(id, "later"), NOW.plus_millis(pause));
    assert_eq!(second.acked(send_id).await, Seq(stored + 2));
    assert_eq!(world.chat.metrics().rate_limited, 2);
}

#[tokio::test]
async fn one_connection_has_so_many_sends_under_way() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let gate = world.store.hold_appends();
    let ids: Vec<_> = (0..SENDS_UNDER_WAY)
        .map(|_| tab.send(world.command(id, "x")))
        .collect();
    let surplus = tab.send(world.command(id, "one too many"));
    let (code, pause) = tab.rejected(surplus).await;
    assert_eq!(code, ErrorCode::RateLimited);
    assert!(pause.is_some());
    gate.add_permits(SENDS_UNDER_WAY);
    for (at, send_id) in ids.into_iter().enumerate() {
        assert_eq!(tab.acked(send_id).await, Seq(at as u64 + 1));
    }
    let next = tab.send(world.command(id, "room again"));
    assert_eq!(tab.acked(next).await, Seq(SENDS_UNDER_WAY as u64 + 1));
}

#[tokio::test]
async fn one_conversation_holds_so_many_waiting_sends() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tabs = Vec::new();
    for _ in 0..20 {
        tabs.push(world.tab(&asha).await);
    }
    let gate = world.store.hold_appends();
    let mut sent = 0_usize;
    for tab in &tabs {
        for _ in 0..SENDS_UNDER_WAY {
            tab.send(world.command(id, "x"));
            sent += 1;
        }
    }
    let refused: usize = tabs.iter().map(crate::support::Tab::waiting).sum();
    assert!(refused > 0, "of {sent}");
    gate.add_permits(sent);
    let accepted = (sent - refused) as u64;
    while world.chat.newest(&asha, id, 1).await.unwrap().last_seq < Seq(accepted) {
        tokio::task::yield_now().await;
    }
    for tab in &mut tabs {
        for got in tab.pending() {
            let crate::support::Got::Frame(ServerFrame::Reject { code, .. }) = got else {
                continue;
            };
            assert_eq!(code, ErrorCode::RateLimited);
        }
    }
}

#[tokio::test]
async fn searches_and_openings_are_limited() {
    let world = limited().await;
    let (asha, bilal, _) = world.pair().await;
    let term = SearchTerm::parse("bil").unwrap();
    let mut searches = 0;
    let pause = loop {
        match world.chat.search_people(&asha, &term, NOW).await {
            Ok(_) => searches += 1,
            Err(ChatError::RateLimited { retry_after_ms }) => break retry_after_ms,
            Err(other) => panic!("{other:?}"),
        }
        assert!(searches < 1_000, "nobody stops it");
    };
    let later = NOW.plus_millis(pause);
    assert_eq!(
        world
            .chat
            .search_people(&asha, &term, later)
            .await
            .unwrap()
            .len(),
        1
    );
    assert!(world.chat.search_people(&bilal, &term, NOW).await.is_ok());
    let mut opened = 0;
    while world
        .chat
        .open_direct(&asha, bilal.user(), NOW)
        .await
        .is_ok()
    {
        opened += 1;
        assert!(opened < 1_000, "nobody stops it");
    }
}
