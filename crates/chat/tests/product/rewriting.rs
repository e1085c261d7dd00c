//! Rows that are written anew: they survive reload and failure, stale ones are never shown, and
//! what changes nothing does not pay for it.

use chat::{Config, SendCommand};
use protocol::{ChangeKind, Codec, Content, ErrorCode, Intent, Seq, ServerFrame};

use crate::changes::{delete, edit, pin, react, read};
use crate::faulty_store::Fault;
use crate::support::{NOW, Tab, World, config, places, text};

fn again(command: &SendCommand) -> SendCommand {
    SendCommand {
        retry: true,
        ..command.clone()
    }
}

#[tokio::test]
async fn changes_survive_a_reload_wherever_their_message_lies() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut a = world.tab(&asha).await;
    world.write(&mut a, id, 300).await;
    let mut b = world.tab(&bilal).await;
    for seq in [1, 150, 299] {
        for intent in [edit(seq, "once"), edit(seq, "twice"), pin(seq, true)] {
            a.does(world.intend(id, intent)).await.unwrap();
        }
        b.does(world.intend(id, react(seq, "👍", true)))
            .await
            .unwrap();
    }
    a.does(world.intend(id, delete(150))).await.unwrap();
    let before = world.everything(&bilal, id).await;
    let row = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!(row.last_message.as_ref(), before.get(299));
    world.restart().await;
    assert_eq!(world.everything(&bilal, id).await, before);
    let reloaded = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!(reloaded.last_message, row.last_message);
    assert_eq!((&reloaded.pins, reloaded.unread), (&row.pins, row.unread));
    assert_eq!(row.pins, [299, 1].map(Seq));
    assert_eq!(row.unread, 300);
    assert_eq!(text(&before[0]), "twice");
    let earlier = world.chat.edits(&bilal, id, Seq(1)).await.unwrap();
    let earlier: Vec<_> = earlier.iter().map(|it| it.body.as_str()).collect();
    assert_eq!(earlier, ["text 0", "once"]);
    // Changes go on where they ended.
    let mut a = world.tab(&asha).await;
    a.does(world.intend(id, edit(1, "thrice"))).await.unwrap();
    assert_eq!(text(&read(&world, &bilal, id, 1).await), "thrice");
}

#[tokio::test]
async fn deletion_leaves_no_text_in_any_row() {
    const WORDS: [&str; 3] = ["کالی مرچ", "हल्दी", "asafoetida"];
    for restarted in [false, true] {
        let mut world = World::new().await;
        let (asha, bilal, id) = world.pair().await;
        let mut a = world.tab(&asha).await;
        let mut reader = world.tab(&bilal).await;
        world.write(&mut a, id, 10).await;
        a.does(world.command(id, WORDS[0])).await.unwrap();
        for word in &WORDS[1..] {
            world.write(&mut a, id, 5).await;
            a.does(world.intend(id, edit(11, word))).await.unwrap();
        }
        let holds = async |world: &World, word: &str| {
            let rows = world.opened_rows(id).await;
            let bytes = word.as_bytes();
            rows.iter()
                .filter(|row| row.windows(bytes.len()).any(|part| part == bytes))
                .count()
        };
        for word in WORDS {
            assert!(holds(&world, word).await > 0, "{word}");
        }
        if restarted {
            world.write(&mut a, id, 100).await;
            world.restart().await;
            a = world.tab(&asha).await;
        }
        a.does(world.intend(id, delete(11))).await.unwrap();
        for word in WORDS {
            assert_eq!(holds(&world, word).await, 0, "{word}");
        }
        let all = world.everything(&bilal, id).await;
        let withdrawn = all.iter().filter(|entry| match &entry.content {
            Content::Change(change) => change.kind == ChangeKind::Withdrawn,
            _ => false,
        });
        assert_eq!(withdrawn.count(), 2);
        world.restart().await;
        assert_eq!(world.everything(&bilal, id).await, all);
        assert!(reader.waiting() > 0);
        reader.pending();
    }
}

