//! Reading by place.

use protocol::limits::PAGE_MESSAGES;
use protocol::{ConversationId, ErrorCode, Seq};

use crate::support::{World, places, refused, text};

async fn read(
    world: &World,
    reader: &chat::Actor,
    id: ConversationId,
    range: (u64, u64),
) -> Vec<u64> {
    let page = world
        .chat
        .history(reader, id, Seq(range.0), Seq(range.1))
        .await
        .unwrap();
    assert_eq!(page.conversation, id);
    for message in &page.messages {
        assert_eq!(text(message), format!("text {}", message.seq.0 - 1));
    }
    places(&page.messages)
}

#[tokio::test]
async fn a_range_is_exact_wherever_it_lies() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 300).await;
    for restarted in [false, true] {
        if restarted {
            world.restart().await;
        }
        let none: [u64; 0] = [];
        for (from, to) in [
            (1, 1),
            (1, 64),
            (64, 65),
            (10, 109),
            (200, 240),
            (230, 300),
            (300, 300),
        ] {
            let expected: Vec<_> = (from..=to).collect();
            assert_eq!(
                read(&world, &bilal, id, (from, to)).await,
                expected,
                "{from}..={to}"
            );
        }
        let newest: Vec<_> = (201..=300).collect();
        assert_eq!(
            read(&world, &bilal, id, (1, 300)).await,
            newest,
            "the newest of the range"
        );
        assert_eq!(read(&world, &bilal, id, (0, u64::MAX)).await, newest);
        assert_eq!(
            read(&world, &bilal, id, (290, 400)).await,
            (290..=300).collect::<Vec<_>>()
        );
        assert_eq!(read(&world, &bilal, id, (301, 400)).await, none);
        assert_eq!(read(&world, &bilal, id, (20, 10)).await, none);
        assert_eq!(read(&world, &bilal, id, (0, 0)).await, none);
        assert_eq!(read(&world, &bilal, id, (u64::MAX, u64::MAX)).await, none);
    }
}

#[tokio::test]
async fn the_newest_are_so_many_or_all() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let newest = async |limit| {
        let page = world.chat.newest(&bilal, id, limit).await.unwrap();
        (places(&page.messages), page.last_seq)
    };
    assert_eq!(newest(30).await, (vec![], Seq::ZERO));
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 130).await;
    let expect = |from: u64| ((from..=130).collect::<Vec<_>>(), Seq(130));
    assert_eq!(newest(30).await, expect(101));
    assert_eq!(newest(1).await, expect(130));
    assert_eq!(newest(0).await, expect(131));
    assert_eq!(newest(u64::MAX).await, expect(131 - PAGE_MESSAGES));
}

#[tokio::test]
async fn pages_that_are_full_are_read_from_the_store_once() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 300).await;
    let before = world.store.message_reads();
    for _ in 0..3 {
        assert_eq!(read(&world, &bilal, id, (1, 100)).await.len(), 100);
    }
    assert_eq!(
        world.store.message_reads() - before,
        2,
        "two pages, each once"
    );
    let metrics = world.chat.metrics();
    assert_eq!((metrics.page_cache_misses, metrics.page_cache_hits), (2, 4));
    assert!(metrics.page_cache_bytes > 0);
    read(&world, &bilal, id, (260, 300)).await;
    assert_eq!(
        world.store.message_reads() - before,
        2,
        "the newest are in memory"
    );
}

#[tokio::test]
async fn a_cache_of_no_size_changes_nothing_but_speed() {
    let world = World::with(chat::Config {
        page_cache_bytes: 0,
        ..crate::support::config()
    })
    .await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 200).await;
    // What waits to be published still holds the conversation for a moment.
    while world.chat.metrics().loaded_conversations > 0 {
        tokio::task::yield_now().await;
        world.chat.tick(crate::support::NOW).await;
    }
    for _ in 0..2 {
        assert_eq!(
            read(&world, &bilal, id, (1, 100)).await,
            (1..=100).collect::<Vec<_>>()
        );
    }
    assert_eq!(world.chat.metrics().page_cache_bytes, 0);
}

#[tokio::test]
async fn case_51_a_damaged_message_keeps_its_place() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 3).await;
    world.store.damage(id, Seq(2));
    world.restart().await;
    let all = world.everything(&bilal, id).await;
    let shown: Vec<_> = all.iter().map(text).collect();
    assert_eq!(shown, ["text 0", "unavailable", "text 2"]);
    assert!(world.chat.metrics().messages_unavailable > 0);
}

#[tokio::test]
async fn places_below_a_checkpoint_are_not_taken_again_where_rows_are_gone() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 256).await;
    world.store.lose_rows(id, Seq(250));
    world.restart().await;
    let page = world.chat.newest(&bilal, id, 8).await.unwrap();
    assert_eq!(page.last_seq, Seq(256));
    let shown: Vec<_> = page.messages.iter().map(text).collect();
    assert_eq!(shown[0], "text 248");
    assert!(
        shown[1..].iter().all(|text| *text == "unavailable"),
        "{shown:?}"
    );
}

#[tokio::test]
async fn a_read_that_fails_says_so_and_works_afterwards() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&asha).await;
    world.write(&mut writer, id, 200).await;
    world.store.fail_reads(true);
    let failed = world.chat.history(&bilal, id, Seq(1), Seq(50)).await;
    refused(failed, ErrorCode::StorageUnavailable);
    let held = world.chat.newest(&bilal, id, 30).await.unwrap();
    assert_eq!(held.messages.len(), 30, "what is in memory is shown");
    world.store.fail_reads(false);
    assert_eq!(read(&world, &bilal, id, (1, 50)).await.len(), 50);
}
