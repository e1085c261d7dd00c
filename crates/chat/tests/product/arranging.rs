//! Conversations that people arrange for themselves.

use chat::{Actor, ArrangeCommand, Config, Store as _};
use protocol::limits::MUTE_MS;
use protocol::{
    Arrangement, Codec, ConversationId, ErrorCode, Intent, Mute, Preferences, Seq, ServerFrame,
};

use crate::support::{Got, NOW, Tab, World, config, refused};

const FAVOURITE: Arrangement = Arrangement::Favourite(true);

fn command(conversation: ConversationId, change: Arrangement) -> ArrangeCommand {
    ArrangeCommand {
        request: 7,
        conversation,
        change,
    }
}

fn arranged(
    request: Option<u32>,
    conversation: ConversationId,
    preferences: Preferences,
) -> ServerFrame {
    ServerFrame::Arranged {
        request,
        conversation,
        preferences,
    }
}

fn favourite() -> Preferences {
    Preferences {
        favourite: true,
        ..Preferences::default()
    }
}

impl World {
    async fn arrange(
        &self,
        tab: &Tab,
        id: ConversationId,
        change: Arrangement,
    ) -> Result<(), ErrorCode> {
        let command = command(id, change);
        let outcome = self.chat.arrange(&tab.actor, tab.id, command, NOW).await;
        outcome.map_err(|error| error.code())
    }

    async fn stored_preferences(&self, actor: &Actor, id: ConversationId) -> Preferences {
        let members = self.store.members(id).await.unwrap();
        let member = members.iter().find(|it| it.user == actor.user());
        member.unwrap().preferences
    }

    async fn preferences(&self, tab: &Tab, id: ConversationId) -> Preferences {
        let summary = self.chat.conversation(&tab.actor, id).await;
        summary.unwrap().preferences
    }
}

#[tokio::test]
async fn every_device_of_the_account_is_told_and_nobody_else() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let phone = world.sign_in("asha").await;
    let (mut here, mut there) = (world.tab(&asha).await, world.tab(&phone).await);
    let mut other = world.tab(&bilal).await;
    other.pending();
    world.arrange(&here, id, FAVOURITE).await.unwrap();
    let answer = arranged(Some(7), id, favourite());
    assert_eq!(here.pending(), [Got::Frame(answer)]);
    let told = arranged(None, id, favourite());
    assert_eq!(there.pending(), [Got::Frame(told)]);
    assert_eq!(other.pending(), []);
    assert_eq!(world.preferences(&there, id).await, favourite());
    assert_eq!(world.preferences(&other, id).await, Preferences::default());
    // A repetition is answered, and changes nothing.
    world.arrange(&here, id, FAVOURITE).await.unwrap();
    assert_eq!(world.preferences(&here, id).await, favourite());
}

#[tokio::test]
async fn it_is_stored_before_it_is_told_and_survives_a_restart() {
    let mut world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    world.store.fail_arranging(true);
    let failed = world.arrange(&tab, id, FAVOURITE).await;
    assert_eq!(failed, Err(ErrorCode::StorageUnavailable));
    assert_eq!(tab.pending(), [], "nothing is told that is not stored");
    assert_eq!(world.preferences(&tab, id).await, Preferences::default());
    world.store.fail_arranging(false);
    for change in [
        FAVOURITE,
        Arrangement::Mute(Mute::Until(NOW.plus_millis(60_000))),
        Arrangement::Archive(Some(Seq(0))),
        Arrangement::MarkUnread(true),
    ] {
        world.arrange(&tab, id, change).await.unwrap();
    }
    let before = world.preferences(&tab, id).await;
    world.restart().await;
    let tab = world.tab(&asha).await;
    assert_eq!(world.preferences(&tab, id).await, before);
    assert!(before.favourite && before.marked_unread && before.is_muted(NOW));
}

#[tokio::test]
async fn a_write_of_unknown_outcome_is_settled_by_the_next_tick() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    world.store.store_and_fail_arranging(true);
    let failed = world.arrange(&tab, id, FAVOURITE).await;
    assert_eq!(failed, Err(ErrorCode::StorageUnavailable));
    world.store.store_and_fail_arranging(false);
    world.chat.tick(NOW).await;
    let told = arranged(None, id, Preferences::default());
    assert_eq!(tab.pending(), [Got::Frame(told)]);
    let stored = world.stored_preferences(&asha, id).await;
    assert_eq!(stored, Preferences::default());
}

