//! Blocking: what the two see of each other, which is nothing, and what everybody else sees of
//! them, which is as before.

use std::collections::BTreeSet;
use std::sync::Arc;

use chat::{Actor, SendCommand};
use protocol::{
    ConversationId, DisplayName, ErrorCode, Intent, Presence, SearchTerm, Seq, ServerFrame,
    Timestamp, UserId,
};

use crate::changes::react;
use crate::groups::{tabs, three};
use crate::support::{Got, NOW, Tab, World, refused, texts};

const LONG_MS: u64 = 60_000;

pub(crate) async fn block(world: &World, actor: &Actor, other: &Actor, blocks: bool) {
    let changed = world.chat.set_blocked(actor, other.user(), blocks, NOW);
    changed.await.unwrap();
}

async fn blocked(world: &World, actor: &Actor) -> Vec<UserId> {
    let people = world.chat.blocked(actor).await.unwrap();
    people.into_iter().map(|person| person.id).collect()
}

/// What a connection has got of somebody: nothing but presence, typing and reading is looked at.
pub(crate) fn heard_of(tab: &mut Tab, other: UserId) -> Vec<ServerFrame> {
    let frames = tab.pending().into_iter().filter_map(|got| match got {
        Got::Frame(frame) => Some(frame),
        Got::Close(_) => None,
    });
    frames
        .filter(|frame| match frame {
            ServerFrame::Presence { user, .. }
            | ServerFrame::Typing { user, .. }
            | ServerFrame::Delivered { user, .. }
            | ServerFrame::Seen { user, .. } => *user == other,
            _ => false,
        })
        .collect()
}

pub(crate) fn gone(user: UserId) -> ServerFrame {
    let presence = Presence::Offline { since: None };
    ServerFrame::Presence { user, presence }
}

pub(crate) fn online(user: UserId) -> ServerFrame {
    let presence = Presence::Online;
    ServerFrame::Presence { user, presence }
}

fn after(ms: u64) -> Timestamp {
    NOW.plus_millis(ms)
}

#[tokio::test]
async fn neither_writes_to_the_other_until_the_block_ends() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.write(&mut a, id, 1).await;
    world.write_skipping(&mut b, id).await;
    block(&world, &asha, &bilal, true).await;
    for _ in 0..2 {
        for tab in [&mut a, &mut b] {
            for command in [
                world.command(id, "hello?"),
                world.intend(id, react(1, "👍", true)),
            ] {
                assert_eq!(tab.does(command).await, Err(ErrorCode::Forbidden));
            }
        }
        world.restart().await;
        (a, b) = (world.tab(&asha).await, world.tab(&bilal).await);
    }
    // What was said may be read, and one's own deleted.
    assert_eq!(texts(&world.everything(&bilal, id).await).len(), 2);
    let own = Intent::Delete { target: Seq(2) };
    b.does(world.intend(id, own)).await.unwrap();
    block(&world, &asha, &bilal, false).await;
    b.does(world.command(id, "again")).await.unwrap();
    assert_eq!(
        texts(&world.everything(&asha, id).await).last(),
        Some(&"again")
    );
}

#[tokio::test]
async fn a_send_before_hello_is_refused_too() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    block(&world, &asha, &bilal, true).await;
    world.restart().await;
    let mut b = world.connect(&bilal, protocol::Codec::Json);
    let send = world.command(id, "quick");
    assert_eq!(b.does(send).await, Err(ErrorCode::Forbidden));
}

