//! How far people have seen threads, on all of their devices.

use chat::{Actor, SeeThreadCommand, SeenRecord, Store as _};
use protocol::limits::THREADS_SEEN;
use protocol::{
    Codec, ConversationId, ErrorCode, Intent, SavedPlace, SeenThread, Seq, ServerFrame,
};

use crate::changes::{delete, reply};
use crate::support::{Got, NOW, Tab, World};

fn thread(conversation: ConversationId, root: u64, seen: u64) -> SeenThread {
    SeenThread {
        root: SavedPlace {
            conversation,
            seq: Seq(root),
        },
        seen: Seq(seen),
    }
}

fn told(request: Option<u32>, thread: SeenThread) -> Got {
    let threads = vec![thread];
    Got::Frame(ServerFrame::ThreadsSeen { request, threads })
}

impl World {
    async fn see(&self, tab: &Tab, thread: SeenThread) -> Result<(), ErrorCode> {
        let request = 7;
        let command = SeeThreadCommand { request, thread };
        let outcome = self.chat.see_thread(&tab.actor, tab.id, command, NOW).await;
        outcome.map_err(|error| error.code())
    }

    async fn unread(&self, actor: &Actor, conversation: ConversationId) -> u32 {
        let summary = self.chat.conversation(actor, conversation).await;
        summary.unwrap().unread
    }

    async fn stored_of(&self, actor: &Actor) -> Vec<SeenThread> {
        let all = self.store.threads().seen(actor.user()).await.unwrap();
        all.into_iter().map(|record| record.thread).collect()
    }
}

/// A question with some answers of asha's; bilal has read nothing.
async fn answered(world: &World) -> (Actor, Actor, ConversationId) {
    let (asha, bilal, id) = world.pair().await;
    let mut author = world.tab(&asha).await;
    world.write(&mut author, id, 1).await;
    for _ in 2..=5 {
        let answer = world.intend(id, reply("an answer", 1));
        author.does(answer).await.unwrap();
    }
    (asha, bilal, id)
}

/// The threads that a resume names.
async fn named(world: &World, actor: &Actor) -> Vec<SeenThread> {
    let frames = world.connect(actor, Codec::Json).hello(&[]).await;
    let named = frames.into_iter().filter_map(|frame| match frame {
        ServerFrame::ThreadsSeen { request, threads } => {
            assert_eq!(request, None);
            Some(threads)
        }
        _ => None,
    });
    let named: Vec<_> = named.collect();
    assert!(named.len() <= 1, "one frame at most");
    named.concat()
}

#[tokio::test]
async fn every_device_of_the_account_is_told_and_nobody_else() {
    let world = World::new().await;
    let (asha, bilal, id) = answered(&world).await;
    let phone = world.sign_in("bilal").await;
    let (mut here, mut there) = (world.tab(&bilal).await, world.tab(&phone).await);
    let mut other = world.tab(&asha).await;
    for tab in [&mut here, &mut there, &mut other] {
        tab.pending();
    }
    // It moves forward only, and not beyond what there is.
    for (seen, counts) in [(3, 3), (2, 3), (4, 4), (4, 4), (99, 5)] {
        world.see(&here, thread(id, 1, seen)).await.unwrap();
        let thread = thread(id, 1, counts);
        assert_eq!(here.pending(), [told(Some(7), thread)]);
        assert_eq!(there.pending(), [told(None, thread)]);
        assert_eq!(world.stored_of(&bilal).await, [thread]);
    }
    assert_eq!(other.pending(), []);
    assert_eq!(world.stored_of(&asha).await, []);
}

