//! Folders in which people keep conversations together, on all of their devices.

use chat::{Actor, ArrangeCommand, Config, FolderCommand, FolderRecord, Store as _};
use protocol::limits::FOLDERS;
use protocol::{
    Arrangement, Codec, ConversationId, ErrorCode, Folder, FolderId, FolderName, ServerFrame,
};

use crate::support::{Got, NOW, Tab, World, config};

fn id(number: u8) -> FolderId {
    FolderId::from_bytes([number; 16])
}

fn name(text: &str) -> Option<FolderName> {
    FolderName::parse(text).ok()
}

fn folder(number: u8, text: &str) -> Folder {
    Folder {
        id: id(number),
        name: name(text).unwrap(),
    }
}

fn told(request: Option<u32>, number: u8, text: &str) -> Got {
    Got::Frame(ServerFrame::Folder {
        request,
        folder: id(number),
        name: name(text),
    })
}

impl World {
    async fn call_folder(&self, tab: &Tab, number: u8, text: &str) -> Result<(), ErrorCode> {
        let command = FolderCommand {
            request: 7,
            folder: id(number),
            name: name(text),
        };
        let outcome = self.chat.set_folder(&tab.actor, tab.id, command, NOW).await;
        outcome.map_err(|error| error.code())
    }

    async fn put_into(&self, tab: &Tab, conversation: ConversationId, folder: Option<FolderId>) {
        let command = ArrangeCommand {
            request: 8,
            conversation,
            change: Arrangement::Folder(folder),
        };
        let outcome = self.chat.arrange(&tab.actor, tab.id, command, NOW).await;
        outcome.unwrap();
    }

    async fn folder_of(&self, actor: &Actor, conversation: ConversationId) -> Option<FolderId> {
        let summary = self.chat.conversation(actor, conversation).await;
        summary.unwrap().preferences.folder
    }
}

/// The folders that a resume names.
async fn named(world: &World, actor: &Actor) -> Vec<Folder> {
    let frames = world.connect(actor, Codec::Json).hello(&[]).await;
    let named = frames.into_iter().filter_map(|frame| match frame {
        ServerFrame::Folders { folders } => Some(folders),
        _ => None,
    });
    let named: Vec<_> = named.collect();
    assert!(named.len() <= 1, "one frame at most");
    named.concat()
}

#[tokio::test]
async fn every_device_of_the_account_is_told_and_nobody_else() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let phone = world.sign_in("asha").await;
    let (mut here, mut there) = (world.tab(&asha).await, world.tab(&phone).await);
    let mut other = world.tab(&bilal).await;
    other.pending();
    for text in ["Ghar", "Parivaar", "Parivaar", "", ""] {
        world.call_folder(&here, 1, text).await.unwrap();
        assert_eq!(here.pending(), [told(Some(7), 1, text)]);
        assert_eq!(there.pending(), [told(None, 1, text)]);
    }
    assert_eq!(other.pending(), []);
    // Of two, the one counts that is taken last.
    world.call_folder(&here, 1, "mine").await.unwrap();
    world.call_folder(&there, 1, "theirs").await.unwrap();
    let folders = world.chat.folders(&asha).await.unwrap();
    assert_eq!(folders, [folder(1, "theirs")]);
    assert_eq!(world.chat.folders(&bilal).await.unwrap(), []);
}

#[tokio::test]
async fn a_resume_names_them_all_also_after_a_restart() {
    let mut world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    assert_eq!(named(&world, &asha).await, []);
    let here = world.tab(&asha).await;
    for (number, text) in [(2, "Kaam"), (1, "Ghar")] {
        world.call_folder(&here, number, text).await.unwrap();
    }
    world.restart().await;
    let mut all = named(&world, &asha).await;
    all.sort_by_key(|folder| folder.id);
    assert_eq!(all, [folder(1, "Ghar"), folder(2, "Kaam")]);
    assert_eq!(named(&world, &bilal).await, []);
}

