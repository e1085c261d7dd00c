//! What people have begun to write, on all of their devices.

use std::time::Duration;

use chat::{Actor, DraftCommand, DraftRecord, Store as _};
use protocol::limits::DRAFTS;
use protocol::{
    Codec, ConversationId, DraftBody, DraftText, ErrorCode, Intent, Seq, ServerFrame, Timestamp,
};
use tokio::time::timeout;

use crate::support::{Got, NOW, Tab, World};

fn words(text: &str) -> Option<DraftText> {
    let text = DraftBody::parse(text).ok()?;
    Some(DraftText {
        text,
        reply_to: Some(Seq(1)),
    })
}

fn told(conversation: ConversationId, text: &str) -> Got {
    let draft = words(text);
    Got::Frame(ServerFrame::Draft {
        conversation,
        draft,
    })
}

const KEPT: Got = Got::Frame(ServerFrame::DraftKept { request: 7 });

impl World {
    async fn draft(&self, tab: &Tab, id: ConversationId, text: &str) -> Result<(), ErrorCode> {
        let command = DraftCommand {
            request: 7,
            conversation: id,
            draft: words(text),
        };
        let outcome = self.chat.draft(&tab.actor, tab.id, command, NOW).await;
        outcome.map_err(|error| error.code())
    }

    async fn drafts(&self, actor: &Actor) -> Vec<(ConversationId, String)> {
        let drafts = self.chat.drafts(actor).await.unwrap().into_iter();
        drafts
            .map(|kept| (kept.conversation, kept.draft.text.into()))
            .collect()
    }

    async fn places(&self, actor: &Actor) -> usize {
        let places = self.store.drafts().places(actor.user()).await;
        places.unwrap().len()
    }

    /// Waits until so many are left of what somebody has begun to write.
    async fn forgotten_but(&self, actor: &Actor, left: usize) {
        let forgotten = async {
            while self.places(actor).await > left {
                tokio::task::yield_now().await;
            }
        };
        // Only a test that fails waits for so long.
        timeout(Duration::from_secs(30), forgotten).await.unwrap();
    }

    /// Makes a draft one that nobody can open.
    async fn damage_draft(&self, actor: &Actor, id: ConversationId) -> DraftRecord {
        let drafts = self.store.drafts();
        let mut damaged = drafts.one(actor.user(), id).await.unwrap().unwrap();
        damaged.sealed = damaged.sealed[1..].to_vec().into();
        drafts.put(&damaged).await.unwrap();
        damaged
    }
}

/// The drafts among what a resume tells.
async fn named(world: &World, actor: &Actor) -> Vec<(ConversationId, String)> {
    let frames = world.connect(actor, Codec::Binary).hello(&[]).await;
    let drafts = frames.into_iter().filter_map(|frame| match frame {
        ServerFrame::Draft {
            conversation,
            draft,
        } => Some((conversation, draft.unwrap().text.into())),
        _ => None,
    });
    let mut drafts: Vec<_> = drafts.collect();
    drafts.sort();
    drafts
}

#[tokio::test]
async fn the_other_devices_of_the_account_are_told_and_nobody_else() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let phone = world.sign_in("asha").await;
    let (mut here, mut there) = (world.tab(&asha).await, world.tab(&phone).await);
    let mut other = world.tab(&bilal).await;
    other.pending();
    for text in ["haan", "haan, kal ", "haan, kal ", ""] {
        world.draft(&here, id, text).await.unwrap();
        assert_eq!(here.pending(), [KEPT]);
        assert_eq!(there.pending(), [told(id, text)]);
    }
    assert_eq!(world.places(&asha).await, 0);
    assert_eq!(other.pending(), []);
    // Of two, the one counts that is taken last.
    world.draft(&here, id, "mine").await.unwrap();
    world.draft(&there, id, "theirs").await.unwrap();
    assert_eq!(here.pending(), [KEPT, told(id, "theirs")]);
    assert_eq!(world.drafts(&asha).await, [(id, "theirs".to_owned())]);
    assert_eq!(world.drafts(&bilal).await, []);
}

#[tokio::test]
async fn a_resume_names_them_all() {
    let world = World::new().await;
    let (asha, bilal, direct) = world.pair().await;
    let group = world.group(&asha, &[&bilal]).await;
    let here = world.tab(&asha).await;
    for (id, text) in [(direct, "haan"), (group, "kal")] {
        world.draft(&here, id, text).await.unwrap();
    }
    let mut expected = [(direct, "haan".to_owned()), (group, "kal".to_owned())];
    expected.sort();
    assert_eq!(named(&world, &asha).await, expected);
    assert_eq!(named(&world, &bilal).await, []);
}

