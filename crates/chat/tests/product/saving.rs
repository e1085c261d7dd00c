//! Messages that people save to look at again.

use chat::{Actor, DismissCommand, SaveCommand, SavedRecord, Store as _};
use protocol::limits::{SAVED_MESSAGES, SAVED_PAGE, SAVED_PER_FRAME};
use protocol::{
    Codec, Content, ConversationId, Dismissal, ErrorCode, Intent, SavedPage, SavedPlace, Seq,
    ServerFrame,
};

use crate::support::{Got, NOW, Tab, World};

fn place(conversation: ConversationId, seq: u64) -> SavedPlace {
    SavedPlace {
        conversation,
        seq: Seq(seq),
    }
}

fn saved(request: Option<u32>, place: SavedPlace, on: bool) -> ServerFrame {
    ServerFrame::Saved { request, place, on }
}

impl World {
    async fn save(&self, tab: &Tab, place: SavedPlace, on: bool) -> Result<(), ErrorCode> {
        let command = SaveCommand {
            asked: Some((tab.id, 7)),
            place,
            on,
        };
        let outcome = self.chat.save(&tab.actor, command, NOW).await;
        outcome.map_err(|error| error.code())
    }

    /// Somebody writes something, or does something else, in a conversation.
    async fn does(&self, actor: &Actor, id: ConversationId, intent: Intent) -> Seq {
        let mut tab = self.tab(actor).await;
        tab.does(self.intend(id, intent)).await.unwrap()
    }

    async fn text(&self, actor: &Actor, id: ConversationId, text: &str) -> Seq {
        let mut tab = self.tab(actor).await;
        tab.does(self.command(id, text)).await.unwrap()
    }

    async fn saved(&self, actor: &Actor) -> SavedPage {
        self.chat.saved(actor, None).await.unwrap()
    }

    async fn deletes_for_oneself(&self, tab: &Tab, place: SavedPlace, dismissal: Dismissal) {
        let command = DismissCommand {
            asked: None,
            place,
            dismissal,
        };
        let dismissed = self.chat.dismiss(&tab.actor, command, NOW).await;
        dismissed.unwrap();
    }

    async fn saved_seqs(&self, actor: &Actor) -> Vec<u64> {
        let page = self.saved(actor).await;
        page.items.iter().map(|saved| saved.seq.0).collect()
    }
}

#[tokio::test]
async fn every_device_of_the_account_is_told_and_nobody_else() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    world.text(&bilal, id, "keep this").await;
    let phone = world.sign_in("asha").await;
    let (mut here, mut there) = (world.tab(&asha).await, world.tab(&phone).await);
    let mut other = world.tab(&bilal).await;
    other.pending();
    let it = place(id, 1);
    for on in [true, true, false] {
        world.save(&here, it, on).await.unwrap();
        assert_eq!(here.pending(), [Got::Frame(saved(Some(7), it, on))]);
        assert_eq!(there.pending(), [Got::Frame(saved(None, it, on))]);
    }
    assert_eq!(other.pending(), []);
    world.save(&here, it, true).await.unwrap();
    assert_eq!(world.saved(&bilal).await, SavedPage::default());
    let page = world.saved(&phone).await;
    let [item] = &page.items[..] else {
        panic!("{page:?}");
    };
    let message = item.message.as_ref().unwrap();
    assert_eq!(message.content.body().unwrap().as_str(), "keep this");
    assert_eq!(item.saved_at, NOW);
}

