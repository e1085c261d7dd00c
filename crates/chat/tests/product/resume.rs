//! `Hello`: exactly what was missed, no gap and nothing twice.

use std::sync::Arc;

use protocol::limits::{CONNECTION_QUEUE, RESUME_POINTS, RESUME_REPLAY, RESUME_REPLAY_TOTAL};
use protocol::{Codec, ConversationId, ErrorCode, Seq, ServerFrame};

use crate::support::{Got, NOW, Tab, World, events, refused, resume_points};

fn described(frames: &[ServerFrame]) -> Vec<ConversationId> {
    let id = |frame: &ServerFrame| match frame {
        ServerFrame::Conversation { summary } => Some(summary.id),
        _ => None,
    };
    frames.iter().filter_map(id).collect()
}

fn behind(frames: &[ServerFrame]) -> Vec<(ConversationId, u64)> {
    let place = |frame: &ServerFrame| match frame {
        ServerFrame::Behind {
            conversation,
            last_seq,
        } => Some((*conversation, last_seq.0)),
        _ => None,
    };
    frames.iter().filter_map(place).collect()
}

fn read(frames: &[ServerFrame]) -> Vec<(ConversationId, u64, u32)> {
    let cursor = |frame: &ServerFrame| match frame {
        ServerFrame::Read {
            conversation,
            seq,
            unread,
            ..
        } => Some((*conversation, seq.0, *unread)),
        _ => None,
    };
    frames.iter().filter_map(cursor).collect()
}

#[tokio::test]
async fn nothing_comes_before_hello_and_welcome_is_first() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&bilal).await;
    let mut tab = world.connect(&asha, Codec::Json);
    world.write(&mut writer, id, 2).await;
    assert_eq!(tab.pending(), vec![]);
    let frames = tab.hello(&[]).await;
    let expected = ServerFrame::Welcome {
        me: world.chat.me(&asha).await.unwrap(),
        session: asha.session(),
        now: NOW,
    };
    assert_eq!(frames[0], expected);
    assert_eq!(described(&frames), [id]);
    assert_eq!(events(&frames), [0_u64; 0], "a summary alone");
}

#[tokio::test]
async fn who_comes_back_hears_how_far_the_others_have_read_meanwhile() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 3).await;
    drop(writer);
    world.chat.mark_read(&bilal, id, Seq(2), NOW).await.unwrap();
    let mut tab = world.connect(&asha, Codec::Binary);
    let frames = tab.hello(&[(id, 3)]).await;
    let seen = ServerFrame::Seen {
        conversation: id,
        user: bilal.user(),
        seq: Seq(2),
    };
    assert!(frames.contains(&seen), "{frames:?}");
    // Nothing is said of one's own, and nothing of who has read nothing.
    let others = |frame: &&ServerFrame| matches!(frame, ServerFrame::Seen { .. });
    assert_eq!(frames.iter().filter(others).count(), 1);
    let mut tab = world.connect(&bilal, Codec::Binary);
    let frames = tab.hello(&[(id, 3)]).await;
    assert_eq!(frames.iter().filter(others).count(), 1, "{frames:?}");
}

#[tokio::test]
async fn exactly_what_was_missed_is_replayed() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&bilal).await;
    world.write(&mut writer, id, 150).await;
    // In memory, partly in the store, and nothing at all.
    for held in [149, 120, 60, 50, 150] {
        let mut tab = world.connect(&asha, Codec::Binary);
        let frames = tab.hello(&[(id, held)]).await;
        assert_eq!(
            events(&frames),
            (held + 1..=150).collect::<Vec<_>>(),
            "after {held}"
        );
        assert_eq!(behind(&frames), []);
        assert_eq!(described(&frames), []);
        assert_eq!(
            read(&frames),
            [(id, 0, 150)],
            "the cursor follows what was replayed"
        );
        assert!(matches!(
            frames.last(),
            Some(
                ServerFrame::Read { .. } | ServerFrame::Seen { .. } | ServerFrame::Presence { .. }
            )
        ));
        tab.close();
    }
}

#[tokio::test]
async fn whoever_missed_too_much_is_told_to_fetch() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&bilal).await;
    world.write(&mut writer, id, RESUME_REPLAY + 1).await;
    let mut tab = world.connect(&asha, Codec::Binary);
    let frames = tab.hello(&[(id, 0)]).await;
    assert_eq!(behind(&frames), [(id, RESUME_REPLAY + 1)]);
    assert_eq!(events(&frames), [0_u64; 0]);
    assert_eq!(read(&frames), [(id, 0, 101)]);
    world.write(&mut writer, id, 1).await;
    assert_eq!(
        tab.event().await.seq.0,
        RESUME_REPLAY + 2,
        "and is live from there"
    );
}