#[tokio::test]
async fn the_two_see_nothing_of_each_other_and_the_others_see_all() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, _] = people;
    let [mut a, mut b, mut c] = tabs(&world, &people).await;
    world.chat.tick(NOW).await;
    for tab in [&mut a, &mut b, &mut c] {
        tab.pending();
    }
    block(&world, &asha, &bilal, true).await;
    // Each has gone for the other, and for nobody else.
    assert_eq!(heard_of(&mut a, bilal.user()), [gone(bilal.user())]);
    assert_eq!(heard_of(&mut b, asha.user()), [gone(asha.user())]);
    assert_eq!(heard_of(&mut c, asha.user()), []);

    world.write_skipping(&mut c, id).await;
    for (actor, other, tab) in [(&asha, &bilal, &mut b), (&bilal, &asha, &mut a)] {
        world.chat.typing(actor, id, true, NOW);
        world.chat.mark_read(actor, id, Seq(2), NOW).await.unwrap();
        assert_eq!(heard_of(tab, actor.user()), [], "{other:?}");
        assert_eq!(heard_of(&mut c, actor.user()).len(), 2);
    }
    // Nor in what is asked for, nor after a new beginning.
    for (actor, other) in [(&asha, &bilal), (&bilal, &asha)] {
        let members = world.chat.group_members(actor, id, None).await.unwrap();
        let row = world.chat.conversation(actor, id).await.unwrap();
        for members in [members, row.members] {
            let read = members.iter().find(|it| it.person.id == other.user());
            let read = read.unwrap();
            assert_eq!((read.read_seq, read.delivered_seq), (Seq::ZERO, Seq::ZERO));
        }
        let mut again = world.connect(actor, protocol::Codec::Json);
        let frames = again.hello(&[(id, 1)]).await;
        let of_other = frames.iter().any(|frame| match frame {
            ServerFrame::Presence { user, .. }
            | ServerFrame::Delivered { user, .. }
            | ServerFrame::Seen { user, .. } => *user == other.user(),
            _ => false,
        });
        assert!(!of_other, "{frames:?}");
        again.close();
    }
    // Going is not shown either.
    a.close();
    world.chat.tick(after(LONG_MS)).await;
    world.chat.tick(after(2 * LONG_MS)).await;
    assert_eq!(heard_of(&mut b, asha.user()), []);
    assert!(!heard_of(&mut c, asha.user()).is_empty());
    // What they say in the group comes to all.
    b.does(world.command(id, "for everybody")).await.unwrap();
    assert_eq!(c.next_event().await.author, bilal.user());
}

#[tokio::test]
async fn a_block_that_ends_shows_who_is_there() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.chat.tick(NOW).await;
    block(&world, &asha, &bilal, true).await;
    block(&world, &bilal, &asha, true).await;
    heard_of(&mut a, bilal.user());
    heard_of(&mut b, asha.user());
    // The other one still blocks.
    block(&world, &asha, &bilal, false).await;
    assert_eq!(heard_of(&mut a, bilal.user()), []);
    let send = world.command(id, "hello");
    assert_eq!(a.does(send).await, Err(ErrorCode::Forbidden));
    block(&world, &bilal, &asha, false).await;
    assert_eq!(heard_of(&mut a, bilal.user()), [online(bilal.user())]);
    assert_eq!(heard_of(&mut b, asha.user()), [online(asha.user())]);
    a.does(world.command(id, "hello")).await.unwrap();
}

#[tokio::test]
async fn whoever_is_blocked_brings_the_other_into_no_group_and_opens_nothing() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let chandra = world.person("chandra").await;
    block(&world, &asha, &bilal, true).await;
    let title = DisplayName::parse("चाय").unwrap();
    let users = vec![asha.user(), chandra.user()];
    let made = world
        .chat
        .create_group(&bilal, world.send_id(), title, users, NOW);
    let made = made.await.unwrap();
    assert_eq!(made.member_count, 2);
    let mut b = world.tab(&bilal).await;
    let add = |actor: &Actor| Intent::Add {
        users: vec![actor.user()],
    };
    let send = world.intend(made.id, add(&asha));
    assert_eq!(b.does(send).await, Err(ErrorCode::NotFound));
    refused(
        world.chat.open_direct(&bilal, asha.user(), NOW).await,
        ErrorCode::NotFound,
    );
    let nothing = world.chat.conversations(&asha).await.unwrap();
    assert_eq!(nothing.len(), 0);
    // Others may, and whoever blocks opens what they like.
    let mine = world.group(&chandra, &[&asha, &bilal]).await;
    assert_eq!(
        world
            .chat
            .conversation(&asha, mine)
            .await
            .unwrap()
            .member_count,
        3
    );
    world
        .chat
        .open_direct(&asha, bilal.user(), NOW)
        .await
        .unwrap();
    block(&world, &asha, &bilal, false).await;
    b.does(world.intend(made.id, add(&asha))).await.unwrap();
}

