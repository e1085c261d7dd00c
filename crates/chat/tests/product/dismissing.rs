//! What members delete for themselves alone.

use chat::{Actor, DismissCommand, Part, RemindCommand, SaveCommand};
use protocol::limits::DISMISSED_RUNS;
use protocol::{
    Codec, Content, ConversationId, Dismissal, Dismissed, ErrorCode, Message, SavedPlace,
    SearchQuery, Seq, ServerFrame, Thread,
};

use crate::changes::{delete, edit, pin, reply};
use crate::support::{Got, NOW, Tab, World};

const THIS: Dismissal = Dismissal::This;
const SHOW: Dismissal = Dismissal::Show;
const CLEAR: Dismissal = Dismissal::ThisAndBefore;

fn place(conversation: ConversationId, seq: u64) -> SavedPlace {
    SavedPlace {
        conversation,
        seq: Seq(seq),
    }
}

fn dismissed(steps: &[(u64, Dismissal)]) -> Dismissed {
    let mut dismissed = Dismissed::default();
    for (seq, dismissal) in steps {
        dismissed.apply(Seq(*seq), *dismissal).unwrap();
    }
    dismissed
}

fn frame(id: ConversationId, request: Option<u32>, steps: &[(u64, Dismissal)]) -> ServerFrame {
    ServerFrame::Dismissed {
        request,
        conversation: id,
        dismissed: dismissed(steps),
    }
}

impl World {
    async fn dismiss(
        &self,
        tab: &Tab,
        place: SavedPlace,
        dismissal: Dismissal,
    ) -> Result<(), ErrorCode> {
        let command = DismissCommand {
            asked: Some((tab.id, 7)),
            place,
            dismissal,
        };
        let outcome = self.chat.dismiss(&tab.actor, command, NOW).await;
        outcome.map_err(|error| error.code())
    }

    async fn history_of(&self, who: &Actor, id: ConversationId) -> Vec<Message> {
        let page = self.chat.history(who, id, Seq(1), Seq(100)).await;
        page.unwrap().messages
    }

    /// The places of which somebody sees something.
    async fn seen(&self, who: &Actor, id: ConversationId) -> Vec<u64> {
        let all = self.history_of(who, id).await;
        let seen = all.iter().filter(|it| it.content != Content::Dismissed);
        seen.map(|it| it.seq.0).collect()
    }

    async fn search_for(&self, who: &Actor, text: &str) -> Vec<u64> {
        let query = SearchQuery::parse(text).unwrap();
        let page = self.chat.search(who, &query, None, None, NOW).await;
        page.unwrap().hits.iter().map(|hit| hit.seq.0).collect()
    }
}

#[tokio::test]
async fn every_device_of_the_account_is_told_and_nobody_else_sees_less() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let phone = world.sign_in("asha").await;
    let mut writer = world.tab(&bilal).await;
    world.write(&mut writer, id, 3).await;
    let (mut here, mut there) = (world.tab(&asha).await, world.tab(&phone).await);
    writer.pending();
    let read = |unread| ServerFrame::Read {
        conversation: id,
        seq: Seq::ZERO,
        unread,
        mentions: 0,
    };
    for (dismissal, steps, unread) in [
        (THIS, &[(2, THIS)][..], 2),
        (THIS, &[(2, THIS)], 2),
        (SHOW, &[], 3),
        (THIS, &[(2, THIS)], 2),
    ] {
        world.dismiss(&here, place(id, 2), dismissal).await.unwrap();
        let told = |request| [frame(id, request, steps), read(unread)].map(Got::Frame);
        assert_eq!(here.pending(), told(Some(7)));
        assert_eq!(there.pending(), told(None));
    }
    assert_eq!(writer.pending(), []);
    assert_eq!(world.seen(&asha, id).await, [1, 3]);
    assert_eq!(world.seen(&bilal, id).await, [1, 2, 3]);
    world.restart().await;
    assert_eq!(world.seen(&asha, id).await, [1, 3]);
    let summary = world.chat.conversation(&asha, id).await.unwrap();
    assert_eq!((summary.unread, summary.last_seq), (2, Seq(3)));
    let summary = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!(summary.last_message.unwrap().seq, Seq(3));
}

