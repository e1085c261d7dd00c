//! The same send again: whenever it comes, it is stored once.

use chat::{Config, SendCommand};
use protocol::{ErrorCode, Seq, ServerFrame};

use crate::support::{Tab, World, config, places, texts};

fn again(command: &SendCommand) -> SendCommand {
    SendCommand {
        retry: true,
        ..command.clone()
    }
}

#[tokio::test]
async fn a_retry_returns_the_first_result() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let mut reader = world.tab(&bilal).await;
    let command = world.command(id, "once");
    tab.send(command.clone());
    let first = tab.next().await;
    for _ in 0..3 {
        tab.send(again(&command));
        assert_eq!(tab.next().await, first);
    }
    assert_eq!(world.chat.metrics().duplicates_recognised, 3);
    assert_eq!(reader.event().await.seq, Seq(1));
    world.write(&mut tab, id, 1).await;
    assert_eq!(reader.event().await.seq, Seq(2), "nobody was told twice");
}

#[tokio::test]
async fn another_device_may_retry() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let command = world.command(id, "once");
    tab.send(command.clone());
    let first = tab.next().await;
    let phone = world.sign_in("asha").await;
    let mut phone = world.tab(&phone).await;
    phone.send(again(&command));
    assert_eq!(phone.next().await, first);
}

#[tokio::test]
async fn the_same_id_of_another_author_is_another_message() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let mut other = world.tab(&bilal).await;
    let command = world.command(id, "mine");
    tab.send(command.clone());
    assert_eq!(tab.acked(command.send_id).await, Seq(1));
    assert_eq!(other.event().await.seq, Seq(1));
    other.send(again(&command));
    assert_eq!(other.acked(command.send_id).await, Seq(2));
}

#[tokio::test]
async fn equal_sends_under_way_are_joined() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tabs = [
        world.tab(&asha).await,
        world.tab(&asha).await,
        world.tab(&asha).await,
    ];
    let mut reader = world.tab(&bilal).await;
    let gate = world.store.hold_appends();
    let first = world.command(id, "being committed");
    let second = world.command(id, "waiting");
    tabs[0].send(first.clone());
    while world.store.appends() == 0 {
        tokio::task::yield_now().await;
    }
    tabs[0].send(second.clone());
    for tab in &tabs[1..] {
        tab.send(again(&first));
        tab.send(again(&second));
    }
    gate.add_permits(3);
    for tab in &mut tabs {
        assert_eq!(tab.acked(first.send_id).await, Seq(1));
        assert_eq!(tab.acked(second.send_id).await, Seq(2));
    }
    assert_eq!(world.chat.metrics().duplicates_recognised, 4);
    world.write(&mut tabs[0], id, 1).await;
    for seq in 1..=3 {
        assert_eq!(reader.event().await.seq, Seq(seq));
    }
    for tab in &mut tabs[1..] {
        assert_eq!(
            tab.event().await.seq,
            Seq(3),
            "whoever was acked got no event"
        );
    }
}

/// A message, and so many others after it that its header is no longer in memory.
async fn long_ago(world: &World, tab: &mut Tab, command: &SendCommand) -> ServerFrame {
    tab.send(command.clone());
    let ack = tab.next().await;
    world.write(tab, command.conversation, 600).await;
    ack
}

#[tokio::test]
async fn a_late_retry_is_found_in_the_store() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    world.write(&mut tab, id, 10).await;
    let command = SendCommand {
        after: Seq(10),
        ..world.command(id, "once")
    };
    let ack = long_ago(&world, &mut tab, &command).await;
    tab.send(again(&command));
    assert_eq!(tab.next().await, ack);
    assert_eq!(world.everything(&asha, id).await.len(), 611);
}

#[tokio::test]
async fn a_retry_after_a_restart_is_found() {
    let mut world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let command = world.command(id, "once");
    let ack = long_ago(&world, &mut tab, &command).await;
    world.restart().await;
    let mut tab = world.tab(&asha).await;
    tab.send(again(&command));
    assert_eq!(tab.next().await, ack);
    // What follows a retry keeps its place behind it.
    let new = tab.send(world.command(id, "new"));
    assert_eq!(tab.acked(new).await, Seq(602));
}