#[tokio::test]
async fn a_resume_names_all_that_are_saved_whatever_it_missed() {
    let mut world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let many = SAVED_PER_FRAME as u64 + 1;
    for seq in 1..=many {
        let record = SavedRecord {
            user: asha.user(),
            place: place(id, seq),
            saved_at: NOW.plus_millis(seq),
        };
        world.store.saved().save(&record).await.unwrap();
    }
    world.restart().await;
    let mut tab = world.connect(&asha, Codec::Json);
    let mut named = Vec::new();
    let mut frames = 0;
    for frame in tab.hello(&[(id, 0)]).await {
        if let ServerFrame::AllSaved { places } = frame {
            assert!(places.len() <= SAVED_PER_FRAME);
            frames += 1;
            named.extend(places);
        }
    }
    named.sort_unstable();
    let expected: Vec<_> = (1..=many).map(|seq| place(id, seq)).collect();
    assert_eq!((frames, named), (2, expected));
}

#[tokio::test]
async fn only_messages_that_one_may_read_are_saved() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let stranger = world.person("stranger").await;
    world.text(&bilal, id, "one").await;
    let target = Seq(1);
    let emoji = "\u{1f44d}".to_owned();
    let react = Intent::React {
        target,
        emoji,
        on: true,
    };
    world.does(&asha, id, react).await;
    let (asha, stranger) = (world.tab(&asha).await, world.tab(&stranger).await);
    let nothing = [
        place(id, 0),
        place(id, 2),
        place(id, 3),
        place(id, u64::MAX),
    ];
    for it in nothing {
        let refused = world.save(&asha, it, true).await;
        assert_eq!(refused, Err(ErrorCode::NotFound), "{it:?}");
    }
    let refused = world.save(&stranger, place(id, 1), true).await;
    assert_eq!(refused, Err(ErrorCode::NotFound));
    assert_eq!(world.saved(&stranger.actor).await, SavedPage::default());
    world.does(&bilal, id, Intent::Delete { target }).await;
    let refused = world.save(&asha, place(id, 1), true).await;
    assert_eq!(refused, Err(ErrorCode::NotFound), "it is deleted");
}

#[tokio::test]
async fn a_deleted_message_says_so_and_one_of_a_group_that_was_left_says_nothing() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    for text in ["one", "two"] {
        world.text(&bilal, id, text).await;
    }
    let group = world.group(&bilal, &[&asha]).await;
    let in_group = world.text(&bilal, group, "secret").await;
    let tab = world.tab(&asha).await;
    let left = SavedPlace {
        conversation: group,
        seq: in_group,
    };
    for it in [place(id, 1), place(id, 2), left] {
        world.save(&tab, it, true).await.unwrap();
    }
    let target = Seq(1);
    world.does(&bilal, id, Intent::Delete { target }).await;
    world.does(&asha, group, Intent::Leave).await;
    let page = world.saved(&asha).await;
    let contents: Vec<_> = page
        .items
        .iter()
        .map(|saved| saved.message.as_ref().map(|message| &message.content))
        .collect();
    let [None, Some(Content::Text(_)), Some(Content::Deleted)] = contents[..] else {
        panic!("{contents:?}");
    };
    // What cannot be read can be given up.
    world.save(&tab, left, false).await.unwrap();
    world.save(&tab, place(id, 1), false).await.unwrap();
    assert_eq!(world.saved_seqs(&asha).await, [2]);
}

#[tokio::test]
async fn pages_follow_each_other_and_the_one_saved_last_is_first() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let all = SAVED_PAGE as u64 + 2;
    let tab = world.tab(&asha).await;
    for seq in 1..=all {
        world.text(&asha, id, "note").await;
        // All at one moment of the clock.
        world.save(&tab, place(id, seq), true).await.unwrap();
    }
    let first = world.saved(&asha).await;
    assert_eq!(first.items.len(), SAVED_PAGE);
    assert_eq!(first.items[0].seq, Seq(all));
    let rest = world.chat.saved(&asha, first.next).await.unwrap();
    let rest_of: Vec<_> = rest.items.iter().map(|saved| saved.seq.0).collect();
    assert_eq!((rest_of, rest.next), (vec![2, 1], None));
    // A page that ends with the last has none after it.
    for seq in 1..=2 {
        world.save(&tab, place(id, seq), false).await.unwrap();
    }
    assert_eq!(world.saved(&asha).await.next, None);
}