#[tokio::test]
async fn nothing_that_is_read_has_its_words_nor_those_that_it_had_before() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (tab, mut writer) = (world.tab(&asha).await, world.tab(&bilal).await);
    for text in ["secret one", "secret two"] {
        writer.does(world.command(id, text)).await.unwrap();
    }
    for intent in [edit(2, "secret three"), pin(2, true)] {
        writer.does(world.intend(id, intent)).await.unwrap();
    }
    let it = place(id, 2);
    let save = SaveCommand {
        asked: None,
        place: it,
        on: true,
    };
    world.chat.save(&asha, save, NOW).await.unwrap();
    let remind = RemindCommand {
        asked: None,
        place: it,
        at: Some(NOW.plus_millis(90_000)),
    };
    world.chat.remind(&asha, remind, NOW).await.unwrap();
    world.dismiss(&tab, it, THIS).await.unwrap();

    let all = format!("{:?}", world.history_of(&asha, id).await);
    assert!(all.contains("secret one"), "{all}");
    assert!(!all.contains("secret two") && !all.contains("secret three"));
    let summary = world.chat.conversation(&asha, id).await.unwrap();
    assert_eq!(summary.last_message.unwrap().seq, Seq(1));
    assert_eq!(summary.pins, []);
    assert_eq!(world.search_for(&asha, "secret").await, [1]);
    assert_eq!(world.chat.saved(&asha, None).await.unwrap().items, []);
    assert_eq!(world.chat.reminders(&asha).await.unwrap(), []);
    assert!(world.chat.edits(&asha, id, Seq(2)).await.is_err());
    assert!(world.chat.seen_by(&asha, id, Seq(2)).await.is_err());
    let mut export = world.chat.export(&asha, NOW).await.unwrap();
    assert_eq!(export.about.saved, []);
    while let Some(part) = export.next().await.unwrap() {
        if let Part::Messages { messages, .. } = part {
            assert_eq!(messages.iter().map(|it| it.seq.0).collect::<Vec<_>>(), [1]);
        }
    }
    // For the other one nothing is different.
    assert_eq!(world.search_for(&bilal, "secret").await, [2, 1]);
    let summary = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!(summary.pins, [Seq(2)]);

    // What is shown again is all there.
    world.dismiss(&tab, it, SHOW).await.unwrap();
    assert_eq!(world.search_for(&asha, "secret").await, [2, 1]);
    assert_eq!(world.chat.saved(&asha, None).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn a_resume_says_what_is_dismissed_and_replays_without_it() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&bilal).await;
    world.write(&mut writer, id, 4).await;
    let tab = world.tab(&asha).await;
    world.dismiss(&tab, place(id, 1), CLEAR).await.unwrap();
    world.dismiss(&tab, place(id, 3), THIS).await.unwrap();
    let steps = [(1, CLEAR), (3, THIS)];
    for _ in 0..2 {
        for known in [&[(id, 2)][..], &[]] {
            let mut back = world.connect(&asha, Codec::Json);
            let frames = back.hello(known).await;
            assert!(frames.contains(&frame(id, None, &steps)), "{frames:?}");
            let said = |it: &ServerFrame| matches!(it, ServerFrame::Event { message } if message.content == Content::Dismissed);
            assert_eq!(frames.iter().filter(|it| said(it)).count(), known.len());
        }
        world.restart().await;
    }
    let tab = world.tab(&asha).await;
    world.dismiss(&tab, place(id, 3), SHOW).await.unwrap();
    let frames = world.connect(&asha, Codec::Json).hello(&[(id, 4)]).await;
    assert!(frames.contains(&frame(id, None, &steps[..1])), "{frames:?}");
}

#[tokio::test]
async fn a_cleared_conversation_is_read_and_goes_on() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (tab, mut writer) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.write(&mut writer, id, 80).await;
    world.dismiss(&tab, place(id, 79), CLEAR).await.unwrap();
    let summary = world.chat.conversation(&asha, id).await.unwrap();
    assert_eq!((summary.unread, summary.read_seq), (1, Seq(79)));
    assert_eq!(world.seen(&asha, id).await, [80]);
    world.dismiss(&tab, place(id, 80), CLEAR).await.unwrap();
    // That is for good.
    world.dismiss(&tab, place(id, 80), SHOW).await.unwrap();
    let summary = world.chat.conversation(&asha, id).await.unwrap();
    assert_eq!(summary.unread, 0);
    assert_eq!(summary.last_message.unwrap().content, Content::Dismissed);
    world.write(&mut writer, id, 1).await;
    assert_eq!(world.seen(&asha, id).await, [81]);
    assert_eq!(world.seen(&bilal, id).await.len(), 81);
}

#[tokio::test]
async fn what_was_cleared_unread_is_read_for_nobody_else() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (tab, mut writer) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.write(&mut writer, id, 80).await;
    let told = |frame: ServerFrame| match frame {
        ServerFrame::Seen { user, seq, .. } if user == asha.user() => Some(seq.0),
        _ => None,
    };
    world.dismiss(&tab, place(id, 79), CLEAR).await.unwrap();
    world.chat.mark_read(&asha, id, Seq(10), NOW).await.unwrap();
    let live = writer.pending().into_iter().filter_map(|got| match got {
        Got::Frame(frame) => told(frame),
        _ => None,
    });
    assert_eq!(Vec::from_iter(live), [10]);
    for hides in [true, false] {
        let field = protocol::PrivacyField::Reading;
        let set = world.chat.set_privacy(&asha, field, hides, NOW);
        set.await.unwrap();
    }
    let again = writer.pending().into_iter().filter_map(|got| match got {
        Got::Frame(frame) => told(frame),
        _ => None,
    });
    assert_eq!(Vec::from_iter(again), [0, 10], "hidden, and shown again");
    let mut later = world.connect(&bilal, Codec::Json);
    let resumed = later.hello(&[(id, 80)]).await;
    assert_eq!(Vec::from_iter(resumed.into_iter().filter_map(told)), [10]);
}