#[tokio::test]
async fn all_devices_of_the_account_are_told_and_nobody_else() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let (mut a, mut second) = (world.tab(&asha).await, world.tab(&asha).await);
    let mut b = world.tab(&bilal).await;
    let told = |users: Vec<UserId>| ServerFrame::Blocked { users };
    let is_told = |got: &Got| matches!(got, Got::Frame(ServerFrame::Blocked { .. }));
    for blocks in [true, false] {
        // What is so already is told to nobody.
        for _ in 0..2 {
            block(&world, &asha, &bilal, blocks).await;
        }
        let users = if blocks {
            vec![bilal.user()]
        } else {
            Vec::new()
        };
        for tab in [&mut a, &mut second] {
            let mut got = tab.pending();
            got.retain(is_told);
            assert_eq!(got, [Got::Frame(told(users.clone()))]);
        }
        assert!(!b.pending().iter().any(is_told));
        assert_eq!(blocked(&world, &asha).await, users);
        assert_eq!(blocked(&world, &bilal).await, []);
        let mut late = world.connect(&asha, protocol::Codec::Binary);
        let mut frames = late.hello(&[]).await;
        frames.retain(|frame| matches!(frame, ServerFrame::Blocked { .. }));
        let expected = if blocks {
            vec![told(users)]
        } else {
            Vec::new()
        };
        assert_eq!(frames, expected);
        late.close();
    }
}

#[tokio::test]
async fn what_cannot_be_blocked() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let nobody = UserId::from_parts(NOW, 5);
    for (user, code) in [
        (asha.user(), ErrorCode::Forbidden),
        (nobody, ErrorCode::NotFound),
    ] {
        for blocks in [true, false] {
            let changed = world.chat.set_blocked(&asha, user, blocks, NOW).await;
            refused(changed, code);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn blocks_at_once_leave_what_the_last_one_says() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let chandra = world.person("chandra").await;
    for _ in 0..20 {
        let changes = [true, false, true, false].map(|blocks| {
            let (chat, other) = (Arc::clone(&world.chat), bilal.user());
            tokio::spawn(async move { chat.set_blocked(&asha, other, blocks, NOW).await })
        });
        let others = world.chat.set_blocked(&asha, chandra.user(), true, NOW);
        others.await.unwrap();
        for change in changes {
            change.await.unwrap().unwrap();
        }
        let list: BTreeSet<_> = blocked(&world, &asha).await.into_iter().collect();
        assert!(list.contains(&chandra.user()));
        let mut b = world.tab(&bilal).await;
        let outcome = b.does(world.command(id, "may I")).await;
        assert_eq!(outcome.is_err(), list.contains(&bilal.user()));
        b.close();
    }
}

#[tokio::test]
async fn whoever_blocks_finds_the_blocked_and_is_found_by_the_others() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let chandra = world.person("chandra").await;
    block(&world, &asha, &bilal, true).await;
    let finds = async |actor: &Actor, name: &str| {
        let term = SearchTerm::parse(name).unwrap();
        let found = world.chat.search_people(actor, &term, NOW).await.unwrap();
        found.len()
    };
    assert_eq!(finds(&asha, "bilal").await, 1);
    assert_eq!(finds(&chandra, "asha").await, 1);
    assert_eq!(finds(&bilal, "asha").await, 0);
}

#[tokio::test]
async fn a_send_placed_after_a_block_is_refused_also_while_it_waited() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut b = world.tab(&bilal).await;
    let gate = world.store.hold_appends();
    let first = b.send(world.command(id, "under way"));
    tokio::task::yield_now().await;
    let second = b.send(SendCommand {
        after: Seq::ZERO,
        ..world.command(id, "waits")
    });
    block(&world, &asha, &bilal, true).await;
    world.store.let_appends_go(&gate);
    assert_eq!(b.outcome(first).await, Ok(Seq(1)));
    assert_eq!(b.outcome(second).await, Err(ErrorCode::Forbidden));
    let conversation: ConversationId = id;
    let row = world.chat.conversation(&asha, conversation).await.unwrap();
    assert_eq!(row.last_seq, Seq(1));
}

#[tokio::test]
async fn a_block_is_in_force_whose_write_had_no_known_outcome() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut b = world.tab(&bilal).await;
    b.does(world.command(id, "before")).await.unwrap();
    world.store.store_and_fail_arranging(true);
    let failed = world.chat.set_blocked(&asha, bilal.user(), true, NOW);
    assert!(failed.await.is_err());
    world.store.store_and_fail_arranging(false);
    let sent = b.does(world.command(id, "after")).await;
    assert_eq!(sent, Err(ErrorCode::Forbidden));
    // Whoever asks again is told that it is so, and it is.
    block(&world, &asha, &bilal, true).await;
    let sent = b.does(world.command(id, "after")).await;
    assert_eq!(sent, Err(ErrorCode::Forbidden));
}
