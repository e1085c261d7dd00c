//! Read cursors and what they leave unread.

use protocol::{ConversationSummary, ErrorCode, Seq, ServerFrame};

use crate::support::{Got, NOW, World, refused};

fn read(conversation: protocol::ConversationId, seq: u64, unread: u32) -> ServerFrame {
    ServerFrame::Read {
        conversation,
        seq: Seq(seq),
        unread,
        mentions: 0,
    }
}

#[tokio::test]
async fn messages_of_others_are_unread_until_they_are_read() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 5).await;
    let theirs = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!((theirs.read_seq, theirs.unread), (Seq::ZERO, 5));
    assert_eq!(theirs.last_seq, Seq(5));
    assert_eq!(theirs.last_message.map(|m| m.seq), Some(Seq(5)));
    let mine = world.chat.conversation(&asha, id).await.unwrap();
    assert_eq!(
        (mine.read_seq, mine.unread),
        (Seq(5), 0),
        "one's own are read"
    );

    world.chat.mark_read(&bilal, id, Seq(3), NOW).await.unwrap();
    let theirs = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!((theirs.read_seq, theirs.unread), (Seq(3), 2));
}

#[tokio::test]
async fn every_connection_of_the_account_is_told_and_the_others_see_how_far() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    let phone = world.sign_in("bilal").await;
    let mut tabs = [world.tab(&bilal).await, world.tab(&phone).await];
    world.write(&mut writer, id, 4).await;
    for tab in &mut tabs {
        for seq in 1..=4 {
            assert_eq!(tab.event().await.seq, Seq(seq));
        }
    }
    world.chat.mark_read(&bilal, id, Seq(3), NOW).await.unwrap();
    for tab in &mut tabs {
        assert_eq!(tab.next().await, read(id, 3, 1));
    }
    let seen = ServerFrame::Seen {
        conversation: id,
        user: bilal.user(),
        seq: Seq(3),
    };
    assert_eq!(writer.pending(), [Got::Frame(seen)]);
    // What moves nothing is not told.
    world.chat.mark_read(&bilal, id, Seq(2), NOW).await.unwrap();
    assert_eq!(writer.pending(), []);
    // In the list, too.
    let row = world.chat.conversation(&asha, id).await.unwrap();
    let [me, other] = &row.members[..] else {
        panic!("{row:?}");
    };
    assert_eq!((me.person.id, me.read_seq), (asha.user(), Seq(4)));
    assert_eq!((other.person.id, other.read_seq), (bilal.user(), Seq(3)));
}

#[tokio::test]
async fn a_cursor_whose_count_cannot_be_read_is_told_all_the_same() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 900).await;
    // What was written long ago is not in memory any more.
    world.restart().await;
    let mut tab = world.tab(&bilal).await;
    world.store.fail_reads(true);
    let failed = world.chat.mark_read(&bilal, id, Seq(3), NOW).await;
    assert!(failed.is_err(), "{failed:?}");
    world.store.fail_reads(false);
    world.chat.tick(NOW).await;
    loop {
        if let ServerFrame::Conversation { summary } = tab.next().await {
            assert_eq!((summary.read_seq, summary.unread), (Seq(3), 897));
            break;
        }
    }
}

#[tokio::test]
async fn a_cursor_moves_forward_only_and_not_beyond_the_end() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 4).await;
    let mut tab = world.tab(&bilal).await;
    for seq in [2, 1, 2, 900] {
        world
            .chat
            .mark_read(&bilal, id, Seq(seq), NOW)
            .await
            .unwrap();
    }
    assert_eq!(tab.next().await, read(id, 2, 2));
    assert_eq!(tab.next().await, read(id, 4, 0));
    world.write(&mut writer, id, 1).await;
    assert_eq!(tab.event().await.seq, Seq(5), "nothing was said in between");
    let row = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!((row.read_seq, row.unread), (Seq(4), 1));
}

#[tokio::test]
async fn an_own_message_does_not_hide_what_came_before_it() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    let mut other = world.tab(&bilal).await;
    world.write(&mut writer, id, 2).await;
    other.event().await;
    other.event().await;
    world.write(&mut other, id, 3).await;
    let row = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!((row.read_seq, row.unread), (Seq::ZERO, 2));
}