#[tokio::test]
async fn one_resume_replays_so_much_over_all_and_waits_for_a_slow_reader() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let mut points = Vec::new();
    let full = RESUME_REPLAY_TOTAL / RESUME_REPLAY;
    for n in 0..=full {
        let person = world.person(&format!("person{n}")).await;
        let id = world
            .chat
            .open_direct(&person, asha.user(), NOW)
            .await
            .unwrap()
            .id;
        let mut writer = world.tab(&person).await;
        world.write(&mut writer, id, RESUME_REPLAY).await;
        writer.close();
        points.push((id, 0));
    }
    // The queue is much smaller than what is replayed, and nothing is dropped.
    assert!(RESUME_REPLAY_TOTAL > 4 * CONNECTION_QUEUE as u64);
    let mut tab = world.connect(&asha, Codec::Binary);
    let frames = tab.hello(&points).await;
    assert_eq!(events(&frames).len() as u64, RESUME_REPLAY_TOTAL);
    let (last, _) = points.pop().unwrap();
    assert_eq!(
        behind(&frames),
        [(last, RESUME_REPLAY)],
        "the last one named"
    );
    assert_eq!(read(&frames).len() as u64, full + 1);
    assert_eq!(world.chat.metrics().resyncs, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn there_is_no_gap_between_replay_and_live() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&bilal).await;
    let total = 400;
    let mut seen: Vec<u64> = Vec::new();
    // The writer stays within what one resume replays, however the two are scheduled.
    let lead = tokio::sync::Semaphore::new(RESUME_REPLAY as usize / 2);
    let writing = async {
        for n in 0..total {
            lead.acquire().await.unwrap().forget();
            let send_id = writer.send(world.command(id, &format!("{n}")));
            writer.acked(send_id).await;
        }
    };
    // Comes back again and again with what it has, while the other writes.
    let reading = async {
        while (seen.len() as u64) < total {
            let mut tab = world.connect(&asha, Codec::Binary);
            let held = seen.last().copied().unwrap_or(0);
            let before = seen.len();
            seen.extend(events(&tab.hello(&[(id, held)]).await));
            lead.add_permits(seen.len() - before);
            for _ in 0..3 {
                if (seen.len() as u64) < total {
                    seen.push(tab.event().await.seq.0);
                    lead.add_permits(1);
                }
            }
            tab.close();
        }
    };
    tokio::join!(writing, reading);
    assert_eq!(seen, (1..=total).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_slow_reader_is_told_to_resynchronise() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&bilal).await;
    let mut slow = world.tab(&asha).await;
    let mut quick = world.tab(&asha).await;
    let total = CONNECTION_QUEUE as u64 + 50;
    for n in 1..=total {
        world.write(&mut writer, id, 1).await;
        assert_eq!(quick.event().await.seq.0, n, "others do not wait");
    }
    let mut seen = Vec::new();
    loop {
        match slow.next().await {
            ServerFrame::Event { message } => seen.push(message.seq.0),
            ServerFrame::Resync => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(seen, (1..=CONNECTION_QUEUE as u64).collect::<Vec<_>>());
    world.write(&mut writer, id, 1).await;
    assert_eq!(slow.pending(), vec![], "silent until it says hello");
    let frames = slow.hello(&[(id, seen.len() as u64)]).await;
    seen.extend(events(&frames));
    assert_eq!(seen, (1..=total + 1).collect::<Vec<_>>());
    world.write(&mut writer, id, 1).await;
    assert_eq!(slow.event().await.seq.0, total + 2);
    assert_eq!(world.chat.metrics().resyncs, 1);
}

#[tokio::test]
async fn a_send_whose_ack_was_dropped_is_acked_again_after_the_resync() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&bilal).await;
    let mut slow = world.tab(&asha).await;
    world.write(&mut writer, id, CONNECTION_QUEUE as u64).await;
    let command = world.command(id, "was it stored?");
    slow.send(command.clone());
    assert_eq!(writer.event().await.send_id, command.send_id);
    let mut held = 0;
    loop {
        match slow.next().await {
            ServerFrame::Event { message } => held = message.seq.0,
            ServerFrame::Resync => break,
            other => panic!("{other:?}"),
        }
    }
    let frames = slow.hello(&[(id, held)]).await;
    let place = events(&frames);
    assert_eq!(place, [CONNECTION_QUEUE as u64 + 1]);
    slow.send(chat::SendCommand {
        retry: true,
        ..command.clone()
    });
    assert_eq!(slow.acked(command.send_id).await.0, place[0]);
}

#[tokio::test]
async fn other_peoples_conversations_are_gone_like_unknown_ones() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 3).await;
    let stranger = world.person("chandra").await;
    let mut tab = world.connect(&stranger, Codec::Binary);
    let unknown = ConversationId::from_parts(NOW, 5);
    let frames = tab.hello(&[(id, 0), (unknown, 0)]).await;
    let expected = [id, unknown].map(|conversation| ServerFrame::Gone { conversation });
    assert_eq!(frames[1..], expected, "after the welcome");
}

#[tokio::test]
async fn a_point_named_twice_is_replayed_once_and_one_beyond_the_end_is_corrected() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&bilal).await;
    world.write(&mut writer, id, 5).await;
    let mut tab = world.connect(&asha, Codec::Binary);
    assert_eq!(events(&tab.hello(&[(id, 4), (id, 2)]).await), [3, 4, 5]);
    let frames = tab.hello(&[(id, 9)]).await;
    assert_eq!(events(&frames), [0_u64; 0]);
    assert_eq!(described(&frames), [id]);
    assert_eq!(events(&tab.hello(&[(id, u64::MAX)]).await), [0_u64; 0]);
}

