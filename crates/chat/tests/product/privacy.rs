//! What people hide of themselves, and what they therefore do not see of others.

use chat::Actor;
use protocol::{
    Codec, ConversationId, Intent, Presence, Privacy, PrivacyField, Readers, Seq, ServerFrame,
    UserId,
};

use crate::blocks::{gone, heard_of, online};
use crate::groups::{tabs, three};
use crate::support::{Got, NOW, Tab, World};

const LONG_MS: u64 = 60_000;

async fn hide(world: &World, actor: &Actor, what: PrivacyField, hides: bool) {
    let set = world.chat.set_privacy(actor, what, hides, NOW);
    set.await.unwrap();
}

async fn read(world: &World, actor: &Actor, id: ConversationId, seq: u64) {
    let read = world.chat.mark_read(actor, id, Seq(seq), NOW);
    read.await.unwrap();
}

fn seen(conversation: ConversationId, user: UserId, seq: u64) -> ServerFrame {
    let seq = Seq(seq);
    ServerFrame::Seen {
        conversation,
        user,
        seq,
    }
}

/// What a connection has got of others: presence, typing and reading.
fn heard(tab: &mut Tab) -> Vec<ServerFrame> {
    let frames = tab.pending().into_iter().filter_map(|got| match got {
        Got::Frame(frame) => Some(frame),
        Got::Close(_) => None,
    });
    frames
        .filter(|frame| {
            matches!(
                frame,
                ServerFrame::Presence { .. }
                    | ServerFrame::Typing { .. }
                    | ServerFrame::Seen { .. }
            )
        })
        .collect()
}

fn typing(conversation: ConversationId, user: UserId, active: bool) -> ServerFrame {
    ServerFrame::Typing {
        conversation,
        user,
        active,
    }
}

/// What a connection was told of its own account's privacy, and whether it is to say `Hello`.
fn told(tab: &mut Tab) -> (Vec<Privacy>, bool) {
    let (mut privacy, mut resync) = (Vec::new(), false);
    for got in tab.pending() {
        match got {
            Got::Frame(ServerFrame::Privacy { privacy: is }) => privacy.push(is),
            Got::Frame(ServerFrame::Resync) => resync = true,
            _ => {}
        }
    }
    (privacy, resync)
}

const fn hides(what: PrivacyField) -> Privacy {
    Privacy {
        hides_reading: false,
        hides_presence: false,
    }
    .with(what, true)
}

/// How far a member has read, as another is told in each way it can be asked for.
async fn asked(world: &World, actor: &Actor, id: ConversationId, other: &Actor) -> Vec<Seq> {
    let chat = &world.chat;
    let row = chat.conversation(actor, id).await.unwrap();
    let rows = chat.conversations(actor).await.unwrap();
    let listed = rows.into_iter().find(|row| row.id == id).unwrap();
    let members = chat.group_members(actor, id, None).await.unwrap();
    let all = [row.members, listed.members, members];
    let of_other = all.iter().flatten();
    let of_other = of_other.filter(|member| member.person.id == other.user());
    of_other.map(|member| member.read_seq).collect()
}

/// What a new connection is told of somebody's reading.
async fn resumed(
    world: &World,
    actor: &Actor,
    id: ConversationId,
    other: &Actor,
) -> Vec<ServerFrame> {
    let mut tab = world.connect(actor, Codec::Binary);
    let mut frames = tab.hello(&[(id, 1)]).await;
    tab.close();
    frames.retain(|frame| match frame {
        ServerFrame::Seen { user, .. } => *user == other.user(),
        _ => false,
    });
    frames
}

