//! The end of a group.

use chat::{Actor, Store as _};
use protocol::{
    Content, ConversationId, ErrorCode, Intent, Notice, Role, SearchQuery, Seq, ServerFrame,
};

use crate::groups::{set_role, tabs, three};
use crate::support::{Tab, World, refused};

/// Waits until nothing is left to be erased.
async fn erased(world: &World) {
    while !world
        .store
        .emptied_conversations(9)
        .await
        .unwrap()
        .is_empty()
    {
        world.chat.tick(crate::support::NOW).await;
        tokio::task::yield_now().await;
    }
}

async fn is_nowhere(world: &World, people: &[Actor], id: ConversationId) {
    for actor in people {
        let answer = world.chat.conversation(actor, id).await;
        refused(answer, ErrorCode::NotFound);
        let rows = world.store.conversations_of(actor.user(), 9).await;
        assert_eq!(rows.unwrap(), []);
    }
    let rows = world.store.messages(id, Seq(1), Seq(99)).await.unwrap();
    assert_eq!(rows, []);
    assert_eq!(world.store.conversation(id).await.unwrap(), None);
}

/// The notice, and that nothing comes after it.
async fn hears_the_end(tab: &mut Tab) {
    loop {
        match tab.next().await {
            ServerFrame::Event { message } => {
                if message.content == Content::Notice(Notice::Dissolved) {
                    break;
                }
            }
            ServerFrame::Gone { .. } => panic!("gone before the notice"),
            _ => {}
        }
    }
    assert!(matches!(tab.next().await, ServerFrame::Gone { .. }));
}

#[tokio::test]
async fn the_owner_deletes_it_for_everybody_and_nothing_is_left() {
    let mut world = World::new().await;
    let (people, id) = three(&world).await;
    let [mut a, mut b, mut c] = tabs(&world, &people).await;
    let promote = world.intend(id, set_role(people[1].user(), Role::Admin));
    a.does(promote).await.unwrap();
    b.does(world.command(id, "the last samosa")).await.unwrap();
    for tab in [&mut b, &mut c] {
        let outcome = tab.does(world.intend(id, Intent::Dissolve)).await;
        assert_eq!(outcome, Err(ErrorCode::Forbidden));
    }
    a.does(world.intend(id, Intent::Dissolve)).await.unwrap();
    hears_the_end(&mut b).await;
    hears_the_end(&mut c).await;
    for tab in [&mut a, &mut b] {
        let outcome = tab.does(world.command(id, "wait")).await;
        assert_eq!(outcome, Err(ErrorCode::NotFound));
    }
    erased(&world).await;
    is_nowhere(&world, &people, id).await;
    let query = SearchQuery::parse("samosa").unwrap();
    let found = world
        .chat
        .search(&people[1], &query, None, None, crate::support::NOW);
    assert_eq!(found.await.unwrap().hits.len(), 0);
    world.restart().await;
    is_nowhere(&world, &people, id).await;
}

#[tokio::test]
async fn a_group_that_the_last_one_leaves_is_erased_too() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [mut a, mut b, mut c] = tabs(&world, &people).await;
    for tab in [&mut a, &mut b] {
        tab.does(world.intend(id, Intent::Leave)).await.unwrap();
    }
    assert_eq!(world.store.emptied_conversations(9).await.unwrap(), []);
    c.does(world.intend(id, Intent::Leave)).await.unwrap();
    erased(&world).await;
    is_nowhere(&world, &people, id).await;
}

#[tokio::test]
async fn what_a_crash_interrupts_is_erased_by_the_next_process() {
    let mut world = World::new().await;
    let (people, id) = three(&world).await;
    let [mut a, ..] = tabs(&world, &people).await;
    world.store.fail_erasing(true);
    a.does(world.intend(id, Intent::Dissolve)).await.unwrap();
    assert_eq!(world.store.emptied_conversations(9).await.unwrap(), [id]);
    world.restart().await;
    assert_eq!(world.store.emptied_conversations(9).await.unwrap(), [id]);
    world.store.fail_erasing(false);
    erased(&world).await;
    is_nowhere(&world, &people, id).await;
}

#[tokio::test]
async fn of_two_who_leave_and_delete_at_once_everybody_is_out_once() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [mut a, mut b, mut c] = tabs(&world, &people).await;
    let gone = a.send(world.intend(id, Intent::Dissolve));
    let left = b.send(world.intend(id, Intent::Leave));
    let wrote = c.send(world.command(id, "me too"));
    a.outcome(gone).await.unwrap();
    // Before it or not at all.
    for (tab, sent) in [(&mut b, left), (&mut c, wrote)] {
        match tab.outcome(sent).await {
            Ok(_) | Err(ErrorCode::NotFound) => {}
            other => panic!("{other:?}"),
        }
    }
    erased(&world).await;
    is_nowhere(&world, &people, id).await;
}