#[tokio::test]
async fn a_page_that_was_read_before_is_not_shown_after() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut a = world.tab(&asha).await;
    world.write(&mut a, id, 300).await;
    for (seq, word) in [(5, "first"), (70, "second"), (5, "third")] {
        read(&world, &bilal, id, 5).await;
        read(&world, &bilal, id, 70).await;
        a.does(world.intend(id, edit(seq, word))).await.unwrap();
        assert_eq!(text(&read(&world, &bilal, id, seq).await), word);
    }
    // Nothing else was forgotten.
    let before = world.store.message_reads();
    for seq in [6, 71, 64, 128] {
        read(&world, &bilal, id, seq).await;
    }
    assert_eq!(world.store.message_reads(), before);
}

/// A command of somebody who knows the conversation up to a place, so that nothing is looked
/// for.
fn knowing(place: u64, command: SendCommand) -> SendCommand {
    SendCommand {
        after: Seq(place),
        ..command
    }
}

#[tokio::test]
async fn whoever_read_rows_before_a_commit_gives_them_to_nobody_after_it() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut a = world.tab(&asha).await;
    world.write(&mut a, id, 300).await;
    let gate = world.store.hold_reads();
    let reads = world.store.message_reads();
    let chat = std::sync::Arc::clone(&world.chat);
    let early = tokio::spawn(async move { chat.history(&bilal, id, Seq(5), Seq(5)).await });
    while world.store.message_reads() == reads {
        tokio::task::yield_now().await;
    }
    // It has the rows in hand.
    let change = knowing(300, world.intend(id, edit(5, "new words")));
    a.does(change).await.unwrap();
    world.store.release_reads();
    drop(gate);
    let early = early.await.unwrap().unwrap();
    assert_eq!(early.last_seq, Seq(300), "as of before the change");
    assert_eq!(text(&early.messages[0]), "text 4");
    for _ in 0..2 {
        assert_eq!(text(&read(&world, &asha, id, 5).await), "new words");
    }
}

#[tokio::test]
async fn a_conversation_that_was_unloaded_meanwhile_finds_no_page_of_before() {
    let world = World::with(Config {
        loaded_conversations: 1,
        ..config()
    })
    .await;
    let (asha, bilal, id) = world.pair().await;
    let mut a = world.tab(&asha).await;
    world.write(&mut a, id, 300).await;
    for round in 0..3 {
        read(&world, &bilal, id, 5).await;
        let word = format!("round {round}");
        a.does(world.intend(id, edit(5, &word))).await.unwrap();
        for n in 0..3 {
            let person = world.person(&format!("p{round}{n}")).await;
            let opened = world.chat.open_direct(&person, person.user(), NOW).await;
            opened.unwrap();
            world.chat.tick(NOW).await;
        }
        assert_eq!(text(&read(&world, &bilal, id, 5).await), word);
    }
}

#[tokio::test]
async fn what_changes_nothing_reads_nothing() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.write(&mut a, id, 100).await;
    let reads = world.store.message_reads();
    let now = |intent| knowing(100, world.intend(id, intent));
    let reply = Intent::Text {
        text: "an answer".to_owned(),
        reply_to: Some(Seq(98)),
    };
    a.does(now(reply)).await.unwrap();
    // Changes of what is in memory neither, and answers to it.
    for intent in [react(100, "👍", true), pin(99, true)] {
        b.does(now(intent)).await.unwrap();
    }
    a.does(now(edit(98, "edited"))).await.unwrap();
    a.does(now(delete(97))).await.unwrap();
    assert_eq!(world.store.row_reads(), 0);
    // Of what is not, one read each; and of its edits one more.
    b.does(now(react(1, "👍", true))).await.unwrap();
    assert_eq!(world.store.row_reads(), 1);
    a.does(now(edit(2, "edited"))).await.unwrap();
    a.does(now(delete(2))).await.unwrap();
    assert_eq!(world.store.row_reads(), 4);
    assert_eq!(world.store.message_reads(), reads);
}