#[tokio::test]
async fn whoever_hides_how_far_they_read_shows_it_to_nobody_and_sees_it_of_nobody() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut a, mut phone) = (world.tab(&asha).await, world.tab(&asha).await);
    let mut b = world.tab(&bilal).await;
    world.write(&mut b, id, 3).await;
    read(&world, &asha, id, 2).await;
    assert_eq!(heard_of(&mut b, asha.user()), [seen(id, asha.user(), 2)]);

    for tab in [&mut a, &mut phone] {
        tab.pending();
    }
    // What is so already is told to nobody.
    for _ in 0..2 {
        hide(&world, &asha, PrivacyField::Reading, true).await;
    }
    for tab in [&mut a, &mut phone] {
        assert_eq!(told(tab), (vec![hides(PrivacyField::Reading)], false));
    }
    // What was shown of it goes.
    assert_eq!(heard_of(&mut b, asha.user()), [seen(id, asha.user(), 0)]);

    read(&world, &asha, id, 3).await;
    world.write_skipping(&mut a, id).await;
    read(&world, &bilal, id, 4).await;
    assert_eq!(heard_of(&mut b, asha.user()), []);
    assert_eq!(heard_of(&mut a, bilal.user()), []);
    // On one's own devices it counts as before.
    let unread = phone.pending().into_iter().any(|got| {
        matches!(
            got,
            Got::Frame(ServerFrame::Read {
                seq: Seq(3),
                unread: 0,
                ..
            })
        )
    });
    assert!(unread);

    for _ in 0..2 {
        for (actor, other) in [(&asha, &bilal), (&bilal, &asha)] {
            assert_eq!(asked(&world, actor, id, other).await, [Seq::ZERO; 3]);
            let own = asked(&world, actor, id, actor).await;
            assert!(own.iter().all(|seq| *seq >= Seq(3)), "{own:?}");
            for seq in [1, 4] {
                let readers = world.chat.seen_by(actor, id, Seq(seq)).await.unwrap();
                assert_eq!(readers, Readers::default());
            }
        }
        // Nor after a new beginning: whoever may hold it lets it go.
        let to_bilal = resumed(&world, &bilal, id, &asha).await;
        assert_eq!(to_bilal, [seen(id, asha.user(), 0)]);
        assert_eq!(resumed(&world, &asha, id, &bilal).await, []);
        world.chat.tick(NOW).await;
        world.restart().await;
    }
}

#[tokio::test]
async fn whoever_shows_it_again_shows_it_as_it_is_and_sees_the_others() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut a, mut phone) = (world.tab(&asha).await, world.tab(&asha).await);
    let mut b = world.tab(&bilal).await;
    world.write(&mut b, id, 3).await;
    hide(&world, &asha, PrivacyField::Reading, true).await;
    read(&world, &asha, id, 2).await;
    for tab in [&mut a, &mut phone, &mut b] {
        tab.pending();
    }
    hide(&world, &asha, PrivacyField::Reading, false).await;
    assert_eq!(heard_of(&mut b, asha.user()), [seen(id, asha.user(), 2)]);
    for tab in [&mut a, &mut phone] {
        assert_eq!(told(tab), (vec![Privacy::default()], true));
        let frames = tab.hello(&[(id, 3)]).await;
        assert!(frames.contains(&seen(id, bilal.user(), 3)), "{frames:?}");
        let says = |frame: &ServerFrame| matches!(frame, ServerFrame::Privacy { .. });
        assert!(!frames.iter().any(says), "{frames:?}");
    }
    read(&world, &asha, id, 3).await;
    assert_eq!(heard_of(&mut b, asha.user()), [seen(id, asha.user(), 3)]);
    assert_eq!(asked(&world, &bilal, id, &asha).await, [Seq(3); 3]);
}

#[tokio::test]
async fn in_a_group_nobody_who_hides_it_has_seen_or_not_seen_a_message() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, chandra] = people;
    let [mut a, mut b, mut c] = tabs(&world, &people).await;
    let seq = a.does(world.command(id, "who?")).await.unwrap();
    hide(&world, &bilal, PrivacyField::Reading, true).await;
    for tab in [&mut a, &mut b, &mut c] {
        tab.pending();
    }
    for reader in [&bilal, &chandra] {
        read(&world, reader, id, seq.0).await;
    }
    assert_eq!(heard(&mut a), [seen(id, chandra.user(), seq.0)]);
    assert_eq!(heard(&mut b), []);
    let ids = |readers: Readers| {
        let seen: Vec<_> = readers.seen.into_iter().map(|it| it.person.id).collect();
        let waiting: Vec<_> = readers.waiting.into_iter().map(|it| it.id).collect();
        (seen, waiting)
    };
    let by = async |actor| ids(world.chat.seen_by(actor, id, seq).await.unwrap());
    assert_eq!(by(&asha).await, (vec![chandra.user()], vec![]));
    assert_eq!(by(&bilal).await, (vec![], vec![]));
    assert_eq!(by(&chandra).await, (vec![], vec![]));
    hide(&world, &bilal, PrivacyField::Reading, false).await;
    let (mut seen, waiting) = by(&asha).await;
    seen.sort_unstable();
    let mut both = vec![bilal.user(), chandra.user()];
    both.sort_unstable();
    assert_eq!((seen, waiting), (both, vec![]));
}

