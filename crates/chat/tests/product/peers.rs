//! Presence and typing: only for those who share a conversation.

use protocol::limits::TYPING_EXPIRES_MS;
use protocol::{Codec, ConversationId, Presence, ServerFrame, Timestamp, UserId};

use crate::support::{Got, NOW, World};

/// Longer than an absence that is not shown.
const LONG_MS: u64 = 60_000;

fn presence(user: UserId, presence: Presence) -> ServerFrame {
    ServerFrame::Presence { user, presence }
}

fn typing(conversation: ConversationId, user: UserId, active: bool) -> ServerFrame {
    ServerFrame::Typing {
        conversation,
        user,
        active,
    }
}

fn after(ms: u64) -> Timestamp {
    NOW.plus_millis(ms)
}

#[tokio::test]
async fn peers_see_each_other_come_and_go_and_strangers_see_nothing() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let stranger = world.person("chandra").await;
    let mut watcher = world.tab(&asha).await;
    let mut outsider = world.tab(&stranger).await;
    world.chat.tick(NOW).await;

    let tab = world.tab(&bilal).await;
    let second = world.tab(&bilal).await;
    world.chat.tick(after(1_000)).await;
    assert_eq!(
        watcher.next().await,
        presence(bilal.user(), Presence::Online)
    );

    tab.close();
    world.chat.tick(after(LONG_MS)).await;
    assert_eq!(watcher.pending(), vec![], "one connection is left");
    second.close();
    world.chat.tick(NOW).await;
    assert_eq!(watcher.pending(), vec![], "a moment is not shown");
    world.chat.tick(after(LONG_MS)).await;
    let gone = Presence::Offline { since: Some(NOW) };
    assert_eq!(watcher.next().await, presence(bilal.user(), gone));
    assert_eq!(outsider.pending(), vec![]);
}

#[tokio::test]
async fn whoever_comes_is_told_who_is_there() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let _tab = world.tab(&bilal).await;
    world.chat.tick(NOW).await;
    let mut tab = world.connect(&asha, Codec::Binary);
    let frames = tab.hello(&[]).await;
    let shown: Vec<_> = frames
        .iter()
        .filter(|f| matches!(f, ServerFrame::Presence { .. }))
        .collect();
    assert_eq!(shown, [&presence(bilal.user(), Presence::Online)]);
}

#[tokio::test]
async fn whoever_comes_during_a_short_absence_is_told_the_truth_in_the_end() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let reloading = world.tab(&bilal).await;
    world.chat.tick(NOW).await;
    reloading.close();
    let mut watcher = world.connect(&asha, Codec::Binary);
    let frames = watcher.hello(&[]).await;
    assert!(frames.contains(&presence(bilal.user(), Presence::Online)));
    // It never comes back.
    world.chat.tick(after(LONG_MS)).await;
    let gone = Presence::Offline { since: Some(NOW) };
    assert_eq!(watcher.next().await, presence(bilal.user(), gone));
}

#[tokio::test]
async fn typing_comes_to_the_others_and_expires_by_itself() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut author = world.tab(&asha).await;
    let mut second = world.tab(&asha).await;
    let mut reader = world.tab(&bilal).await;
    world.chat.typing(&asha, id, true, NOW);
    assert_eq!(reader.next().await, typing(id, asha.user(), true));
    world.chat.typing(&asha, id, true, after(10));
    world.chat.typing(&asha, id, false, after(20));
    assert_eq!(reader.next().await, typing(id, asha.user(), false));

    world.chat.typing(&asha, id, true, after(10_000));
    assert_eq!(reader.next().await, typing(id, asha.user(), true));
    let expired = after(10_000 + TYPING_EXPIRES_MS);
    world.chat.tick(expired).await;
    let mut last = reader.next().await;
    while matches!(last, ServerFrame::Presence { .. }) {
        last = reader.next().await;
    }
    assert_eq!(last, typing(id, asha.user(), false));
    for tab in [&mut author, &mut second] {
        let told = tab.pending();
        let typing = |got: &Got| matches!(got, Got::Frame(ServerFrame::Typing { .. }));
        assert!(!told.iter().any(typing), "not to oneself: {told:?}");
    }
}

#[tokio::test]
async fn typing_of_strangers_is_ignored() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let stranger = world.person("chandra").await;
    let _tab = world.tab(&stranger).await;
    let mut readers = [world.tab(&asha).await, world.tab(&bilal).await];
    world.chat.typing(&stranger, id, true, NOW);
    world
        .chat
        .typing(&asha, ConversationId::from_parts(NOW, 7), true, NOW);
    for reader in &mut readers {
        assert_eq!(reader.pending(), vec![]);
    }
}

#[tokio::test]
async fn a_new_conversation_makes_peers_at_once() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let mut tabs = [world.tab(&asha).await, world.tab(&bilal).await];
    world.chat.tick(NOW).await;
    for tab in &mut tabs {
        assert_eq!(
            tab.pending(),
            vec![],
            "they have nothing to do with each other"
        );
    }
    let id = world
        .chat
        .open_direct(&asha, bilal.user(), NOW)
        .await
        .unwrap()
        .id;
    for (tab, peer) in tabs.iter_mut().zip([bilal.user(), asha.user()]) {
        assert!(matches!(tab.next().await, ServerFrame::Conversation { .. }));
        assert_eq!(tab.next().await, presence(peer, Presence::Online));
    }
    world.chat.typing(&asha, id, true, NOW);
    assert_eq!(tabs[1].next().await, typing(id, asha.user(), true));
}
