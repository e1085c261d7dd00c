//! The store fails: nothing that was acked is lost, nothing is stored twice, nobody is told
//! what is not so, and afterwards everything goes on.

use chat::SendCommand;
use protocol::{ErrorCode, Seq, ServerFrame};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::faulty_store::Fault;
use crate::support::{NOW, Tab, World, places, texts};

const FAULTS: [Fault; 5] = [
    Fault::Full,
    Fault::Lost,
    Fault::StoredAndFailed,
    Fault::Panic,
    Fault::StoredAndPanic,
];

fn again(command: &SendCommand) -> SendCommand {
    SendCommand {
        retry: true,
        ..command.clone()
    }
}

/// Sends until it is acked, as a client does; the refusals on the way.
async fn insist(tab: &mut Tab, command: &SendCommand) -> (Seq, usize) {
    let mut command = command.clone();
    let mut refusals = 0;
    loop {
        tab.send(command.clone());
        loop {
            match tab.next().await {
                ServerFrame::Ack { send_id, seq, .. } if send_id == command.send_id => {
                    return (seq, refusals);
                }
                ServerFrame::Reject { send_id, code, .. } if send_id == command.send_id => {
                    assert_eq!(code, ErrorCode::StorageUnavailable);
                    break;
                }
                ServerFrame::Event { .. } => {}
                other => panic!("{other:?}"),
            }
        }
        refusals += 1;
        command = again(&command);
    }
}

#[tokio::test]
async fn a_failed_commit_is_refused_and_a_retry_is_stored_once() {
    for fault in FAULTS {
        let world = World::new().await;
        let (asha, bilal, id) = world.pair().await;
        let mut author = world.tab(&asha).await;
        let mut reader = world.tab(&bilal).await;
        world.write(&mut author, id, 2).await;
        world.store.fail_next(&[fault]);
        let commands: Vec<_> = (0..3)
            .map(|n| world.command(id, &format!("again {n}")))
            .collect();
        for command in &commands {
            author.send(command.clone());
        }
        for command in &commands {
            let (code, pause) = author.rejected(command.send_id).await;
            assert_eq!(code, ErrorCode::StorageUnavailable, "{fault:?}");
            assert!(pause.is_some_and(|ms| ms > 0));
        }
        assert!(world.store.is_sound());
        for command in &commands {
            insist(&mut author, command).await;
        }
        let all = world.everything(&asha, id).await;
        assert_eq!(places(&all), [1, 2, 3, 4, 5], "{fault:?}");
        assert_eq!(
            texts(&all)[2..],
            ["again 0", "again 1", "again 2"],
            "{fault:?}"
        );
        // Everybody else has seen each once and in order.
        for message in &all {
            assert_eq!(&reader.event().await, message, "{fault:?}");
        }
        assert_eq!(reader.pending(), vec![], "{fault:?}");
        assert_eq!(world.chat.metrics().commits_failed, 1);
    }
}

#[tokio::test]
async fn what_was_stored_after_all_is_delivered_although_nobody_asks() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut author = world.tab(&asha).await;
    let mut reader = world.tab(&bilal).await;
    world.write(&mut author, id, 1).await;
    reader.event().await;
    world.store.fail_next(&[Fault::StoredAndFailed]);
    let command = world.command(id, "stored");
    author.send(command.clone());
    author.rejected(command.send_id).await;
    author.close();
    // Not while the store fails, and as soon as it does not.
    world.store.fail_reads(true);
    world.chat.tick(NOW).await;
    world.store.fail_reads(false);
    world.chat.tick(NOW).await;
    let mut next = reader.next().await;
    while matches!(next, ServerFrame::Presence { .. }) {
        next = reader.next().await;
    }
    let ServerFrame::Event { message } = next else {
        panic!("{next:?}");
    };
    assert_eq!((message.seq, message.send_id), (Seq(2), command.send_id));
    world.chat.tick(NOW).await;
    assert_eq!(reader.pending(), vec![], "once");
}

