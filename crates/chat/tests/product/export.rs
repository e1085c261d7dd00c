//! Taking along everything that is one's own to read, and nothing else.

use chat::{Actor, DraftCommand, FolderCommand, Part, RemindCommand, SaveCommand, ScheduleCommand};
use protocol::{
    Codec, Content, ConversationId, DraftBody, DraftText, ErrorCode, FolderId, FolderName, Intent,
    Message, MessageBody, SavedPlace, Text, Timestamp,
};

use crate::support::{NOW, World, config, refused, text};

/// What was exported of a conversation.
#[derive(Debug, Default)]
struct Taken {
    members: usize,
    messages: Vec<Message>,
    named: usize,
    whole: bool,
}

async fn taken(world: &World, actor: &Actor) -> Vec<(ConversationId, Taken)> {
    let mut export = world.chat.export(actor, NOW).await.unwrap();
    let mut all: Vec<(ConversationId, Taken)> = Vec::new();
    while let Some(part) = export.next().await.unwrap() {
        match part {
            Part::Conversation(summary) => all.push((summary.id, Taken::default())),
            Part::Members(members) => all.last_mut().unwrap().1.members += members.len(),
            Part::Messages { messages, people } => {
                let (_, taken) = all.last_mut().unwrap();
                taken.messages.extend(messages);
                taken.named += people.len();
            }
            Part::End { whole } => all.last_mut().unwrap().1.whole = whole,
        }
    }
    all
}

#[tokio::test]
async fn everything_is_there_in_order_over_many_pages() {
    let world = World::new().await;
    let (asha, bilal, direct) = world.pair().await;
    let notes = world
        .chat
        .open_direct(&asha, asha.user(), NOW)
        .await
        .unwrap();
    let mut tab = world.tab(&bilal).await;
    world.write(&mut tab, direct, 250).await;
    let export = world.chat.export(&asha, NOW).await.unwrap();
    assert_eq!(
        export.about.account.email.as_deref(),
        Some("asha@example.org")
    );
    assert_eq!(export.about.sessions.len(), 1);
    let all = taken(&world, &asha).await;
    assert_eq!(all.len(), 2);
    for (id, taken) in all {
        assert!(taken.whole);
        if id == notes.id {
            assert_eq!((taken.members, taken.messages.len()), (1, 0));
            continue;
        }
        assert_eq!((id, taken.members), (direct, 2));
        let places: Vec<u64> = taken.messages.iter().map(|m| m.seq.0).collect();
        assert_eq!(places, (1..=250).collect::<Vec<_>>());
        assert_eq!(taken.named, 3, "the author, on each page");
    }
}

async fn draft(world: &World, actor: &Actor, conversation: ConversationId) {
    let draft = DraftCommand {
        request: 1,
        conversation,
        draft: Some(DraftText {
            text: DraftBody::parse("haan, ").unwrap(),
            reply_to: None,
        }),
    };
    let here = world.connect(actor, Codec::Binary);
    world.chat.draft(actor, here.id, draft, NOW).await.unwrap();
}

async fn folder(world: &World, actor: &Actor) {
    let folder = FolderCommand {
        request: 1,
        folder: FolderId::from_bytes([7; 16]),
        name: FolderName::parse("Ghar").ok(),
    };
    let here = world.connect(actor, Codec::Binary);
    let outcome = world.chat.set_folder(actor, here.id, folder, NOW).await;
    outcome.unwrap();
}

#[tokio::test]
async fn what_is_kept_beside_the_log_is_there_for_its_owner_alone() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let zara = world.person("zara").await;
    let mut tab = world.tab(&bilal).await;
    let seq = tab.does(world.command(id, "keep this")).await.unwrap();
    let place = SavedPlace {
        conversation: id,
        seq,
    };
    let save = SaveCommand {
        asked: None,
        place,
        on: true,
    };
    world.chat.save(&asha, save, NOW).await.unwrap();
    let remind = RemindCommand {
        asked: None,
        place,
        at: Some(NOW.plus_millis(60_000)),
    };
    world.chat.remind(&asha, remind, NOW).await.unwrap();
    draft(&world, &asha, id).await;
    folder(&world, &asha).await;
    let waits = ScheduleCommand {
        id: world.send_id(),
        conversation: id,
        text: Text {
            body: MessageBody::parse("chai?").unwrap(),
            reply_to: None,
            forwarded: false,
        },
        due: Timestamp::from_millis(NOW.millis() + 60 * 60 * 1_000),
    };
    world.chat.schedule(&asha, waits, NOW).await.unwrap();
    let blocked = world.chat.set_blocked(&asha, zara.user(), true, NOW).await;
    blocked.unwrap();
    let what = protocol::PrivacyField::Reading;
    world
        .chat
        .set_privacy(&asha, what, true, NOW)
        .await
        .unwrap();

    let about = world.chat.export(&asha, NOW).await.unwrap().about;
    assert_eq!(about.blocked.len(), 1);
    assert_eq!(about.blocked[0].id, zara.user());
    assert!(about.privacy.hides(what));
    assert_eq!(about.saved.len(), 1);
    assert_eq!(about.saved[0].place, place);
    assert_eq!(about.reminders.len(), 1);
    assert_eq!(about.reminders[0].place, place);
    assert_eq!(about.drafts.len(), 1);
    assert_eq!(about.drafts[0].draft.text.as_str(), "haan, ");
    let folders: Vec<_> = about.folders.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(folders, ["Ghar"]);
    assert_eq!(about.scheduled.len(), 1);
    let waiting = about.scheduled[0].text.as_ref();
    assert_eq!(waiting.map(|text| text.body.as_str()), Some("chai?"));
    for other in [&bilal, &zara] {
        let about = world.chat.export(other, NOW).await.unwrap().about;
        assert!(about.blocked.is_empty());
        assert!(!about.privacy.hides(what));
        assert!(about.saved.is_empty());
        assert!(about.reminders.is_empty());
        assert!(about.drafts.is_empty());
        assert!(about.folders.is_empty());
        assert!(about.scheduled.is_empty());
    }
}