#[tokio::test]
async fn cursors_are_saved_by_the_tick_and_survive_a_restart() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 200).await;
    world
        .chat
        .mark_read(&bilal, id, Seq(150), NOW)
        .await
        .unwrap();
    world.chat.tick(NOW).await;
    world.restart().await;
    let row = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!((row.read_seq, row.unread), (Seq(150), 50));
    let mine = world.chat.conversation(&asha, id).await.unwrap();
    assert_eq!(
        mine.unread, 0,
        "one's own are not counted, whatever the cursor"
    );
}

#[tokio::test]
async fn the_cursor_of_somebody_who_only_writes_is_saved_too() {
    let mut world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    for _ in 0..3 {
        world.write(&mut writer, id, 100).await;
    }
    world.chat.tick(NOW).await;
    world.restart().await;
    let row = world.chat.conversation(&asha, id).await.unwrap();
    assert_eq!((row.read_seq, row.unread), (Seq(256), 0));
}

#[tokio::test]
async fn a_cursor_that_cannot_be_saved_is_saved_later() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 3).await;
    world.store.fail_cursors(true);
    world.chat.mark_read(&bilal, id, Seq(2), NOW).await.unwrap();
    world.chat.tick(NOW).await;
    world.store.fail_cursors(false);
    world.chat.mark_read(&bilal, id, Seq(3), NOW).await.unwrap();
    world.chat.tick(NOW).await;
    world.restart().await;
    let row = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!((row.read_seq, row.unread), (Seq(3), 0));
}

#[tokio::test]
async fn an_unsaved_cursor_survives_the_unloading_of_its_conversation() {
    let world = World::with(chat::Config {
        loaded_conversations: 1,
        ..crate::support::config()
    })
    .await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 3).await;
    world.store.fail_cursors(true);
    world.chat.mark_read(&bilal, id, Seq(2), NOW).await.unwrap();
    for name in ["chandra", "dilip", "esha"] {
        let person = world.person(name).await;
        world
            .chat
            .open_direct(&person, asha.user(), NOW)
            .await
            .unwrap();
        world.chat.tick(NOW).await;
    }
    assert!(world.chat.metrics().loaded_conversations <= 1);
    let row = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!((row.read_seq, row.unread), (Seq(2), 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_told_fits_what_was_delivered() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    let mut reader = world.tab(&bilal).await;
    let total = 200;
    let chat = std::sync::Arc::clone(&world.chat);
    let marking = tokio::spawn(async move {
        let mut read = 0;
        while read < total {
            let last = chat.newest(&bilal, id, 1).await.unwrap().last_seq;
            chat.mark_read(&bilal, id, Seq(last.0 / 2), NOW)
                .await
                .unwrap();
            tokio::task::yield_now().await;
            read = last.0;
        }
    });
    let reading = async {
        let mut last = 0;
        while last < total {
            match reader.next().await {
                ServerFrame::Event { message } => last = message.seq.0,
                ServerFrame::Read { seq, unread, .. } => {
                    assert_eq!(
                        u64::from(unread),
                        last - seq.0,
                        "as of the messages before it"
                    );
                }
                other => panic!("{other:?}"),
            }
        }
    };
    tokio::join!(world.write(&mut writer, id, total), reading);
    marking.await.unwrap();
}

#[tokio::test]
async fn counting_stops_at_the_cap() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    let cap = u64::from(ConversationSummary::UNREAD_CAP);
    world.write(&mut writer, id, cap + 20).await;
    world.restart().await;
    let row = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!(row.unread, ConversationSummary::UNREAD_CAP);
    world
        .chat
        .mark_read(&bilal, id, Seq(21), NOW)
        .await
        .unwrap();
    let row = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!(u64::from(row.unread), cap - 1);
}

#[tokio::test]
async fn a_stranger_cannot_read_or_mark() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 1).await;
    let stranger = world.person("chandra").await;
    let chat = &world.chat;
    refused(
        chat.mark_read(&stranger, id, Seq(1), NOW).await,
        ErrorCode::NotFound,
    );
    refused(chat.conversation(&stranger, id).await, ErrorCode::NotFound);
    refused(chat.newest(&stranger, id, 10).await, ErrorCode::NotFound);
    refused(
        chat.history(&stranger, id, Seq(1), Seq(9)).await,
        ErrorCode::NotFound,
    );
    assert_eq!(chat.conversations(&stranger).await.unwrap(), vec![]);
}