#[tokio::test]
async fn devices_ask_anew_after_a_write_of_unknown_outcome() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    world.text(&bilal, id, "keep this").await;
    let mut tab = world.tab(&asha).await;
    let it = place(id, 1);
    for on in [true, false] {
        world.store.store_and_fail_arranging(true);
        let failed = world.save(&tab, it, on).await;
        assert_eq!(failed, Err(ErrorCode::StorageUnavailable));
        world.store.store_and_fail_arranging(false);
        let is_it = |got: &Got| *got == Got::Frame(ServerFrame::Resync);
        assert!(!tab.pending().iter().any(is_it));
        world.chat.tick(NOW).await;
        assert!(tab.pending().iter().any(is_it));
        let frames = tab.hello(&[]).await;
        let places = vec![it];
        let told = frames.contains(&ServerFrame::AllSaved { places });
        assert_eq!(told, on, "{frames:?}");
        world.chat.tick(NOW).await;
        assert!(!tab.pending().iter().any(is_it), "once is enough");
    }
}

#[tokio::test]
async fn what_is_dismissed_gives_way_where_there_is_no_other_room() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&bilal).await;
    world.write(&mut writer, id, 8).await;
    let mut tab = world.tab(&asha).await;
    for seq in 1..=4 {
        world.save(&tab, place(id, seq), true).await.unwrap();
    }
    // The rest is somewhere that she has left, and stands in her list.
    let left = ConversationId::from_bytes([9; 16]);
    for seq in 5..=SAVED_MESSAGES as u64 {
        let record = SavedRecord {
            user: asha.user(),
            place: place(left, seq),
            saved_at: NOW.plus_millis(seq),
        };
        world.store.saved().save(&record).await.unwrap();
    }
    let count = async || world.store.saved().of(asha.user()).await.unwrap().len();
    let refused = world.save(&tab, place(id, 5), true).await;
    assert_eq!(refused, Err(ErrorCode::TooMany), "all are in sight");
    world
        .deletes_for_oneself(&tab, place(id, 3), Dismissal::This)
        .await;
    tab.pending();
    world.save(&tab, place(id, 5), true).await.unwrap();
    let told = [
        saved(None, place(id, 3), false),
        saved(Some(7), place(id, 5), true),
    ];
    assert_eq!(tab.pending(), told.map(Got::Frame));
    assert_eq!(count().await, SAVED_MESSAGES);
    let refused = world.save(&tab, place(id, 6), true).await;
    assert_eq!(refused, Err(ErrorCode::TooMany));
    // A cleared conversation gives way message by message, the first one first.
    world
        .deletes_for_oneself(&tab, place(id, 5), Dismissal::ThisAndBefore)
        .await;
    for (gone, next) in [(1, 6), (2, 7), (4, 8)] {
        tab.pending();
        world.save(&tab, place(id, next), true).await.unwrap();
        let told = saved(None, place(id, gone), false);
        assert_eq!(tab.pending().first(), Some(&Got::Frame(told)));
    }
    assert_eq!(count().await, SAVED_MESSAGES);
}

#[tokio::test]
async fn a_page_passes_over_what_is_dismissed() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let all = SAVED_PAGE as u64 + 5;
    let mut writer = world.tab(&bilal).await;
    world.write(&mut writer, id, all).await;
    let tab = world.tab(&asha).await;
    for seq in (1..=all).rev() {
        world.save(&tab, place(id, seq), true).await.unwrap();
    }
    let cleared = place(id, SAVED_PAGE as u64 + 1);
    world
        .deletes_for_oneself(&tab, cleared, Dismissal::ThisAndBefore)
        .await;
    let page = world.saved(&asha).await;
    let listed: Vec<_> = page.items.iter().map(|saved| saved.seq.0).collect();
    assert_eq!(listed, Vec::from_iter(all - 3..=all));
    assert_eq!(page.next, None);
}
