//! Finding people, opening and listing conversations.

use std::collections::HashSet;
use std::sync::Arc;

use protocol::{ConversationId, ConversationKind, ErrorCode, SearchTerm, Seq, ServerFrame, UserId};

use crate::support::{Got, NOW, Tab, World, refused};

fn term(text: &str) -> SearchTerm {
    SearchTerm::parse(text).unwrap()
}

#[tokio::test]
async fn people_are_found_by_name_and_never_oneself() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    for name in ["ashok", "bilal"] {
        world.person(name).await;
    }
    let find = async |text: &str| -> Vec<String> {
        let found = world
            .chat
            .search_people(&asha, &term(text), NOW)
            .await
            .unwrap();
        found
            .iter()
            .map(|person| person.username.as_str().to_owned())
            .collect()
    };
    assert_eq!(find("ASH").await, ["ashok"]);
    assert_eq!(find("खान").await, ["ashok", "bilal"]);
    assert_eq!(find("nobody").await, [""; 0]);
}

#[tokio::test]
async fn a_search_returns_so_many_others() {
    let world = World::new().await;
    let asha = world.person("ab0").await;
    for n in 10..40 {
        world.person(&format!("ab{n}")).await;
    }
    let found = world
        .chat
        .search_people(&asha, &term("ab"), NOW)
        .await
        .unwrap();
    assert_eq!(found.len(), protocol::limits::SEARCH_RESULTS);
}

#[tokio::test]
async fn a_conversation_is_the_same_from_both_sides() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let again = world
        .chat
        .open_direct(&asha, bilal.user(), NOW)
        .await
        .unwrap();
    let theirs = world
        .chat
        .open_direct(&bilal, asha.user(), NOW)
        .await
        .unwrap();
    assert_eq!((again.id, theirs.id), (id, id));
    assert_eq!(again.kind, ConversationKind::Direct);
    let members: HashSet<_> = again.members.iter().map(|m| m.person.id).collect();
    assert_eq!(members, HashSet::from([asha.user(), bilal.user()]));
    assert_eq!((again.last_seq, again.unread), (Seq::ZERO, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn both_may_open_it_at_the_same_moment() {
    let world = World::new().await;
    for round in 0..20 {
        let a = world.person(&format!("a{round:03}")).await;
        let b = world.person(&format!("b{round:03}")).await;
        let mut tabs = [world.tab(&a).await, world.tab(&b).await];
        let opening: Vec<_> = (0..8)
            .map(|n| {
                let chat = Arc::clone(&world.chat);
                let (actor, with) = if n % 2 == 0 { (a, b) } else { (b, a) };
                tokio::spawn(async move { chat.open_direct(&actor, with.user(), NOW).await })
            })
            .collect();
        let mut ids = HashSet::new();
        for opened in opening {
            ids.insert(opened.await.unwrap().unwrap().id);
        }
        assert_eq!(ids.len(), 1);
        for tab in &mut tabs {
            assert_eq!(announced(tab).len(), 1, "each is told once");
        }
    }
}

#[tokio::test]
async fn notes_are_a_conversation_with_oneself() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let mut tab = world.tab(&asha).await;
    let notes = world
        .chat
        .open_direct(&asha, asha.user(), NOW)
        .await
        .unwrap();
    assert_eq!(notes.kind, ConversationKind::Notes);
    assert_eq!(notes.members.len(), 1);
    let again = world
        .chat
        .open_direct(&asha, asha.user(), NOW)
        .await
        .unwrap();
    assert_eq!(again.id, notes.id);
    assert!(matches!(tab.next().await, ServerFrame::Conversation { .. }));
    let mut second = world.tab(&asha).await;
    world.write(&mut tab, notes.id, 2).await;
    assert_eq!(second.event().await.seq, Seq(1));
    let row = world.chat.conversation(&asha, notes.id).await.unwrap();
    assert_eq!((row.last_seq, row.unread), (Seq(2), 0));
}

#[tokio::test]
async fn both_are_told_of_a_new_conversation_before_its_first_message() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    let opened = world
        .chat
        .open_direct(&asha, bilal.user(), NOW)
        .await
        .unwrap();
    world.write_after_news(&mut a, opened.id).await;
    let ServerFrame::Conversation { summary } = b.next().await else {
        panic!("it is announced first");
    };
    assert_eq!(summary.id, opened.id);
    assert_eq!(summary.last_seq, Seq::ZERO);
    assert_eq!(b.event().await.seq, Seq(1));
}

#[tokio::test]
async fn the_list_shows_what_was_active_last_first() {
    let world = World::new().await;
    let (asha, bilal, first) = world.pair().await;
    let chandra = world.person("chandra").await;
    let later = NOW.plus_millis(1_000);
    let second = world
        .chat
        .open_direct(&asha, chandra.user(), later)
        .await
        .unwrap()
        .id;
    let order = async || -> Vec<ConversationId> {
        let list = world.chat.conversations(&asha).await.unwrap();
        list.iter().map(|row| row.id).collect()
    };
    assert_eq!(order().await, [second, first], "by creation");
    let mut writer = world.tab(&bilal).await;
    let send_id = writer.send_at(world.command(first, "hello"), NOW.plus_millis(5_000));
    writer.acked(send_id).await;
    assert_eq!(order().await, [first, second], "by the last message");
    let list = world.chat.conversations(&asha).await.unwrap();
    assert_eq!(
        list[0],
        world.chat.conversation(&asha, first).await.unwrap()
    );
    assert_eq!((list[0].unread, list[1].unread), (1, 0));
    assert_eq!(world.chat.conversations(&bilal).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_unknown_person_or_conversation_is_not_found() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let nobody = UserId::from_parts(NOW, 1);
    refused(
        world.chat.open_direct(&asha, nobody, NOW).await,
        ErrorCode::NotFound,
    );
    let nothing = ConversationId::from_parts(NOW, 1);
    refused(
        world.chat.conversation(&asha, nothing).await,
        ErrorCode::NotFound,
    );
    assert_eq!(world.chat.metrics().loaded_conversations, 0);
}

#[tokio::test]
async fn a_beginning_that_could_not_be_told_is_told_later_and_once() {
    for stored_and_failed in [true, false] {
        let world = World::new().await;
        let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
        let mut live = [world.tab(&asha).await, world.tab(&bilal).await];
        world.store.fail_creations(stored_and_failed);
        world.store.panic_at_loads(!stored_and_failed);
        let opened = world.chat.open_direct(&asha, bilal.user(), NOW).await;
        refused(opened, ErrorCode::StorageUnavailable);
        world.store.fail_creations(false);
        world.store.panic_at_loads(false);
        // A further device that comes now knows it already, the others do not.
        let later = world.tab(&bilal).await;
        world.chat.tick(NOW).await;
        world.chat.tick(NOW).await;
        let mut told: Vec<_> = live.iter_mut().map(announced).collect();
        let found = world
            .chat
            .open_direct(&asha, bilal.user(), NOW)
            .await
            .unwrap();
        told.extend(live.iter_mut().map(announced));
        let once = vec![found.id];
        let expected = [once.clone(), once, vec![], vec![]];
        assert_eq!(told, expected, "stored and failed: {stored_and_failed}");
        later.close();
    }
}

/// The conversations that a connection was told of.
fn announced(tab: &mut Tab) -> Vec<ConversationId> {
    let id = |got| match got {
        Got::Frame(ServerFrame::Conversation { summary }) => Some(summary.id),
        _ => None,
    };
    tab.pending().into_iter().filter_map(id).collect()
}