#[tokio::test]
async fn a_retry_after_unloading_is_found() {
    let world = World::with(Config {
        loaded_conversations: 2,
        ..config()
    })
    .await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let command = world.command(id, "once");
    let ack = long_ago(&world, &mut tab, &command).await;
    for name in ["chandra", "dilip", "esha", "farid"] {
        let person = world.person(name).await;
        let other = world
            .chat
            .open_direct(&asha, person.user(), crate::support::NOW)
            .await;
        tab.next().await;
        world.write(&mut tab, other.unwrap().id, 1).await;
        world.chat.tick(crate::support::NOW).await;
    }
    assert!(world.chat.metrics().loaded_conversations <= 2);
    let reads = world.store.message_reads();
    tab.send(again(&command));
    assert_eq!(tab.next().await, ack);
    assert!(world.store.message_reads() > reads, "it was not in memory");
}

#[tokio::test]
async fn a_retry_of_what_was_never_stored_is_stored_once_and_in_order() {
    let mut world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    world.write(&mut tab, id, 300).await;
    world.restart().await;
    let mut tab = world.tab(&asha).await;
    let (first, second) = (world.command(id, "first"), world.command(id, "second"));
    tab.send(again(&first));
    tab.send(second.clone());
    assert_eq!(tab.acked(first.send_id).await, Seq(301));
    assert_eq!(tab.acked(second.send_id).await, Seq(302));
}

#[tokio::test]
async fn an_outbox_that_comes_back_as_a_whole_is_stored_once() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let outbox: Vec<_> = (0..60)
        .map(|n| world.command(id, &format!("outbox {n}")))
        .collect();
    // Half of it was stored before the connection broke.
    for command in &outbox[..30] {
        tab.send(command.clone());
    }
    for command in &outbox[..30] {
        tab.acked(command.send_id).await;
    }
    let mut other = world.tab(&bilal).await;
    world.write(&mut other, id, 200).await;
    world.restart().await;

    let mut tab = world.tab(&asha).await;
    for command in &outbox {
        tab.send(again(command));
    }
    let mut acked = Vec::new();
    for _ in &outbox {
        match tab.next().await {
            ServerFrame::Ack { send_id, seq, .. } => acked.push((send_id, seq.0)),
            other => panic!("{other:?}"),
        }
    }
    acked.sort_by_key(|(_, seq)| *seq);
    let places_expected = (1..=30).chain(231..=260);
    let expected: Vec<_> = outbox
        .iter()
        .map(|c| c.send_id)
        .zip(places_expected)
        .collect();
    assert_eq!(acked, expected);
    let all = world.everything(&asha, id).await;
    assert_eq!(places(&all), (1..=260).collect::<Vec<_>>());
    let mine: Vec<_> = texts(&all)
        .into_iter()
        .filter(|t| t.starts_with("outbox"))
        .collect();
    let written: Vec<_> = (0..60).map(|n| format!("outbox {n}")).collect();
    assert_eq!(mine, written);
}

#[tokio::test]
async fn a_search_that_fails_stores_nothing() {
    let mut world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let command = world.command(id, "once");
    let ack = long_ago(&world, &mut tab, &command).await;
    world.restart().await;
    let mut tab = world.tab(&asha).await;
    world.chat.newest(&asha, id, 1).await.unwrap();
    world.store.fail_reads(true);
    tab.send(again(&command));
    let (code, pause) = tab.rejected(command.send_id).await;
    assert_eq!(code, ErrorCode::StorageUnavailable);
    assert!(pause.is_some_and(|ms| ms > 0));
    world.store.fail_reads(false);
    tab.send(again(&command));
    assert_eq!(tab.next().await, ack);
    assert_eq!(world.everything(&asha, id).await.len(), 601);
}
