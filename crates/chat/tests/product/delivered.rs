//! Which messages a device of the other one of two has, as far as one may know.

use chat::{Actor, ChatError};
use protocol::{Codec, ConversationId, ErrorCode, Intent, PrivacyField, Seq, ServerFrame, UserId};

use crate::blocks::block;
use crate::groups::{tabs, three};
use crate::requests::strangers;
use crate::support::{Got, NOW, Tab, World, refused};

async fn receives(
    world: &World,
    actor: &Actor,
    (id, seq): (ConversationId, u64),
) -> Result<(), ChatError> {
    world.chat.mark_received(actor, id, Seq(seq)).await
}

async fn reads(world: &World, actor: &Actor, (id, seq): (ConversationId, u64)) {
    let read = world.chat.mark_read(actor, id, Seq(seq), NOW);
    read.await.unwrap();
}

async fn hide(world: &World, actor: &Actor, hides: bool) {
    let field = PrivacyField::Reading;
    let set = world.chat.set_privacy(actor, field, hides, NOW);
    set.await.unwrap();
}

const fn delivered(conversation: ConversationId, user: UserId, seq: u64) -> ServerFrame {
    ServerFrame::Delivered {
        conversation,
        user,
        seq: Seq(seq),
    }
}

const fn seen(conversation: ConversationId, user: UserId, seq: u64) -> ServerFrame {
    ServerFrame::Seen {
        conversation,
        user,
        seq: Seq(seq),
    }
}

const fn is_mark(frame: &ServerFrame) -> bool {
    matches!(
        frame,
        ServerFrame::Delivered { .. } | ServerFrame::Seen { .. }
    )
}

/// What a connection has got of how far others are.
fn marks(tab: &mut Tab) -> Vec<ServerFrame> {
    let frames = tab.pending().into_iter().filter_map(|got| match got {
        Got::Frame(frame) => Some(frame).filter(is_mark),
        Got::Close(_) => None,
    });
    frames.collect()
}

/// What a new connection is told of it, and what the list says of somebody: read and delivered.
async fn asked(
    world: &World,
    actor: &Actor,
    (id, other): (ConversationId, &Actor),
) -> (Vec<ServerFrame>, (u64, u64)) {
    let mut tab = world.connect(actor, Codec::Binary);
    let mut frames = tab.hello(&[(id, 1)]).await;
    tab.close();
    frames.retain(is_mark);
    let row = world.chat.conversation(actor, id).await.unwrap();
    let listed = world.chat.conversations(actor).await.unwrap();
    let rows = [row, listed.into_iter().find(|row| row.id == id).unwrap()];
    let [first, second] = rows.map(|row| {
        let member = row.members.into_iter();
        let mut member = member.filter(|it| it.person.id == other.user());
        let member = member.next().unwrap();
        (member.read_seq.0, member.delivered_seq.0)
    });
    assert_eq!(first, second);
    (frames, first)
}

#[tokio::test]
async fn what_the_device_of_the_other_has_is_told_before_they_look_at_it() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut a, mut phone) = (world.tab(&asha).await, world.tab(&asha).await);
    world.write(&mut a, id, 3).await;
    // Whoever is not there has nothing.
    assert_eq!(marks(&mut a), []);
    assert_eq!(asked(&world, &asha, (id, &bilal)).await, (vec![], (0, 0)));
    // Being there is not having it: the device says so.
    let mut b = world.tab(&bilal).await;
    assert_eq!(marks(&mut a), []);
    receives(&world, &bilal, (id, 2)).await.unwrap();
    let told = delivered(id, bilal.user(), 2);
    for tab in [&mut a, &mut phone] {
        assert_eq!(marks(tab), std::slice::from_ref(&told));
    }
    assert_eq!(marks(&mut b), []);
    for round in 0..2 {
        let found = asked(&world, &asha, (id, &bilal)).await;
        assert_eq!(found, (vec![told.clone()], (0, 2)), "{round}");
        // It counts nothing as read.
        let theirs = world.chat.conversation(&bilal, id).await.unwrap();
        assert_eq!((theirs.read_seq, theirs.unread), (Seq::ZERO, 3));
        world.chat.tick(NOW).await;
        world.restart().await;
    }
    // And what is read is delivered, without a word of it.
    let mut a = world.tab(&asha).await;
    reads(&world, &bilal, (id, 3)).await;
    receives(&world, &bilal, (id, 3)).await.unwrap();
    assert_eq!(marks(&mut a), [seen(id, bilal.user(), 3)]);
    let found = asked(&world, &asha, (id, &bilal)).await;
    assert_eq!(found, (vec![seen(id, bilal.user(), 3)], (3, 2)));
}

