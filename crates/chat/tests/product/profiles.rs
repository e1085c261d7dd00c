//! What people say of themselves, and how they are there for others.

use chat::{Actor, Store};
use protocol::{
    About, Availability, Codec, CustomStatus, Emoji, ErrorCode, OwnProfile, Presence, PrivacyField,
    ServerFrame, StatusText, Timestamp, UserId,
};

use crate::blocks::{heard_of, online};
use crate::closing::{delete, settled};
use crate::support::{Got, NOW, Tab, World, refused};

const HOUR_MS: u64 = 3_600_000;

fn after(ms: u64) -> Timestamp {
    NOW.plus_millis(ms)
}

fn status(text: &str, until: Option<Timestamp>) -> CustomStatus {
    let emoji = Emoji::parse("🚌").unwrap();
    let text = StatusText::parse(text).unwrap();
    CustomStatus::new(Some(emoji), Some(text), until).unwrap()
}

async fn says(world: &World, actor: &Actor, status: Option<CustomStatus>) {
    let set = world.chat.set_status(actor, status, NOW);
    set.await.unwrap();
}

async fn is_there(world: &World, actor: &Actor, availability: Availability) {
    let set = world.chat.set_availability(actor, availability, NOW);
    set.await.unwrap();
}

/// What a connection was told that somebody says.
fn told(tab: &mut Tab, of: UserId) -> Vec<Option<CustomStatus>> {
    let frames = tab.pending().into_iter().filter_map(|got| match got {
        Got::Frame(ServerFrame::Status { user, status }) if user == of => Some(status),
        _ => None,
    });
    frames.collect()
}

/// What somebody who comes is told that another says.
async fn resumed(world: &World, actor: &Actor, of: UserId) -> Vec<Option<CustomStatus>> {
    let mut tab = world.connect(actor, Codec::Binary);
    let frames = tab.hello(&[]).await;
    tab.close();
    let frames = frames.into_iter().filter_map(|frame| match frame {
        ServerFrame::Status { user, status } if user == of => Some(status),
        _ => None,
    });
    frames.collect()
}

fn presence(user: UserId, presence: Presence) -> ServerFrame {
    ServerFrame::Presence { user, presence }
}

#[tokio::test]
async fn a_status_is_told_to_those_who_share_a_conversation_and_is_over_by_itself() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let stranger = world.person("chandra").await;
    let (mut hers, mut his) = (world.tab(&asha).await, world.tab(&bilal).await);
    let mut outside = world.tab(&stranger).await;
    let until = after(HOUR_MS);
    let said = status("on the way", Some(until));
    says(&world, &asha, Some(said.clone())).await;
    for tab in [&mut hers, &mut his] {
        assert_eq!(told(tab, asha.user()), [Some(said.clone())]);
    }
    assert_eq!(told(&mut outside, asha.user()), []);
    says(&world, &asha, Some(said.clone())).await;
    assert_eq!(told(&mut his, asha.user()), [], "nothing is different");
    for next in [None, Some(said.clone())] {
        says(&world, &asha, next.clone()).await;
        assert_eq!(told(&mut his, asha.user()), [next]);
    }

    hers.close();
    for actor in [&bilal, &asha] {
        let told = resumed(&world, actor, asha.user()).await;
        assert_eq!(told, [Some(said.clone())], "also while she is away");
    }
    assert_eq!(resumed(&world, &stranger, asha.user()).await, []);

    world.chat.tick(until).await;
    let profile = world.chat.profile(&bilal, asha.user(), until).await;
    assert_eq!(profile.unwrap().status, None);
    let own = world.chat.own_profile(&asha, until).await.unwrap();
    assert_eq!(own, OwnProfile::default());
}

#[tokio::test]
async fn whoever_is_kept_apart_sees_nothing_of_it_until_the_block_ends() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let (mut hers, mut his) = (world.tab(&asha).await, world.tab(&bilal).await);
    let said = status("on the way", None);
    let about = About::parse("chai and cricket").unwrap();
    let set = world.chat.set_about(&asha, Some(about.clone()), NOW);
    set.await.unwrap();
    says(&world, &asha, Some(said.clone())).await;
    told(&mut his, asha.user());
    let chat = &world.chat;
    chat.set_blocked(&bilal, asha.user(), true, NOW)
        .await
        .unwrap();
    assert_eq!(told(&mut his, asha.user()), [None]);
    assert_eq!(resumed(&world, &bilal, asha.user()).await, []);
    let profile = chat.profile(&bilal, asha.user(), NOW).await.unwrap();
    assert_eq!((profile.about, profile.status), (None, None));
    let other = status("at home", None);
    says(&world, &asha, Some(other.clone())).await;
    assert_eq!(told(&mut his, asha.user()), []);
    assert_eq!(
        told(&mut hers, asha.user()).last(),
        Some(&Some(other.clone()))
    );

    chat.set_blocked(&bilal, asha.user(), false, NOW)
        .await
        .unwrap();
    assert_eq!(told(&mut his, asha.user()), [Some(other.clone())]);
    let profile = chat.profile(&bilal, asha.user(), NOW).await.unwrap();
    assert_eq!((profile.about, profile.status), (Some(about), Some(other)));
}

