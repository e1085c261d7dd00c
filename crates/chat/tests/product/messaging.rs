//! Sending: order, acks, and who gets what.

use protocol::{Codec, ConversationId, ErrorCode, Seq, ServerFrame, Timestamp};

use crate::support::{NOW, World, events, places, text, texts};

#[tokio::test]
async fn a_message_is_acked_to_its_author_and_comes_to_everybody_else() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut first = world.tab(&asha).await;
    let mut second = world.tab(&asha).await;
    let mut other = world.tab(&bilal).await;
    let send_id = first.send(world.command(id, "نمستے नमस्ते 🙂"));

    let ack = first.next().await;
    let expected = ServerFrame::Ack {
        send_id,
        conversation: id,
        seq: Seq(1),
        sent_at: NOW,
    };
    assert_eq!(ack, expected);
    for tab in [&mut second, &mut other] {
        let message = tab.event().await;
        assert_eq!(message.author, asha.user());
        assert_eq!(message.send_id, send_id);
        assert_eq!(message.seq, Seq(1));
        assert_eq!(text(&message), "نمستے नमस्ते 🙂");
    }

    // What the first tab gets next is the answer: its own message did not come again.
    other.send(world.command(id, "جواب"));
    assert_eq!(first.event().await.seq, Seq(2));
}

#[tokio::test]
async fn nothing_is_told_before_the_commit() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut author = world.tab(&asha).await;
    let mut reader = world.tab(&bilal).await;
    let gate = world.store.hold_appends();
    let send_id = author.send(world.command(id, "one"));
    while world.store.appends() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(author.pending(), vec![]);
    assert_eq!(reader.pending(), vec![]);
    let page = world.chat.newest(&bilal, id, 10).await.unwrap();
    assert_eq!(
        page.last_seq,
        Seq::ZERO,
        "not read before it is durable either"
    );

    gate.add_permits(1);
    assert_eq!(author.acked(send_id).await, Seq(1));
    assert_eq!(reader.event().await.seq, Seq(1));
}

#[tokio::test]
async fn places_are_dense_and_everybody_sees_one_order() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tabs = Vec::new();
    for actor in [&asha, &asha, &bilal, &bilal] {
        tabs.push(world.tab(actor).await);
    }
    let mut watcher = world.tab(&bilal).await;
    let rounds = 20;
    for n in 0..rounds {
        for (at, tab) in tabs.iter().enumerate() {
            tab.send(world.command(id, &format!("{at} {n}")));
        }
    }
    let total = rounds * tabs.len() as u64;
    let mut seen = Vec::new();
    for _ in 0..total {
        seen.push(watcher.event().await);
    }
    assert_eq!(places(&seen), (1..=total).collect::<Vec<_>>());
    assert_eq!(seen, world.everything(&asha, id).await);
    for at in 0..tabs.len() {
        let of_tab = |m: &&&str| m.starts_with(&format!("{at} "));
        let order: Vec<_> = texts(&seen);
        let order: Vec<_> = order.iter().filter(of_tab).collect();
        let sent: Vec<_> = (0..rounds).map(|n| format!("{at} {n}")).collect();
        assert_eq!(
            order,
            sent.iter().collect::<Vec<_>>(),
            "the order of connection {at}"
        );
    }
    for tab in &mut tabs {
        let mut places = Vec::new();
        for _ in 0..total {
            match tab.next().await {
                ServerFrame::Ack { seq, .. } => places.push(seq.0),
                ServerFrame::Event { message } => places.push(message.seq.0),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(
            places,
            (1..=total).collect::<Vec<_>>(),
            "acks and events in one order"
        );
    }
}

#[tokio::test]
async fn sends_that_arrive_together_are_committed_together() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let ids: Vec<_> = (0..10)
        .map(|n| tab.send(world.command(id, &format!("{n}"))))
        .collect();
    for (at, send_id) in ids.into_iter().enumerate() {
        assert_eq!(tab.acked(send_id).await, Seq(at as u64 + 1));
    }
    assert_eq!(world.store.batches(), vec![10]);
    let metrics = world.chat.metrics();
    assert_eq!((metrics.messages_committed, metrics.commits), (10, 1));
    assert_eq!(metrics.commits_failed, 0);
}

#[tokio::test]
async fn a_batch_is_no_larger_than_configured() {
    let world = World::with(chat::Config {
        commit_batch: 4,
        ..crate::support::config()
    })
    .await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let ids: Vec<_> = (0..10)
        .map(|n| tab.send(world.command(id, &format!("{n}"))))
        .collect();
    for (at, send_id) in ids.into_iter().enumerate() {
        assert_eq!(tab.acked(send_id).await, Seq(at as u64 + 1));
    }
    assert_eq!(world.store.batches(), vec![4, 4, 2]);
}

#[tokio::test]
async fn times_never_run_backwards_in_a_conversation() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    for now in [NOW.plus_millis(500), NOW, NOW.plus_millis(900)] {
        let send_id = tab.send_at(world.command(id, "x"), now);
        tab.acked(send_id).await;
    }
    let all = world.everything(&asha, id).await;
    let times: Vec<Timestamp> = all.iter().map(|message| message.sent_at).collect();
    let expected = [500, 500, 900].map(|ms| NOW.plus_millis(ms));
    assert_eq!(times, expected);
}

#[tokio::test]
async fn a_stranger_cannot_write_and_learns_nothing() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let stranger = world.person("chandra").await;
    let mut member = world.tab(&asha).await;
    let mut tab = world.tab(&stranger).await;
    let unknown = ConversationId::from_parts(NOW, 99);
    for conversation in [id, unknown] {
        let send_id = tab.send(world.command(conversation, "let me in"));
        assert_eq!(tab.rejected(send_id).await, (ErrorCode::NotFound, None));
    }
    world.write(&mut member, id, 1).await;
    assert_eq!(world.everything(&asha, id).await.len(), 1);
    assert_eq!(tab.pending(), vec![]);
}

#[tokio::test]
async fn a_connection_sends_for_its_own_account_only() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let foreign = world.tab(&bilal).await;
    world
        .chat
        .send(&asha, foreign.id, world.command(id, "not mine"), NOW);
    world.write(&mut tab, id, 1).await;
    assert_eq!(texts(&world.everything(&asha, id).await), ["text 0"]);
}

#[tokio::test]
async fn json_and_binary_connections_get_the_same() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut author = world.tab(&asha).await;
    let mut readers = Vec::new();
    for codec in Codec::ALL {
        let mut tab = world.connect(&bilal, codec);
        tab.hello(&[]).await;
        readers.push(tab);
    }
    world.write(&mut author, id, 3).await;
    let mut seen = Vec::new();
    for reader in &mut readers {
        let frames = [
            reader.next().await,
            reader.next().await,
            reader.next().await,
        ];
        assert_eq!(events(&frames), [1, 2, 3]);
        seen.push(frames);
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn a_message_survives_its_author_going_away() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let tab = world.tab(&asha).await;
    let mut reader = world.tab(&bilal).await;
    tab.send(world.command(id, "last words"));
    tab.close();
    drop(tab);
    assert_eq!(text(&reader.event().await), "last words");
}