#[tokio::test]
async fn case_16_nothing_is_exported_that_is_not_theirs_to_read() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let (bilal, zara) = (world.person("bilal").await, world.person("zara").await);
    let group = world.group(&asha, &[&bilal]).await;
    let mut owner = world.tab(&asha).await;
    owner
        .does(world.command(group, "before zara"))
        .await
        .unwrap();
    let users = vec![zara.user()];
    let add = world.intend(group, Intent::Add { users });
    owner.does(add).await.unwrap();
    let gone = owner.does(world.command(group, "a secret")).await.unwrap();
    let delete = world.intend(group, Intent::Delete { target: gone });
    owner.does(delete).await.unwrap();
    owner.does(world.command(group, "for all")).await.unwrap();
    // A conversation that she has no part in.
    let other = world
        .chat
        .open_direct(&asha, bilal.user(), NOW)
        .await
        .unwrap();
    owner
        .does(world.command(other.id, "not for zara"))
        .await
        .unwrap();

    let all = taken(&world, &zara).await;
    let [(id, taken)] = &all[..] else {
        panic!("{all:?}")
    };
    assert_eq!((*id, taken.members, taken.whole), (group, 3, true));
    let said: Vec<&str> = taken
        .messages
        .iter()
        .filter(|m| m.content.body().is_some())
        .map(text)
        .collect();
    assert_eq!(said, ["for all"]);
    assert!(taken.messages.iter().any(|m| m.content == Content::Deleted));

    // Whoever was removed takes nothing of it.
    let remove = Intent::Remove { user: zara.user() };
    owner.does(world.intend(group, remove)).await.unwrap();
    assert!(self::taken(&world, &zara).await.is_empty());
}

#[tokio::test]
async fn what_is_lost_on_the_way_ends_unfinished_and_the_rest_comes() {
    let world = World::new().await;
    let (asha, bilal, direct) = world.pair().await;
    let group = world.group(&asha, &[&bilal]).await;
    let mut tab = world.tab(&asha).await;
    world.write(&mut tab, group, 150).await;
    let mut export = world.chat.export(&bilal, NOW).await.unwrap();
    let mut ends = Vec::new();
    while let Some(part) = export.next().await.unwrap() {
        match part {
            Part::Messages { .. } => {
                let remove = Intent::Remove { user: bilal.user() };
                // After the first page; a second time there is nobody to remove.
                let _ = tab.does(world.intend(group, remove)).await;
            }
            Part::Conversation(summary) => ends.push((summary.id, None)),
            Part::Members(_) => {}
            Part::End { whole } => ends.last_mut().unwrap().1 = Some(whole),
        }
    }
    ends.sort_unstable();
    let mut expected = vec![(direct, Some(true)), (group, Some(false))];
    expected.sort_unstable();
    assert_eq!(ends, expected);
}

#[tokio::test]
async fn case_04_an_export_ends_with_its_session() {
    let world = World::new().await;
    let (asha, _, _) = world.pair().await;
    world
        .chat
        .open_direct(&asha, asha.user(), NOW)
        .await
        .unwrap();
    let mut export = world.chat.export(&asha, NOW).await.unwrap();
    assert!(matches!(
        export.next().await,
        Ok(Some(Part::Conversation(_)))
    ));
    let ended = world.chat.end_session(&asha, asha.session(), NOW).await;
    ended.unwrap();
    let outcome = loop {
        match export.next().await {
            Ok(Some(_)) => {}
            end => break end,
        }
    };
    refused(outcome, ErrorCode::Unauthenticated);
}

#[tokio::test]
async fn case_42_exports_are_limited() {
    let mut config = config();
    config.rate_limits = true;
    let world = World::with(config).await;
    let asha = world.person("asha").await;
    for _ in 0..4 {
        world.chat.export(&asha, NOW).await.unwrap();
    }
    let Err(error) = world.chat.export(&asha, NOW).await else {
        panic!("a fifth export at once")
    };
    assert_eq!(error.code(), ErrorCode::RateLimited);
    let later = Timestamp::from_millis(NOW.millis() + 15 * 60_000);
    world.chat.export(&asha, later).await.unwrap();
}