#[tokio::test]
async fn whoever_comes_into_a_group_learns_what_is_said_there() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let said = status("on the way", None);
    says(&world, &asha, Some(said.clone())).await;
    let (mut hers, mut his) = (world.tab(&asha).await, world.tab(&bilal).await);
    assert_eq!(told(&mut hers, asha.user()), [], "it came with the hello");
    world.group(&asha, &[&bilal]).await;
    his.next_summary().await;
    world.chat.tick(NOW).await;
    assert_eq!(told(&mut his, asha.user()), [Some(said)]);
}

#[tokio::test]
async fn what_is_said_is_sealed_and_survives_a_restart() {
    let mut world = World::new().await;
    let asha = world.person("asha").await;
    let about = About::parse("chai and cricket").unwrap();
    let set = world.chat.set_about(&asha, Some(about.clone()), NOW);
    set.await.unwrap();
    is_there(&world, &asha, Availability::Invisible).await;
    let stored = world.store.profiles().of(&[asha.user()]).await.unwrap();
    let [(_, sealed)] = &stored[..] else {
        panic!("{stored:?}")
    };
    assert!(!sealed.windows(4).any(|part| part == b"chai"));
    world.restart().await;
    let expected = OwnProfile {
        about: Some(about),
        status: None,
        availability: Availability::Invisible,
    };
    let own = world.chat.own_profile(&asha, NOW).await.unwrap();
    assert_eq!(own, expected);
    let mut tab = world.connect(&asha, Codec::Json);
    let availability = Availability::Invisible;
    let frames = tab.hello(&[]).await;
    assert!(frames.contains(&ServerFrame::Availability { availability }));
}

#[tokio::test]
async fn what_cannot_be_opened_says_nothing_and_is_not_written_over() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let about = About::parse("chai and cricket").unwrap();
    let set = world.chat.set_about(&asha, Some(about.clone()), NOW);
    set.await.unwrap();
    let profiles = world.store.profiles();
    let stored = profiles.of(&[asha.user()]).await.unwrap();
    let (user, sealed) = stored[0].clone();
    // A part of it, and what a store has that cannot read its row.
    for damaged in [&sealed[1..], &[]] {
        profiles.set(user, damaged).await.unwrap();
        let own = world.chat.own_profile(&asha, NOW).await.unwrap();
        assert_eq!(own, OwnProfile::default());
        let said = Some(status("on the way", None));
        let outcomes = [
            world.chat.set_status(&asha, said, NOW).await,
            world.chat.set_about(&asha, None, NOW).await,
            world
                .chat
                .set_availability(&asha, Availability::Invisible, NOW)
                .await,
        ];
        for outcome in outcomes {
            refused(outcome, ErrorCode::Internal);
        }
        let kept = profiles.of(&[user]).await.unwrap();
        assert_eq!(kept, [(user, damaged.to_vec())]);
    }
    // As soon as it can be opened again it is as it was.
    profiles.set(user, &sealed).await.unwrap();
    is_there(&world, &asha, Availability::Invisible).await;
    let own = world.chat.own_profile(&asha, NOW).await.unwrap();
    assert_eq!(own.about, Some(about));
}

#[tokio::test]
async fn not_to_be_disturbed_is_seen_until_it_ends_and_on_all_devices() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let mut watcher = world.tab(&bilal).await;
    let (mut first, mut second) = (world.tab(&asha).await, world.tab(&asha).await);
    world.chat.tick(NOW).await;
    assert_eq!(heard_of(&mut watcher, asha.user()), [online(asha.user())]);
    let until = Some(after(HOUR_MS));
    let busy = Availability::Busy { until };
    is_there(&world, &asha, busy).await;
    let chosen = Got::Frame(ServerFrame::Availability { availability: busy });
    for tab in [&mut first, &mut second] {
        assert!(tab.pending().contains(&chosen));
    }
    world.chat.tick(after(1_000)).await;
    let shown = presence(asha.user(), Presence::Busy);
    assert_eq!(
        heard_of(&mut watcher, asha.user()),
        std::slice::from_ref(&shown)
    );
    let mut newcomer = world.connect(&bilal, Codec::Binary);
    assert!(newcomer.hello(&[]).await.contains(&shown));
    world.chat.tick(after(HOUR_MS)).await;
    assert_eq!(heard_of(&mut watcher, asha.user()), [online(asha.user())]);
}

#[tokio::test]
async fn an_account_is_away_when_nobody_is_at_any_of_its_devices() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let mut watcher = world.tab(&bilal).await;
    let (phone, desk) = (world.tab(&asha).await, world.tab(&asha).await);
    world.chat.tick(NOW).await;
    heard_of(&mut watcher, asha.user());
    world.chat.active(&asha, phone.id, false);
    world.chat.tick(after(10_000)).await;
    assert_eq!(heard_of(&mut watcher, asha.user()), []);
    // Somebody else's connection is not theirs to speak of.
    world.chat.active(&bilal, desk.id, false);
    world.chat.tick(after(20_000)).await;
    assert_eq!(heard_of(&mut watcher, asha.user()), []);
    // The one that is in use is closed.
    desk.close();
    world.chat.tick(after(30_000)).await;
    let away = presence(asha.user(), Presence::Away);
    assert_eq!(heard_of(&mut watcher, asha.user()), [away]);
    world.chat.active(&asha, phone.id, true);
    world.chat.tick(after(40_000)).await;
    assert_eq!(heard_of(&mut watcher, asha.user()), [online(asha.user())]);
}