#[tokio::test]
async fn each_kind_of_change_is_made_once_however_late_it_is_repeated() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut a = world.tab(&asha).await;
    world.write(&mut a, id, 3).await;
    let commands: Vec<_> = [
        edit(1, "edited"),
        react(2, "👍", true),
        pin(2, true),
        delete(3),
        react(2, "👍", false),
        pin(2, false),
        edit(1, "edited again"),
    ]
    .into_iter()
    .map(|intent| SendCommand {
        after: Seq(3),
        ..world.intend(id, intent)
    })
    .collect();
    let mut first = Vec::new();
    for command in &commands {
        first.push(a.does(command.clone()).await);
    }
    let repeat = async |world: &World, tab: &mut Tab| {
        let mut outcomes = Vec::new();
        for command in &commands {
            outcomes.push(tab.does(again(command)).await);
        }
        assert_eq!(outcomes, first);
        let all = world.everything(&bilal, id).await;
        assert_eq!(text(&all[0]), "edited again");
        assert_eq!(all[1].marks.reactions, []);
        assert!(!all[1].marks.pinned);
        all
    };
    let at_once = repeat(&world, &mut a).await;
    assert_eq!(at_once.len(), 10);
    world.write(&mut a, id, 600).await;
    let later = repeat(&world, &mut a).await;
    assert_eq!(later[..10], at_once);
    assert_eq!(later.len(), 610);
    world.restart().await;
    let mut a = world.tab(&asha).await;
    assert_eq!(repeat(&world, &mut a).await, later);
}

#[tokio::test]
async fn a_target_that_cannot_be_read_refuses_for_now() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut a = world.tab(&asha).await;
    world.write(&mut a, id, 200).await;
    world.store.fail_reads(true);
    let command = world.intend(id, edit(5, "edited"));
    let outcome = a.does(command.clone()).await;
    assert_eq!(outcome, Err(ErrorCode::StorageUnavailable));
    world.store.fail_reads(false);
    assert_eq!(a.does(again(&command)).await, Ok(Seq(201)));
    assert_eq!(text(&read(&world, &bilal, id, 5).await), "edited");
    // One that is damaged is not changed.
    world.store.damage(id, Seq(7));
    let outcome = a.does(world.intend(id, edit(7, "edited"))).await;
    assert_eq!(outcome, Err(ErrorCode::NotFound));
    assert_eq!(a.does(world.command(id, "goes on")).await, Ok(Seq(202)));
}

#[tokio::test]
async fn a_change_whose_commit_fails_is_made_once_and_whole() {
    for fault in [
        Fault::Full,
        Fault::Lost,
        Fault::StoredAndFailed,
        Fault::Panic,
        Fault::StoredAndPanic,
    ] {
        let world = World::new().await;
        let (asha, bilal, id) = world.pair().await;
        let mut a = world.tab(&asha).await;
        let mut reader = world.tab(&bilal).await;
        world.write(&mut a, id, 100).await;
        read(&world, &bilal, id, 5).await;
        world.store.fail_next(&[fault]);
        let command = world.intend(id, edit(5, "edited"));
        let outcome = a.does(command.clone()).await;
        assert_eq!(outcome, Err(ErrorCode::StorageUnavailable), "{fault:?}");
        world.chat.tick(NOW).await;
        assert_eq!(a.does(again(&command)).await, Ok(Seq(101)), "{fault:?}");
        let message = read(&world, &bilal, id, 5).await;
        assert_eq!(text(&message), "edited", "{fault:?}");
        assert_eq!(message.marks.version, Seq(101));
        let mut heard = Vec::new();
        while heard.len() < 101 {
            heard.push(reader.next_event().await);
        }
        assert_eq!(places(&heard), (1..=101).collect::<Vec<_>>(), "{fault:?}");
    }
}

#[tokio::test]
async fn a_list_shows_the_newest_message_however_many_changes_follow() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.write(&mut a, id, 2).await;
    for n in 0..150 {
        let on = n % 2 == 0;
        b.does(world.intend(id, react(1, "👍", on))).await.unwrap();
    }
    a.does(world.intend(id, edit(2, "shown"))).await.unwrap();
    for restarted in [false, true] {
        if restarted {
            world.restart().await;
        }
        for (actor, unread) in [(&asha, 0), (&bilal, 2)] {
            let row = world.chat.conversation(actor, id).await.unwrap();
            let shown = row.last_message.unwrap();
            assert_eq!((shown.seq, text(&shown)), (Seq(2), "shown"));
            assert_eq!((row.last_seq, row.unread), (Seq(153), unread));
        }
    }
    // A connection that comes back is told the same.
    let mut tab = world.connect(&bilal, Codec::Binary);
    let frames = tab.hello(&[(id, 152)]).await;
    let read = ServerFrame::Read {
        conversation: id,
        seq: Seq::ZERO,
        unread: 2,
        mentions: 0,
    };
    assert!(frames.contains(&read), "{frames:?}");
}