#[tokio::test]
async fn it_is_hidden_in_what_begins_later_too() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let chandra = world.person("chandra").await;
    hide(&world, &chandra, PrivacyField::Reading, true).await;
    let id = world.group(&asha, &[&bilal]).await;
    let mut a = world.tab(&asha).await;
    let users = vec![chandra.user()];
    a.does(world.intend(id, Intent::Add { users }))
        .await
        .unwrap();
    let summary = a.next_summary().await;
    let of_chandra = |members: &[protocol::Member]| {
        let member = members.iter().find(|it| it.person.id == chandra.user());
        member.map(|member| member.read_seq)
    };
    assert_eq!(of_chandra(&summary.members), Some(Seq::ZERO));
    let mut c = world.tab(&chandra).await;
    let seq = a.does(world.command(id, "hello")).await.unwrap();
    read(&world, &chandra, id, seq.0).await;
    c.does(world.command(id, "hello, all")).await.unwrap();
    assert_eq!(heard_of(&mut a, chandra.user()), []);
    assert_eq!(asked(&world, &asha, id, &chandra).await, [Seq::ZERO; 3]);
}

#[tokio::test]
async fn whoever_is_kept_apart_by_a_block_learns_nothing_of_it() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (_a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.write(&mut b, id, 1).await;
    read(&world, &asha, id, 1).await;
    world
        .chat
        .set_blocked(&asha, bilal.user(), true, NOW)
        .await
        .unwrap();
    heard_of(&mut b, asha.user());
    for what in PrivacyField::ALL {
        for hides in [true, false] {
            hide(&world, &asha, what, hides).await;
            assert_eq!(heard_of(&mut b, asha.user()), [], "{what:?} {hides}");
            assert_eq!(resumed(&world, &bilal, id, &asha).await, []);
        }
    }
}

#[tokio::test]
async fn whoever_hides_their_presence_is_there_for_nobody_and_nobody_for_them() {
    let mut world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, chandra] = people;
    let [mut a, mut b, mut c] = tabs(&world, &people).await;
    world.chat.tick(NOW).await;
    for tab in [&mut a, &mut b, &mut c] {
        tab.pending();
    }
    hide(&world, &asha, PrivacyField::Presence, true).await;
    for tab in [&mut b, &mut c] {
        assert_eq!(heard_of(tab, asha.user()), [gone(asha.user())]);
    }
    assert_eq!(told(&mut a), (vec![hides(PrivacyField::Presence)], false));
    for actor in [&asha, &bilal] {
        world.chat.typing(actor, id, true, NOW);
    }
    assert_eq!(heard(&mut a), []);
    assert_eq!(heard(&mut b), []);
    assert_eq!(heard(&mut c), [typing(id, bilal.user(), true)]);

    // Neither coming nor going is shown, nor who is there when a connection begins.
    b.close();
    for ms in [LONG_MS, 2 * LONG_MS] {
        world.chat.tick(NOW.plus_millis(ms)).await;
    }
    assert_eq!(heard(&mut a), []);
    let went = Presence::Offline { since: Some(NOW) };
    let user = bilal.user();
    let went = ServerFrame::Presence {
        user,
        presence: went,
    };
    assert_eq!(heard(&mut c), [typing(id, user, false), went]);
    world.restart().await;
    let [mut a, mut b, mut c] = tabs(&world, &[asha, bilal, chandra]).await;
    world.chat.tick(NOW).await;
    for (tab, other) in [(&mut a, &bilal), (&mut b, &asha), (&mut c, &asha)] {
        let told = online(other.user());
        assert!(!heard(tab).contains(&told));
        let mut late = world.connect(&tab.actor, Codec::Json);
        let frames = late.hello(&[(id, 1)]).await;
        let of_other = |frame: &ServerFrame| matches!(frame, ServerFrame::Presence { user, .. } if *user == other.user());
        assert!(!frames.iter().any(of_other), "{frames:?}");
        late.close();
    }
    hide(&world, &asha, PrivacyField::Presence, false).await;
    for tab in [&mut b, &mut c] {
        assert_eq!(heard_of(tab, asha.user()), [online(asha.user())]);
    }
    assert_eq!(told(&mut a), (vec![Privacy::default()], true));
    let frames = a.hello(&[(id, 1)]).await;
    assert!(frames.contains(&online(bilal.user())), "{frames:?}");
}

#[tokio::test]
async fn a_block_that_ends_does_not_show_who_hides_it() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.chat.tick(NOW).await;
    hide(&world, &asha, PrivacyField::Presence, true).await;
    for tab in [&mut a, &mut b] {
        tab.pending();
    }
    for blocks in [true, false] {
        let set = world.chat.set_blocked(&bilal, asha.user(), blocks, NOW);
        set.await.unwrap();
    }
    // As the block began, and nothing since.
    assert_eq!(heard(&mut a), [gone(bilal.user())]);
    assert_eq!(heard(&mut b), [gone(asha.user())]);
}
