//! Stopping in order.

use std::sync::Arc;

use protocol::{CloseCode, Codec, ErrorCode, Seq, ServerFrame};

use crate::support::{Got, NOW, World, refused};

#[tokio::test]
async fn a_drain_keeps_what_was_taken_and_takes_no_more() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut author = world.tab(&asha).await;
    let mut reader = world.tab(&bilal).await;
    world.write(&mut author, id, 1).await;
    reader.event().await;
    world.chat.mark_read(&bilal, id, Seq(1), NOW).await.unwrap();
    reader.next().await;
    assert!(matches!(author.next().await, ServerFrame::Seen { .. }));
    let gate = world.store.hold_appends();
    let taken = author.send(world.command(id, "taken"));
    while world.store.appends() < 2 {
        tokio::task::yield_now().await;
    }

    let chat = Arc::clone(&world.chat);
    let drain = tokio::spawn(async move { chat.drain(NOW).await });
    let mut delays = Vec::new();
    for tab in [&mut author, &mut reader] {
        match tab.next().await {
            ServerFrame::Draining { reconnect_after_ms } => delays.push(reconnect_after_ms),
            other => panic!("{other:?}"),
        }
    }
    assert!(delays[0] > 0 && delays[0] != delays[1], "{delays:?}");
    let refused_send = reader.send(world.command(id, "too late"));
    assert_eq!(reader.rejected(refused_send).await.0, ErrorCode::Draining);
    refused(
        world.chat.connect(&asha, Codec::Binary, NOW),
        ErrorCode::Draining,
    );
    refused(world.chat.ready().await, ErrorCode::Draining);
    let hello = world.chat.hello(&asha, author.id, vec![], NOW).await;
    refused(hello, ErrorCode::Draining);
    assert!(!drain.is_finished() && !world.store.is_closed());

    gate.add_permits(1);
    assert_eq!(author.acked(taken).await, Seq(2));
    assert_eq!(reader.event().await.seq, Seq(2));
    for tab in [&mut author, &mut reader] {
        assert_eq!(tab.got().await, Got::Close(CloseCode::Restart));
    }
    drain.await.unwrap();
    assert!(world.store.is_closed());

    world.restart().await;
    let row = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!(
        (row.last_seq, row.read_seq),
        (Seq(2), Seq(1)),
        "the cursor was saved"
    );
}

#[tokio::test]
async fn a_drain_waits_for_retries_that_are_looked_for() {
    let mut world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    world.write(&mut tab, id, 200).await;
    world.restart().await;
    let mut tab = world.tab(&asha).await;
    let command = chat::SendCommand {
        retry: true,
        ..world.command(id, "a retry")
    };
    tab.send(command.clone());
    world.chat.drain(NOW).await;
    assert!(matches!(tab.next().await, ServerFrame::Draining { .. }));
    assert_eq!(tab.acked(command.send_id).await, Seq(201));
    assert_eq!(tab.closed().await, CloseCode::Restart);
}

#[tokio::test]
async fn an_idle_product_drains_at_once_and_once() {
    let world = World::new().await;
    assert!(world.chat.ready().await.is_ok());
    world.chat.drain(NOW).await;
    world.chat.drain(NOW).await;
    assert!(world.store.is_closed());
}

#[tokio::test]
async fn a_product_that_is_dropped_leaves_nothing_running() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    world.write(&mut tab, id, 1).await;
    let World { chat, store, .. } = world;
    drop(tab);
    drop(chat);
    // The committers hold the store until they have ended.
    while Arc::strong_count(&store) > 1 {
        tokio::task::yield_now().await;
    }
}