#[tokio::test]
async fn a_conversation_is_in_one_folder_and_stays_when_that_is_deleted() {
    let world = World::new().await;
    let (asha, bilal, direct) = world.pair().await;
    let here = world.tab(&asha).await;
    for (number, text) in [(1, "Ghar"), (2, "Kaam")] {
        world.call_folder(&here, number, text).await.unwrap();
        world.put_into(&here, direct, Some(id(number))).await;
        assert_eq!(world.folder_of(&asha, direct).await, Some(id(number)));
    }
    assert_eq!(world.folder_of(&bilal, direct).await, None);
    world.call_folder(&here, 2, "").await.unwrap();
    assert_eq!(world.folder_of(&asha, direct).await, Some(id(2)));
    let folders = world.chat.folders(&asha).await.unwrap();
    assert_eq!(folders, [folder(1, "Ghar")]);
    world.put_into(&here, direct, None).await;
    assert_eq!(world.folder_of(&asha, direct).await, None);
}

#[tokio::test]
async fn beyond_the_limit_none_is_made_and_none_is_lost() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let mut here = world.tab(&asha).await;
    for number in (0..).take(FOLDERS) {
        world.call_folder(&here, number, "Ghar").await.unwrap();
    }
    here.pending();
    let outcome = world.call_folder(&here, 200, "one more").await;
    assert_eq!(outcome, Err(ErrorCode::TooMany));
    assert_eq!(here.pending(), [], "whoever asked hears it otherwise");
    world.call_folder(&here, 3, "another name").await.unwrap();
    world.call_folder(&here, 4, "").await.unwrap();
    world.call_folder(&here, 200, "one more").await.unwrap();
    let folders = world.chat.folders(&asha).await.unwrap();
    assert_eq!(folders.len(), FOLDERS);
}

#[tokio::test]
async fn a_name_is_sealed_and_opens_in_its_own_place_only() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let here = world.tab(&asha).await;
    world.call_folder(&here, 1, "Ghar").await.unwrap();
    let stored = world.store.folders().of(asha.user()).await.unwrap();
    let sealed = stored[0].sealed.clone();
    assert!(!sealed.windows(4).any(|part| part == b"Ghar"));
    for (actor, number) in [(&bilal, 1), (&asha, 2)] {
        let moved = FolderRecord {
            user: actor.user(),
            id: id(number),
            sealed: sealed.clone(),
        };
        world.store.folders().put(&moved).await.unwrap();
    }
    assert_eq!(named(&world, &bilal).await, []);
    let folders = world.chat.folders(&asha).await.unwrap();
    assert_eq!(folders, [folder(1, "Ghar")]);
}

#[tokio::test]
async fn an_account_changes_so_many_at_once_and_no_more() {
    let limited = Config {
        rate_limits: true,
        ..config()
    };
    let world = World::with(limited).await;
    let asha = world.person("asha").await;
    let here = world.tab(&asha).await;
    for _ in 0..200 {
        world.call_folder(&here, 1, "Ghar").await.unwrap();
    }
    let outcome = world.call_folder(&here, 1, "Ghar").await;
    assert_eq!(outcome, Err(ErrorCode::RateLimited));
}

#[tokio::test]
async fn devices_ask_anew_after_a_write_of_unknown_outcome() {
    let world = World::new().await;
    let (asha, ..) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    for (text, expected) in [("Ghar", vec![folder(1, "Ghar")]), ("", Vec::new())] {
        world.store.store_and_fail_arranging(true);
        let failed = world.call_folder(&tab, 1, text).await;
        assert_eq!(failed, Err(ErrorCode::StorageUnavailable));
        world.store.store_and_fail_arranging(false);
        world.chat.tick(NOW).await;
        let asks = Got::Frame(ServerFrame::Resync);
        assert!(tab.pending().contains(&asks));
        tab.hello(&[]).await;
        assert_eq!(named(&world, &asha).await, expected);
    }
}