#[tokio::test]
async fn too_many_points_are_malformed() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let mut tab = world.connect(&asha, Codec::Binary);
    let point = |n: usize| (ConversationId::from_parts(NOW, n as u128), 0);
    let points: Vec<_> = (0..=RESUME_POINTS).map(point).collect();
    let hello = world
        .chat
        .hello(&asha, tab.id, resume_points(&points), NOW)
        .await;
    refused(hello, ErrorCode::Malformed);
    assert_eq!(tab.hello(&points[1..]).await.len(), 1 + RESUME_POINTS);
}

/// A resume that waits because nobody reads its connection: of three conversations, `missed`
/// messages each, the first is in the queue.
async fn stuck_resume(world: &World, missed: u64) -> (Tab, tokio::task::JoinHandle<()>) {
    let asha = world.person("asha").await;
    let mut points = Vec::new();
    for name in ["bilal", "chandra", "dilip"] {
        let person = world.person(name).await;
        let id = world
            .chat
            .open_direct(&person, asha.user(), NOW)
            .await
            .unwrap()
            .id;
        let mut writer = world.tab(&person).await;
        world.write(&mut writer, id, missed).await;
        writer.close();
        points.push((id, 0));
    }
    let tab = world.connect(&asha, Codec::Binary);
    let (chat, id) = (Arc::clone(&world.chat), tab.id);
    let points = resume_points(&points);
    let hello = tokio::spawn(async move { chat.hello(&asha, id, points, NOW).await.unwrap() });
    // Until the first conversation is there: a welcome, its messages and the cursor.
    while tab.waiting() < missed as usize + 2 {
        tokio::task::yield_now().await;
    }
    assert!(!hello.is_finished());
    (tab, hello)
}

#[tokio::test]
async fn what_begins_during_a_resume_belongs_to_it() {
    let world = World::new().await;
    let (mut tab, hello) = stuck_resume(&world, RESUME_REPLAY).await;
    let esha = world.person("esha").await;
    let opened = world
        .chat
        .open_direct(&esha, tab.user(), NOW)
        .await
        .unwrap();
    let mut writer = world.tab(&esha).await;
    world.write(&mut writer, opened.id, 1).await;
    let frames = tab.until_resumed().await;
    hello.await.unwrap();
    assert_eq!(described(&frames), [opened.id]);
    assert_eq!(events(&frames).len() as u64, 3 * RESUME_REPLAY);
    world.write(&mut writer, opened.id, 1).await;
    assert_eq!(tab.event().await.seq.0, 2, "live from there");
}

#[tokio::test]
async fn a_resume_ends_with_its_connection() {
    let world = World::new().await;
    let (tab, hello) = stuck_resume(&world, RESUME_REPLAY).await;
    tab.close();
    hello.await.unwrap();
}

#[tokio::test]
async fn a_later_hello_overtakes_one_that_waits() {
    let world = World::new().await;
    let (mut tab, hello) = stuck_resume(&world, RESUME_REPLAY).await;
    let chat = Arc::clone(&world.chat);
    let (actor, id) = (tab.actor, tab.id);
    let later = tokio::spawn(async move { chat.hello(&actor, id, vec![], NOW).await });
    hello.await.unwrap();
    let frames = tab.until_resumed().await;
    later.await.unwrap().unwrap();
    let welcomes = frames
        .iter()
        .filter(|f| matches!(f, ServerFrame::Welcome { .. }));
    assert_eq!(welcomes.count(), 2);
    assert_eq!(described(&frames).len(), 3, "the later one names nothing");
}

#[tokio::test]
async fn a_connection_of_somebody_else_cannot_be_greeted() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let mut tab = world.connect(&asha, Codec::Binary);
    world.chat.hello(&bilal, tab.id, vec![], NOW).await.unwrap();
    assert_eq!(tab.pending(), Vec::<Got>::new());
}

#[tokio::test]
async fn what_is_written_during_a_resume_comes_once_whether_it_was_replayed_or_not() {
    let world = World::new().await;
    let (mut tab, hello) = stuck_resume(&world, RESUME_REPLAY - 2).await;
    let mut ids = Vec::new();
    for name in ["bilal", "chandra", "dilip"] {
        let person = world.sign_in(name).await;
        let id = world.chat.conversations(&person).await.unwrap()[0].id;
        let mut writer = world.tab(&person).await;
        world.write(&mut writer, id, 2).await;
        ids.push(id);
    }
    let frames = tab.until_resumed().await;
    hello.await.unwrap();
    for id in ids {
        let of_it = |f: &&ServerFrame| matches!(f, ServerFrame::Event { message } if message.conversation == id);
        let of_it: Vec<_> = frames.iter().filter(of_it).cloned().collect();
        assert_eq!(events(&of_it), (1..=RESUME_REPLAY).collect::<Vec<_>>());
    }
}