#[tokio::test]
async fn answers_leave_the_thread_and_its_count() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (tab, mut writer) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.write(&mut writer, id, 1).await;
    for text in ["first", "second"] {
        writer.does(world.intend(id, reply(text, 1))).await.unwrap();
    }
    let count = async |who: &Actor| {
        let page = world.chat.thread(who, id, Seq(1), None).await.unwrap();
        let told = match page.message.unwrap().marks.thread {
            Some(Thread::Root(answers)) => answers.count,
            _ => 0,
        };
        let said = page.answers.iter().filter(|it| it.content.is_said());
        (told, said.count())
    };
    assert_eq!(count(&asha).await, (2, 2));
    for _ in 0..2 {
        world.dismiss(&tab, place(id, 2), THIS).await.unwrap();
        assert_eq!(count(&asha).await, (1, 1));
    }
    assert_eq!(count(&bilal).await, (2, 2));
    world.dismiss(&tab, place(id, 2), SHOW).await.unwrap();
    assert_eq!(count(&asha).await, (2, 2));
}

#[tokio::test]
async fn only_what_one_may_read_is_dismissed_and_what_is_no_message_is_not() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let stranger = world.person("stranger").await;
    let mut writer = world.tab(&bilal).await;
    world.write(&mut writer, id, 2).await;
    for intent in [edit(1, "other words"), delete(2)] {
        writer.does(world.intend(id, intent)).await.unwrap();
    }
    let (asha, stranger) = (world.tab(&asha).await, world.tab(&stranger).await);
    for seq in [0, 3, 5, u64::MAX] {
        let refused = world.dismiss(&asha, place(id, seq), THIS).await;
        assert_eq!(refused, Err(ErrorCode::NotFound), "{seq}");
    }
    for dismissal in [THIS, SHOW, CLEAR] {
        let refused = world.dismiss(&stranger, place(id, 1), dismissal).await;
        assert_eq!(refused, Err(ErrorCode::NotFound), "{dismissal:?}");
    }
    let refused = world.dismiss(&asha, place(id, 5), CLEAR).await;
    assert_eq!(refused, Err(ErrorCode::NotFound));
    // A tombstone and a notice are put out of sight too.
    world.dismiss(&asha, place(id, 2), THIS).await.unwrap();
    let group = world.group(&bilal, &[&asha.actor]).await;
    world.dismiss(&asha, place(group, 1), THIS).await.unwrap();
    assert_eq!(world.seen(&asha.actor, id).await, [1, 3, 4]);
    assert!(!world.seen(&asha.actor, group).await.contains(&1));
}

#[tokio::test]
async fn there_is_room_for_so_many_and_what_cannot_be_stored_is_not_so() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&bilal).await;
    let all = 2 * DISMISSED_RUNS as u64 + 2;
    world.write(&mut writer, id, all).await;
    let tab = world.tab(&asha).await;
    for n in 1..=DISMISSED_RUNS as u64 {
        world.dismiss(&tab, place(id, 2 * n), THIS).await.unwrap();
    }
    let refused = world.dismiss(&tab, place(id, all), THIS).await;
    assert_eq!(refused, Err(ErrorCode::TooMany));
    world.store.fail_arranging(true);
    let failed = world.dismiss(&tab, place(id, 1), THIS).await;
    assert_eq!(failed, Err(ErrorCode::StorageUnavailable));
    let page = world.chat.history(&asha, id, Seq(1), Seq(1)).await.unwrap();
    assert_ne!(page.messages[0].content, Content::Dismissed);
}

#[tokio::test]
async fn a_write_of_unknown_outcome_is_settled_by_the_next_tick() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&bilal).await;
    world.write(&mut writer, id, 2).await;
    let mut tab = world.tab(&asha).await;
    world.store.store_and_fail_arranging(true);
    let failed = world.dismiss(&tab, place(id, 1), THIS).await;
    assert_eq!(failed, Err(ErrorCode::StorageUnavailable));
    world.store.store_and_fail_arranging(false);
    assert_eq!(tab.pending(), []);
    // Nobody wishes it any more.
    world.chat.tick(NOW).await;
    let told = tab.pending();
    assert!(told.contains(&Got::Frame(frame(id, None, &[]))), "{told:?}");
    world.restart().await;
    assert_eq!(world.seen(&asha, id).await, [1, 2]);
}

#[tokio::test]
async fn a_pin_that_is_shown_again_is_told_to_whoever_was_told_without_it() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut writer = world.tab(&bilal).await;
    world.write(&mut writer, id, 2).await;
    let pinned = world.intend(id, pin(1, true));
    writer.does(pinned).await.unwrap();
    let mut tab = world.tab(&asha).await;
    world.dismiss(&tab, place(id, 1), THIS).await.unwrap();
    let summary = world.chat.conversation(&asha, id).await.unwrap();
    assert_eq!(summary.pins, []);
    tab.pending();
    world.dismiss(&tab, place(id, 1), SHOW).await.unwrap();
    assert_eq!(tab.next_summary().await.pins, [Seq(1)]);
}