#[tokio::test]
async fn sends_that_wait_behind_a_failure_are_refused_too_and_stay_in_order() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut author = world.tab(&asha).await;
    world.store.fail_next(&[Fault::Lost]);
    let gate = world.store.hold_appends();
    let first = world.command(id, "first");
    author.send(first.clone());
    while world.store.appends() == 0 {
        tokio::task::yield_now().await;
    }
    let second = world.command(id, "second");
    author.send(second.clone());
    author.send(again(&first));
    gate.add_permits(10);
    let mut refused = Vec::new();
    for _ in 0..3 {
        match author.next().await {
            ServerFrame::Reject { send_id, .. } => refused.push(send_id),
            other => panic!("{other:?}"),
        }
    }
    refused.sort_unstable();
    assert_eq!(refused, [first.send_id, first.send_id, second.send_id]);
    assert_eq!(insist(&mut author, &first).await.0, Seq(1));
    assert_eq!(insist(&mut author, &second).await.0, Seq(2));
}

#[tokio::test]
async fn another_writer_in_our_place_is_noticed() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut ours = world.tab(&asha).await;
    let mut reader = world.tab(&bilal).await;
    world.write(&mut ours, id, 1).await;
    reader.event().await;
    // A second process over the same store, which must not be, writes in between.
    let first = std::sync::Arc::clone(&world.chat);
    world.restart().await;
    let mut theirs = world.tab(&asha).await;
    world.write(&mut theirs, id, 1).await;
    let command = world.command(id, "ours");
    first.send(&asha, ours.id, command.clone(), NOW);
    assert_eq!(ours.rejected(command.send_id).await.0, ErrorCode::Internal);
    first.send(&asha, ours.id, again(&command), NOW);
    // What the other one wrote is seen before it.
    assert_eq!(ours.event().await.seq, Seq(2));
    assert_eq!(ours.acked(command.send_id).await, Seq(3));
    assert_eq!(reader.event().await.seq, Seq(2));
    assert_eq!(reader.event().await.seq, Seq(3));
}

#[tokio::test]
async fn a_conversation_that_cannot_be_loaded_refuses_and_recovers() {
    let mut world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    world.write(&mut tab, id, 1).await;
    world.restart().await;
    let mut tab = world.connect(&asha, protocol::Codec::Binary);
    world.store.panic_at_loads(true);
    let commands: Vec<_> = (0..3).map(|_| world.command(id, "x")).collect();
    for command in &commands {
        tab.send(command.clone());
    }
    for command in &commands {
        assert_eq!(
            tab.rejected(command.send_id).await.0,
            ErrorCode::StorageUnavailable
        );
    }
    let read = world.chat.newest(&asha, id, 1).await;
    crate::support::refused(read, ErrorCode::StorageUnavailable);
    world.store.panic_at_loads(false);
    assert_eq!(insist(&mut tab, &commands[0]).await.0, Seq(2));
}

#[tokio::test]
async fn a_failure_in_one_conversation_does_not_stop_the_others() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let chandra = world.person("chandra").await;
    let dilip = world.person("dilip").await;
    let other = world
        .chat
        .open_direct(&chandra, dilip.user(), NOW)
        .await
        .unwrap()
        .id;
    let mut unlucky = world.tab(&asha).await;
    let mut lucky = world.tab(&chandra).await;
    world
        .store
        .fail_next(&[Fault::Full, Fault::Full, Fault::Full]);
    for n in 0..3 {
        let command = world.command(id, &format!("{n}"));
        unlucky.send(command.clone());
        unlucky.rejected(command.send_id).await;
    }
    world.write(&mut lucky, other, 3).await;
    assert_eq!(world.everything(&chandra, other).await.len(), 3);
    world.write(&mut unlucky, id, 1).await;
}

/// Two authors insist while commits fail at random. The seed of a run that failed is in the
/// message.
#[tokio::test]
async fn nothing_acked_is_lost_or_doubled_whatever_fails() {
    for seed in 0..100 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let world = World::new().await;
        let (asha, bilal, id) = world.pair().await;
        let mut tabs = [world.tab(&asha).await, world.tab(&bilal).await];
        let mut watcher = world.tab(&bilal).await;
        let mut acked = Vec::new();
        for n in 0..20_usize {
            let fault = FAULTS.get(random.next_u32() as usize % 8);
            world
                .store
                .fail_next(&fault.copied().into_iter().collect::<Vec<_>>());
            let command = world.command(id, &format!("{n}"));
            let tab = &mut tabs[random.next_u32() as usize % 2];
            let (seq, _) = insist(tab, &command).await;
            acked.push((seq, command.send_id));
        }
        let all = world.everything(&asha, id).await;
        let stored: Vec<_> = all.iter().map(|m| (m.seq, m.send_id)).collect();
        assert_eq!(stored, acked, "seed {seed}");
        for message in &all {
            assert_eq!(&watcher.event().await, message, "seed {seed}");
        }
    }
}