#[tokio::test]
async fn it_only_moves_forward_and_to_what_there_is() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut a = world.tab(&asha).await;
    world.write(&mut a, id, 4).await;
    for seq in [0, 2, 1, 2, 900, u64::MAX] {
        receives(&world, &bilal, (id, seq)).await.unwrap();
    }
    let user = bilal.user();
    assert_eq!(
        marks(&mut a),
        [delivered(id, user, 2), delivered(id, user, 4)]
    );
    // What is written later was not confirmed before.
    world.write(&mut a, id, 1).await;
    assert_eq!(asked(&world, &asha, (id, &bilal)).await.1, (0, 4));
}

#[tokio::test]
async fn case_12_nobody_confirms_what_is_not_theirs() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let stranger = world.person("chandra").await;
    let mut a = world.tab(&asha).await;
    world.write(&mut a, id, 1).await;
    let outcome = receives(&world, &stranger, (id, 1)).await;
    refused(outcome, ErrorCode::NotFound);
    let nowhere = ConversationId::from_bytes([9; 16]);
    refused(
        receives(&world, &bilal, (nowhere, 1)).await,
        ErrorCode::NotFound,
    );
    assert_eq!(marks(&mut a), []);
    assert_eq!(asked(&world, &asha, (id, &bilal)).await, (vec![], (0, 0)));
}

#[tokio::test]
async fn of_groups_it_is_not_kept() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, _] = people;
    let [mut a, ..] = tabs(&world, &people).await;
    let seq = a.does(world.command(id, "all")).await.unwrap();
    receives(&world, &bilal, (id, seq.0)).await.unwrap();
    assert_eq!(marks(&mut a), []);
    let (frames, (_, listed)) = asked(&world, &asha, (id, &bilal)).await;
    let is_delivered = |frame: &ServerFrame| matches!(frame, ServerFrame::Delivered { .. });
    assert!(!frames.iter().any(is_delivered), "{frames:?}");
    assert_eq!(listed, 0);
}

#[tokio::test]
async fn whoever_hides_what_they_read_shows_neither_and_sees_neither() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.write(&mut a, id, 2).await;
    receives(&world, &bilal, (id, 1)).await.unwrap();
    assert_eq!(marks(&mut a), [delivered(id, bilal.user(), 1)]);
    hide(&world, &bilal, true).await;
    // This takes both back.
    assert_eq!(marks(&mut a), [seen(id, bilal.user(), 0)]);
    receives(&world, &bilal, (id, 2)).await.unwrap();
    assert_eq!(marks(&mut a), []);
    let found = asked(&world, &asha, (id, &bilal)).await;
    assert_eq!(found, (vec![seen(id, bilal.user(), 0)], (0, 0)));
    // Nor does whoever hides it see it of the other.
    let to_asha = world.command(id, "from bilal");
    b.does(to_asha).await.unwrap();
    b.pending();
    receives(&world, &asha, (id, 3)).await.unwrap();
    assert_eq!(marks(&mut b), []);
    assert_eq!(asked(&world, &bilal, (id, &asha)).await.1, (0, 0));
    a.pending();
    hide(&world, &bilal, false).await;
    assert_eq!(marks(&mut a), [delivered(id, bilal.user(), 2)]);
    let found = asked(&world, &bilal, (id, &asha)).await;
    assert_eq!(found.1.1, 3);
    assert!(
        found.0.contains(&delivered(id, asha.user(), 3)),
        "{found:?}"
    );
}

#[tokio::test]
async fn between_two_whom_a_block_keeps_apart_nothing_is_told() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut a = world.tab(&asha).await;
    world.write(&mut a, id, 2).await;
    for (blocking, blocked) in [(&asha, &bilal), (&bilal, &asha)] {
        block(&world, blocking, blocked, true).await;
        marks(&mut a);
        receives(&world, &bilal, (id, 1)).await.unwrap();
        assert_eq!(marks(&mut a), []);
        assert_eq!(asked(&world, &asha, (id, &bilal)).await, (vec![], (0, 0)));
        block(&world, blocking, blocked, false).await;
    }
    receives(&world, &bilal, (id, 2)).await.unwrap();
    assert_eq!(marks(&mut a), [delivered(id, bilal.user(), 2)]);
}

#[tokio::test]
async fn whoever_asks_learns_nothing_of_it_until_they_are_answered() {
    let (world, asha, bilal, id) = strangers().await;
    let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    a.does(world.command(id, "hello?")).await.unwrap();
    receives(&world, &bilal, (id, 1)).await.unwrap();
    assert_eq!(marks(&mut a), []);
    assert_eq!(asked(&world, &asha, (id, &bilal)).await, (vec![], (0, 0)));
    b.does(world.intend(id, Intent::Accept)).await.unwrap();
    assert_eq!(asked(&world, &asha, (id, &bilal)).await.1.1, 1);
}