#[tokio::test]
async fn whoever_is_invisible_has_left_for_the_others_and_sees_them_still() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut watcher = world.tab(&bilal).await;
    let mut hers = world.tab(&asha).await;
    world.chat.tick(NOW).await;
    assert!(heard_of(&mut hers, bilal.user()).contains(&online(bilal.user())));
    heard_of(&mut watcher, asha.user());
    is_there(&world, &asha, Availability::Invisible).await;
    world.chat.typing(&asha, id, true, after(1_000));
    world.chat.tick(after(1_000)).await;
    assert_eq!(heard_of(&mut watcher, asha.user()), []);
    world.chat.tick(after(10_000)).await;
    let gone = Presence::Offline { since: Some(NOW) };
    assert_eq!(
        heard_of(&mut watcher, asha.user()),
        [presence(asha.user(), gone)]
    );

    // Nothing moves while she comes and goes, writes and reads.
    hers.close();
    world.chat.tick(after(HOUR_MS)).await;
    let mut hers = world.connect(&asha, Codec::Binary);
    let frames = hers.hello(&[]).await;
    assert!(frames.contains(&online(bilal.user())), "she sees him");
    world.chat.typing(&asha, id, true, after(HOUR_MS + 1_000));
    world.chat.tick(after(2 * HOUR_MS)).await;
    assert_eq!(heard_of(&mut watcher, asha.user()), []);
    let mut newcomer = world.connect(&bilal, Codec::Binary);
    let frames = newcomer.hello(&[]).await;
    let of_her = |frame: &ServerFrame| matches!(frame, ServerFrame::Presence { user, .. } if *user == asha.user());
    assert!(!frames.iter().any(of_her));

    is_there(&world, &asha, Availability::Automatic).await;
    world.chat.tick(after(2 * HOUR_MS + 1_000)).await;
    assert_eq!(heard_of(&mut watcher, asha.user()), [online(asha.user())]);
}

#[tokio::test]
async fn whoever_hides_their_presence_is_not_betrayed_by_being_invisible() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let mut watcher = world.tab(&bilal).await;
    let _hers = world.tab(&asha).await;
    world.chat.tick(NOW).await;
    let hide = world
        .chat
        .set_privacy(&asha, PrivacyField::Presence, true, NOW);
    hide.await.unwrap();
    heard_of(&mut watcher, asha.user());
    for availability in [Availability::Invisible, Availability::Automatic] {
        is_there(&world, &asha, availability).await;
        world.chat.tick(after(HOUR_MS)).await;
        assert_eq!(heard_of(&mut watcher, asha.user()), []);
    }
}

#[tokio::test]
async fn a_deleted_account_says_nothing_and_an_unknown_one_is_not_there() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    says(&world, &bilal, Some(status("on the way", None))).await;
    let nobody = UserId::from_bytes([7; 16]);
    let profile = world.chat.profile(&asha, nobody, NOW).await;
    refused(profile, ErrorCode::NotFound);
    delete(&world, &bilal).await;
    let profile = world.chat.profile(&asha, bilal.user(), NOW).await.unwrap();
    assert!(profile.person.is_gone());
    assert_eq!(profile.status, None);
    settled(&world).await;
    let kept = world.store.profiles().of(&[bilal.user()]).await.unwrap();
    assert_eq!(kept, []);
}

#[tokio::test]
async fn what_was_stored_with_an_unknown_outcome_is_told_with_the_next_tick() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let (mut hers, mut his) = (world.tab(&asha).await, world.tab(&bilal).await);
    let said = status("on the way", None);
    world.store.store_and_fail_arranging(true);
    let failed = world.chat.set_status(&asha, Some(said.clone()), NOW).await;
    assert!(failed.is_err());
    world.store.store_and_fail_arranging(false);
    // It is so already.
    says(&world, &asha, Some(said.clone())).await;
    world.chat.tick(NOW).await;
    for tab in [&mut hers, &mut his] {
        assert_eq!(told(tab, asha.user()), [Some(said.clone())]);
    }
    world.chat.tick(NOW).await;
    assert_eq!(told(&mut his, asha.user()), [], "once is enough");
}

#[tokio::test]
async fn the_status_of_a_deleted_account_is_told_away() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let (mut hers, _his) = (world.tab(&asha).await, world.tab(&bilal).await);
    let said = status("on the way", None);
    says(&world, &bilal, Some(said.clone())).await;
    assert_eq!(told(&mut hers, bilal.user()), [Some(said)]);
    delete(&world, &bilal).await;
    settled(&world).await;
    assert_eq!(told(&mut hers, bilal.user()), [None]);
    assert_eq!(resumed(&world, &asha, bilal.user()).await, []);
}