#[tokio::test]
async fn it_belongs_to_a_membership() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let group = world.group(&asha, &[&bilal]).await;
    let there = world.tab(&bilal).await;
    world.draft(&there, group, "secret").await.unwrap();
    let mut owner = world.tab(&asha).await;
    let user = bilal.user();
    let gone = world.intend(group, Intent::Remove { user });
    owner.does(gone).await.unwrap();
    let outcome = world.draft(&there, group, "secret").await;
    assert_eq!(outcome, Err(ErrorCode::NotFound));
    assert_eq!(world.drafts(&bilal).await, []);
    assert_eq!(world.places(&bilal).await, 0, "nothing is left of it");
    // One that was being written while they left, and came back.
    let earlier = DraftRecord {
        user: bilal.user(),
        conversation: group,
        joined_at: Timestamp::from_millis(1),
        changed_at: NOW,
        sealed: b"\x01sealed".as_slice().into(),
    };
    world.store.drafts().put(&earlier).await.unwrap();
    let users = vec![user];
    let back = world.intend(group, Intent::Add { users });
    owner.does(back).await.unwrap();
    assert_eq!(world.places(&bilal).await, 1);
    assert_eq!(world.drafts(&bilal).await, []);
    assert_eq!(world.places(&bilal).await, 0);
}

#[tokio::test]
async fn it_goes_when_the_membership_ends_also_where_nobody_is_left() {
    let world = World::new().await;
    let (asha, bilal, direct) = world.pair().await;
    let group = world.group(&asha, &[&bilal]).await;
    let (mut hers, his) = (world.tab(&asha).await, world.tab(&bilal).await);
    for tab in [&hers, &his] {
        world.draft(tab, group, "haan").await.unwrap();
    }
    world.draft(&his, direct, "kal").await.unwrap();
    let user = bilal.user();
    let remove = world.intend(group, Intent::Remove { user });
    hers.does(remove).await.unwrap();
    world.forgotten_but(&bilal, 1).await;
    assert_eq!(world.places(&asha).await, 1);
    hers.does(world.intend(group, Intent::Leave)).await.unwrap();
    world.forgotten_but(&asha, 0).await;
    // What he has elsewhere stays.
    assert_eq!(world.drafts(&bilal).await, [(direct, "kal".to_owned())]);
}

#[tokio::test]
async fn what_cannot_be_read_is_not_forgotten_and_keeps_nobody_out() {
    let mut world = World::new().await;
    let (asha, bilal, direct) = world.pair().await;
    let group = world.group(&asha, &[&bilal]).await;
    let here = world.tab(&asha).await;
    for (id, text) in [(direct, "haan"), (group, "kal")] {
        world.draft(&here, id, text).await.unwrap();
    }
    let unavailable = async |world: &World| {
        let frames = world.connect(&asha, Codec::Binary).hello(&[]).await;
        let named = frames.into_iter().filter_map(|frame| match frame {
            ServerFrame::DraftUnavailable { conversation } => Some(conversation),
            _ => None,
        });
        named.collect::<Vec<_>>()
    };
    assert_eq!(unavailable(&world).await, []);
    // Its row, then its conversation, then what was sealed.
    world.store.spoil_draft(Some(direct));
    assert_eq!(unavailable(&world).await, [direct]);
    world.store.spoil_draft(None);
    world.store.spoil(direct);
    world.restart().await;
    assert_eq!(unavailable(&world).await, [direct]);
    assert_eq!(world.places(&asha).await, 2);
    world.store.spoil(ConversationId::from_bytes([0; 16]));
    let expected = [(direct, "haan".to_owned()), (group, "kal".to_owned())];
    let mut named = named(&world, &asha).await;
    named.sort_by_key(|(id, _)| *id != direct);
    assert_eq!(named, expected, "it is there again");
    let damaged = world.damage_draft(&asha, direct).await;
    assert_eq!(unavailable(&world).await, [direct]);
    assert_eq!(world.drafts(&asha).await, [(group, "kal".to_owned())]);
    let kept = world.store.drafts().one(asha.user(), direct).await.unwrap();
    assert_eq!(kept, Some(damaged));
    let here = world.tab(&asha).await;
    world.draft(&here, direct, "haan, kal").await.unwrap();
    assert_eq!(unavailable(&world).await, []);
}

#[tokio::test]
async fn beyond_the_limit_none_is_taken_and_none_is_lost() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    for number in (0..).take(DRAFTS) {
        let other = DraftRecord {
            user: asha.user(),
            conversation: ConversationId::from_bytes([number; 16]),
            joined_at: NOW,
            changed_at: NOW,
            sealed: b"\x01".as_slice().into(),
        };
        world.store.drafts().put(&other).await.unwrap();
    }
    let here = world.connect(&asha, Codec::Binary);
    let outcome = world.draft(&here, id, "one more").await;
    assert_eq!(outcome, Err(ErrorCode::TooMany));
    assert_eq!(world.places(&asha).await, DRAFTS);
}

#[tokio::test]
async fn devices_ask_anew_after_a_write_of_unknown_outcome() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    for (text, expected) in [("haan", vec![(id, "haan".to_owned())]), ("", Vec::new())] {
        world.store.store_and_fail_arranging(true);
        let failed = world.draft(&tab, id, text).await;
        assert_eq!(failed, Err(ErrorCode::StorageUnavailable));
        world.store.store_and_fail_arranging(false);
        world.chat.tick(NOW).await;
        let asks = Got::Frame(ServerFrame::Resync);
        assert!(tab.pending().contains(&asks));
        tab.hello(&[]).await;
        assert_eq!(named(&world, &asha).await, expected);
    }
}