#[tokio::test]
async fn a_resume_names_what_is_beyond_the_cursor_also_after_a_restart() {
    let mut world = World::new().await;
    let (asha, bilal, id) = answered(&world).await;
    assert_eq!(named(&world, &bilal).await, []);
    let here = world.tab(&bilal).await;
    world.see(&here, thread(id, 1, 4)).await.unwrap();
    // An answer that is deleted was seen all the same, and is no other place.
    let mut author = world.tab(&asha).await;
    author.does(world.intend(id, delete(4))).await.unwrap();
    world.restart().await;
    assert_eq!(named(&world, &bilal).await, [thread(id, 1, 4)]);
    assert_eq!(named(&world, &asha).await, []);
    world.chat.mark_read(&bilal, id, Seq(3), NOW).await.unwrap();
    assert_eq!(named(&world, &bilal).await, [thread(id, 1, 4)]);
    world.chat.mark_read(&bilal, id, Seq(4), NOW).await.unwrap();
    assert_eq!(named(&world, &bilal).await, []);
    assert_eq!(world.stored_of(&bilal).await, [], "it is forgotten");
}

#[tokio::test]
async fn what_was_read_is_not_stored_and_the_list_counts_as_before() {
    let world = World::new().await;
    let (_, bilal, id) = answered(&world).await;
    let mut here = world.tab(&bilal).await;
    world.see(&here, thread(id, 1, 4)).await.unwrap();
    assert_eq!(world.unread(&bilal, id).await, 5);
    world.chat.mark_read(&bilal, id, Seq(5), NOW).await.unwrap();
    assert_eq!(world.unread(&bilal, id).await, 0);
    here.pending();
    // What was stored goes, and whoever asks is answered.
    world.see(&here, thread(id, 1, 5)).await.unwrap();
    assert_eq!(here.pending(), [told(Some(7), thread(id, 1, 5))]);
    assert_eq!(world.stored_of(&bilal).await, []);
}

#[tokio::test]
async fn what_is_no_place_after_a_root_of_ones_own_conversations_is_refused() {
    let world = World::new().await;
    let (asha, bilal, id) = answered(&world).await;
    let stranger = world.person("stranger").await;
    let (theirs, here) = (world.tab(&stranger).await, world.tab(&bilal).await);
    let outcome = world.see(&theirs, thread(id, 1, 4)).await;
    assert_eq!(outcome, Err(ErrorCode::NotFound));
    for (root, seen) in [(0, 4), (4, 4), (4, 3), (99, 100), (u64::MAX, u64::MAX)] {
        let outcome = world.see(&here, thread(id, root, seen)).await;
        assert_eq!(outcome, Err(ErrorCode::Malformed), "{root} {seen}");
    }
    assert_eq!(world.stored_of(&bilal).await, []);
    // Of what one has left, nothing is named any more.
    let group = world.group(&asha, &[&bilal]).await;
    let mut author = world.tab(&asha).await;
    let root = author.does(world.command(group, "root")).await.unwrap();
    let answer = world.intend(group, reply("an answer", root.0));
    let answer = author.does(answer).await.unwrap();
    let seen = thread(group, root.0, answer.0);
    world.see(&here, seen).await.unwrap();
    assert_eq!(named(&world, &bilal).await, [seen]);
    let mut leaver = world.tab(&bilal).await;
    leaver
        .does(world.intend(group, Intent::Leave))
        .await
        .unwrap();
    assert_eq!(named(&world, &bilal).await, []);
    assert_eq!(world.stored_of(&bilal).await, []);
}

#[tokio::test]
async fn of_too_many_those_seen_last_are_kept() {
    let world = World::new().await;
    let (_, bilal, id) = answered(&world).await;
    for number in (10..).take(THREADS_SEEN) {
        let record = SeenRecord {
            user: bilal.user(),
            thread: thread(id, number, 9_000),
            seen_at: NOW.plus_millis(number),
        };
        world.store.threads().put_seen(&record).await.unwrap();
    }
    let here = world.tab(&bilal).await;
    world.see(&here, thread(id, 1, 5)).await.unwrap();
    let named = named(&world, &bilal).await;
    assert_eq!(named.len(), THREADS_SEEN);
    assert_eq!(named[0], thread(id, 1, 5));
    assert_eq!(named[1], thread(id, 11, 9_000));
}