#[tokio::test]
async fn a_device_that_was_away_hears_how_it_is_now() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let phone = world.sign_in("asha").await;
    let here = world.tab(&asha).await;
    world.arrange(&here, id, FAVOURITE).await.unwrap();
    let mut there = world.connect(&phone, Codec::Json);
    // Named, and not named.
    let frames = there.hello(&[(id, 0)]).await;
    assert!(frames.contains(&arranged(None, id, favourite())));
    let frames = there.hello(&[]).await;
    let told = frames.iter().any(|frame| {
        let is_it = |frame: &ServerFrame| match frame {
            ServerFrame::Conversation { summary } => summary.preferences == favourite(),
            _ => false,
        };
        is_it(frame)
    });
    assert!(told, "{frames:?}");
    // What was undone meanwhile is told too.
    let undone = Arrangement::Favourite(false);
    world.arrange(&here, id, undone).await.unwrap();
    let frames = there.hello(&[(id, 0)]).await;
    assert!(frames.contains(&arranged(None, id, Preferences::default())));
}

#[tokio::test]
async fn of_two_devices_at_once_each_field_is_as_the_server_took_it_last() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let phone = world.sign_in("asha").await;
    let (mut here, mut there) = (world.tab(&asha).await, world.tab(&phone).await);
    let always = Arrangement::Mute(Mute::Always);
    for round in 0..20 {
        let on = round % 2 == 0;
        let (one, other) = tokio::join!(
            world.arrange(&here, id, Arrangement::Favourite(on)),
            world.arrange(&there, id, always),
        );
        one.unwrap();
        other.unwrap();
        let (last, also) = (last_told(&mut here), last_told(&mut there));
        assert_eq!(last, also, "both have heard the same last");
        let expected = Preferences {
            favourite: on,
            mute: Mute::Always,
            ..Preferences::default()
        };
        assert_eq!(last, expected);
        assert_eq!(world.stored_preferences(&asha, id).await, expected);
    }
}

fn last_told(tab: &mut Tab) -> Preferences {
    let mut told = tab.pending().into_iter().filter_map(|got| match got {
        Got::Frame(ServerFrame::Arranged { preferences, .. }) => Some(preferences),
        _ => None,
    });
    told.next_back().unwrap()
}

#[tokio::test]
async fn case_12_whoever_is_not_in_it_arranges_nothing_and_learns_nothing() {
    let world = World::new().await;
    let (_, _, id) = world.pair().await;
    let stranger = world.person("chandra").await;
    let mut tab = world.tab(&stranger).await;
    let unknown = ConversationId::from_bytes([7; 16]);
    for id in [id, unknown] {
        let outcome = world.arrange(&tab, id, FAVOURITE).await;
        assert_eq!(outcome, Err(ErrorCode::NotFound));
    }
    assert_eq!(tab.pending(), []);
}

#[tokio::test]
async fn whoever_leaves_and_comes_back_begins_anew() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let id = world.group(&asha, &[&bilal]).await;
    let (mut owner, mut tab) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.arrange(&tab, id, FAVOURITE).await.unwrap();
    tab.does(world.intend(id, Intent::Leave)).await.unwrap();
    let outcome = world.arrange(&tab, id, FAVOURITE).await;
    assert_eq!(outcome, Err(ErrorCode::NotFound));
    let users = vec![bilal.user()];
    let again = world.intend(id, Intent::Add { users });
    owner.does(again).await.unwrap();
    assert_eq!(world.preferences(&tab, id).await, Preferences::default());
    let stored = world.stored_preferences(&bilal, id).await;
    assert_eq!(stored, Preferences::default());
}

#[tokio::test]
async fn case_43_no_end_too_far_away_and_no_place_beyond_the_newest() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    world.write(&mut tab, id, 3).await;
    let far = NOW.plus_millis(MUTE_MS + 1);
    let far = Arrangement::Mute(Mute::Until(far));
    let outcome = world.arrange(&tab, id, far).await;
    assert_eq!(outcome, Err(ErrorCode::Malformed));
    let beyond = Arrangement::Archive(Some(Seq(u64::MAX)));
    world.arrange(&tab, id, beyond).await.unwrap();
    let preferences = world.preferences(&tab, id).await;
    assert_eq!(preferences.archived, Some(Seq(3)));
}

#[tokio::test]
async fn an_account_arranges_so_much_at_once_and_no_more() {
    let limited = Config {
        rate_limits: true,
        ..config()
    };
    let world = World::with(limited).await;
    let (asha, _, id) = world.pair().await;
    let tab = world.tab(&asha).await;
    for _ in 0..200 {
        world.arrange(&tab, id, FAVOURITE).await.unwrap();
    }
    let command = command(id, FAVOURITE);
    let outcome = world.chat.arrange(&asha, tab.id, command, NOW).await;
    refused(outcome, ErrorCode::RateLimited);
    let later = NOW.plus_millis(500);
    let outcome = world.chat.arrange(&asha, tab.id, command, later).await;
    outcome.unwrap();
}
