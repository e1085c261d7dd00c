//! The life of a message: edited, deleted, reacted to, pinned, answered.

use std::collections::BTreeMap;

use chat::{Actor, SendCommand};
use protocol::limits::PINS;
use protocol::{
    Change, ChangeKind, Codec, Content, ConversationId, Emoji, ErrorCode, Intent, Message, Seq,
    ServerFrame,
};

use crate::support::{NOW, Tab, World, events, places, text, texts};

pub(crate) fn edit(target: u64, text: &str) -> Intent {
    Intent::Edit {
        target: Seq(target),
        text: text.to_owned(),
    }
}

pub(crate) fn delete(target: u64) -> Intent {
    Intent::Delete {
        target: Seq(target),
    }
}

pub(crate) fn react(target: u64, emoji: &str, on: bool) -> Intent {
    Intent::React {
        target: Seq(target),
        emoji: emoji.to_owned(),
        on,
    }
}

pub(crate) fn pin(target: u64, on: bool) -> Intent {
    Intent::Pin {
        target: Seq(target),
        on,
    }
}

pub(crate) fn reply(text: &str, to: u64) -> Intent {
    Intent::Text {
        text: text.to_owned(),
        reply_to: Some(Seq(to)),
    }
}

/// One message as a page shows it.
pub(crate) async fn read(world: &World, reader: &Actor, id: ConversationId, seq: u64) -> Message {
    let page = world.chat.history(reader, id, Seq(seq), Seq(seq)).await;
    page.unwrap().messages.remove(0)
}

#[tokio::test]
async fn an_edit_is_an_entry_and_the_message_says_the_new_words() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut author, mut reader) = (world.tab(&asha).await, world.tab(&bilal).await);
    let mut second = world.tab(&asha).await;
    world.write(&mut author, id, 2).await;
    let later = NOW.plus_millis(70);
    let command = world.intend(id, edit(1, "other words"));
    let send_id = author.send_at(command, later);
    let ack = ServerFrame::Ack {
        send_id,
        conversation: id,
        seq: Seq(3),
        sent_at: later,
    };
    assert_eq!(author.next().await, ack);
    for tab in [&mut reader, &mut second] {
        assert_eq!(places(&[tab.event().await, tab.event().await]), [1, 2]);
        let heard = tab.event().await;
        let change = Change {
            target: Seq(1),
            kind: ChangeKind::Edit(protocol::MessageBody::parse("other words").unwrap()),
        };
        assert_eq!(heard.content, Content::Change(change));
        assert_eq!((heard.seq, heard.author), (Seq(3), asha.user()));
    }
    let message = read(&world, &bilal, id, 1).await;
    assert_eq!(text(&message), "other words");
    assert_eq!(message.marks.version, Seq(3));
    assert_eq!(message.marks.edited_at, Some(later));
    assert_eq!(message.sent_at, NOW);
    // The list shows the newest that is no change, and nothing new is unread.
    let row = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!(row.last_message.map(|m| m.seq), Some(Seq(2)));
    assert_eq!((row.last_seq, row.unread), (Seq(3), 2));
}

#[tokio::test]
async fn earlier_texts_can_be_read_by_those_who_can_read_the_message() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let stranger = world.person("chandra").await;
    let mut author = world.tab(&asha).await;
    world.write(&mut author, id, 2).await;
    for (n, text) in ["second", "third", "fourth"].into_iter().enumerate() {
        let now = NOW.plus_millis(10 * (n as u64 + 1));
        let send_id = author.send_at(world.intend(id, edit(1, text)), now);
        author.acked(send_id).await;
    }
    let earlier = world.chat.edits(&bilal, id, Seq(1)).await.unwrap();
    let earlier: Vec<_> = earlier
        .iter()
        .map(|it| (it.at.millis_since(NOW), it.body.as_str()))
        .collect();
    assert_eq!(earlier, [(0, "text 0"), (10, "second"), (20, "third")]);
    assert_eq!(world.chat.edits(&bilal, id, Seq(2)).await.unwrap(), []);
    for (actor, seq) in [(&stranger, 1), (&bilal, 3), (&bilal, 0), (&bilal, 99)] {
        let refused = world.chat.edits(actor, id, Seq(seq)).await;
        crate::support::refused(refused, ErrorCode::NotFound);
    }
    author.does(world.intend(id, delete(1))).await.unwrap();
    let refused = world.chat.edits(&asha, id, Seq(1)).await;
    crate::support::refused(refused, ErrorCode::NotFound);
}

#[tokio::test]
async fn reactions_and_pins_stand_until_they_are_taken_back() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut a, b) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.write(&mut a, id, 1).await;
    let mut tabs = [a, b];
    for (tab, intent) in [
        (0, react(1, "👍", true)),
        (1, react(1, "👍", true)),
        (1, react(1, "🎉", true)),
        // What stands already is an entry like any other.
        (1, react(1, "🎉", true)),
        (0, react(1, "👍", false)),
        (0, react(1, "🙈", false)),
        (1, pin(1, true)),
        (0, pin(1, true)),
    ] {
        tabs[tab].does(world.intend(id, intent)).await.unwrap();
    }
    let message = read(&world, &asha, id, 1).await;
    assert_eq!(message.marks.reaction_count(), 2);
    for emoji in ["👍", "🎉"] {
        let emoji = Emoji::parse(emoji).unwrap();
        assert!(message.marks.has_reacted(bilal.user(), &emoji));
    }
    assert!(message.marks.pinned);
    assert_eq!(message.marks.version, Seq(9));
    let row = world.chat.conversation(&asha, id).await.unwrap();
    assert_eq!(row.pins, [Seq(1)]);
    assert_eq!(row.unread, 0, "nothing of this counts");
    tabs[1].does(world.intend(id, pin(1, false))).await.unwrap();
    assert!(!read(&world, &asha, id, 1).await.marks.pinned);
    let row = world.chat.conversation(&asha, id).await.unwrap();
    assert_eq!(row.pins, []);
}

#[tokio::test]
async fn both_are_told_the_pins_once_for_each_change_of_them() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.write(&mut a, id, 3).await;
    for (intent, pins) in [
        (pin(2, true), vec![2]),
        (pin(1, true), vec![1, 2]),
        (delete(2), vec![1]),
        (pin(1, false), vec![]),
    ] {
        a.does(world.intend(id, intent)).await.unwrap();
        let pins: Vec<_> = pins.into_iter().map(Seq).collect();
        for tab in [&mut a, &mut b] {
            assert_eq!(tab.next_summary().await.pins, pins);
        }
    }
    // What changes no pin is told by its event alone.
    a.does(world.intend(id, pin(1, false))).await.unwrap();
    a.does(world.intend(id, react(1, "👍", true)))
        .await
        .unwrap();
    world.write(&mut a, id, 1).await;
    for seq in 8..=10 {
        assert_eq!(b.event().await.seq, Seq(seq));
    }
}

#[tokio::test]
async fn a_deleted_message_is_a_tombstone_for_everybody() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.write(&mut a, id, 2).await;
    b.does(world.intend(id, react(2, "👍", true)))
        .await
        .unwrap();
    a.does(world.intend(id, delete(2))).await.unwrap();
    let message = read(&world, &bilal, id, 2).await;
    assert_eq!(message.content, Content::Deleted);
    assert_eq!((message.author, message.sent_at), (asha.user(), NOW));
    assert_eq!(message.marks.reactions, []);
    assert_eq!(message.marks.version, Seq(4));
    // It keeps its place in the list and in what is unread.
    let row = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!(row.last_message, Some(message));
    assert_eq!(row.unread, 2);
    // Nothing can be made of it any more, and it can be deleted again.
    for intent in [edit(2, "again"), react(2, "👍", true), pin(2, true)] {
        let outcome = a.does(world.intend(id, intent)).await;
        assert_eq!(outcome, Err(ErrorCode::NotFound));
    }
    assert_eq!(a.does(world.intend(id, delete(2))).await, Ok(Seq(5)));
}

#[tokio::test]
async fn of_two_devices_that_edit_at_once_the_later_entry_stands_everywhere() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let phone = world.sign_in("asha").await;
    let (mut laptop, mut phone) = (world.tab(&asha).await, world.tab(&phone).await);
    let mut reader = world.tab(&bilal).await;
    world.write(&mut laptop, id, 1).await;
    let gate = world.store.hold_appends();
    let appends = world.store.appends();
    // One commit under way, so that the two meet in the next.
    let blocking = laptop.send(world.command(id, "blocks"));
    while world.store.appends() == appends {
        tokio::task::yield_now().await;
    }
    let first = phone.send(world.intend(id, edit(1, "by phone")));
    let second = laptop.send(world.intend(id, edit(1, "by laptop")));
    gate.add_permits(10);
    laptop.acked(blocking).await;
    assert_eq!(phone.outcome(first).await, Ok(Seq(3)));
    assert_eq!(laptop.outcome(second).await, Ok(Seq(4)));
    let message = read(&world, &bilal, id, 1).await;
    assert_eq!(text(&message), "by laptop");
    let mut heard = reader.event().await;
    for _ in 0..3 {
        let change = reader.event().await;
        if let Content::Change(it) = &change.content {
            assert!(heard.fold((&change).into(), &it.kind));
        }
    }
    assert_eq!(heard, message, "whoever folds what it hears has the same");
    let earlier = world.chat.edits(&bilal, id, Seq(1)).await.unwrap();
    assert_eq!(earlier.len(), 2);
}

/// Intents that are refused for a member, with the reason; of the other's message 1, a change
/// at 3 and one's own deleted message 4.
fn impossible() -> Vec<(Intent, ErrorCode)> {
    let mut all = vec![
        (edit(1, "not mine"), ErrorCode::Forbidden),
        (delete(1), ErrorCode::Forbidden),
        (Intent::Leave, ErrorCode::Forbidden),
        (
            Intent::Rename {
                title: "ours".to_owned(),
            },
            ErrorCode::Forbidden,
        ),
        (reply("to nothing", 0), ErrorCode::NotFound),
        (reply("to what comes", 6), ErrorCode::NotFound),
        (reply("far away", u64::MAX), ErrorCode::NotFound),
        (edit(4, "deleted"), ErrorCode::NotFound),
    ];
    for nothing in [0, 3, 6, 99, u64::MAX] {
        all.extend([
            (edit(nothing, "x"), ErrorCode::NotFound),
            (delete(nothing), ErrorCode::NotFound),
            (react(nothing, "👍", true), ErrorCode::NotFound),
            (pin(nothing, true), ErrorCode::NotFound),
        ]);
    }
    all
}

#[tokio::test]
async fn what_is_refused_takes_no_place_and_tells_nobody() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.write(&mut a, id, 2).await;
    b.does(world.intend(id, react(1, "👍", true)))
        .await
        .unwrap();
    world.write(&mut b, id, 1).await;
    b.does(world.intend(id, delete(4))).await.unwrap();
    let mut before = world.everything(&asha, id).await;
    while a.event().await.seq < Seq(5) {}
    for (intent, code) in impossible() {
        let outcome = b.does(world.intend(id, intent.clone())).await;
        assert_eq!(outcome, Err(code), "{intent:?}");
    }
    let stranger = world.person("chandra").await;
    let mut outside = world.tab(&stranger).await;
    for intent in [edit(1, "x"), delete(1), react(1, "👍", true), pin(1, true)] {
        let outcome = outside.does(world.intend(id, intent)).await;
        assert_eq!(outcome, Err(ErrorCode::NotFound));
    }
    assert_eq!(world.everything(&asha, id).await, before);
    world.write(&mut b, id, 1).await;
    let next = a.event().await;
    assert_eq!(next.seq, Seq(6));
    before.push(next);
    assert_eq!(world.everything(&asha, id).await, before);
}

/// Sends so that all are in one commit; the outcomes.
pub(crate) async fn at_once(
    world: &World,
    tabs: &mut [&mut Tab],
    sends: Vec<(usize, SendCommand)>,
) -> Vec<Result<Seq, ErrorCode>> {
    let gate = world.store.hold_appends();
    let appends = world.store.appends();
    let conversation = sends[0].1.conversation;
    let blocking = tabs[0].send(world.command(conversation, "blocks"));
    while world.store.appends() == appends {
        tokio::task::yield_now().await;
    }
    let ids: Vec<_> = sends
        .into_iter()
        .map(|(tab, command)| (tab, tabs[tab].send(command)))
        .collect();
    world.store.let_appends_go(&gate);
    tabs[0].outcome(blocking).await.unwrap();
    // Refusals come after the acks.
    let mut told = BTreeMap::new();
    for (at, tab) in tabs.iter_mut().enumerate() {
        let asked = ids.iter().filter(|(tab, _)| *tab == at).count();
        told.extend(tab.outcomes(asked).await);
    }
    let outcomes: Vec<_> = ids.iter().map(|(_, send_id)| told[send_id]).collect();
    let batches = world.store.batches();
    let placed = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(batches.last(), Some(&placed), "all of it was one commit");
    outcomes
}

#[tokio::test]
async fn what_is_refused_in_the_middle_of_a_commit_leaves_no_hole() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.write(&mut a, id, 1).await;
    let sends = [
        (0, edit(1, "edited")),
        (1, edit(1, "not mine")),
        (1, react(1, "👍", true)),
        (1, react(77, "👍", true)),
        (0, reply("to the reaction", 4)),
        (0, reply("to what comes", 6)),
        (1, delete(5)),
        (0, delete(5)),
    ];
    let sends = sends.map(|(tab, intent)| (tab, world.intend(id, intent)));
    let outcomes = at_once(&world, &mut [&mut a, &mut b], sends.into()).await;
    let expected = [
        Ok(Seq(3)),
        Err(ErrorCode::Forbidden),
        Ok(Seq(4)),
        Err(ErrorCode::NotFound),
        Ok(Seq(5)),
        Err(ErrorCode::NotFound),
        Err(ErrorCode::Forbidden),
        Ok(Seq(6)),
    ];
    assert_eq!(outcomes, expected);
    let all = world.everything(&bilal, id).await;
    assert_eq!(places(&all), [1, 2, 3, 4, 5, 6]);
    assert_eq!(texts(&all)[..2], ["edited", "blocks"]);
    assert_eq!(all[0].marks.version, Seq(4));
    assert_eq!(all[4].content, Content::Deleted);
}

#[tokio::test]
async fn what_is_written_and_deleted_in_one_commit_is_told_to_nobody() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut a = world.tab(&asha).await;
    let mut reader = world.connect(&bilal, Codec::Json);
    reader.hello(&[]).await;
    let written = world.command(id, "a slip of the tongue");
    let sends = [
        written,
        world.intend(id, edit(2, "a slip of the pen")),
        world.intend(id, delete(2)),
    ];
    let sends = sends.map(|command| (0, command));
    let outcomes = at_once(&world, &mut [&mut a], sends.into()).await;
    assert_eq!(outcomes, [Ok(Seq(2)), Ok(Seq(3)), Ok(Seq(4))]);
    let mut heard = Vec::new();
    for _ in 0..4 {
        heard.push(reader.event().await);
    }
    assert_eq!(texts(&heard), ["blocks", "deleted", "change", "change"]);
    let Content::Change(withdrawn) = &heard[2].content else {
        panic!("{heard:?}");
    };
    assert_eq!(withdrawn.kind, ChangeKind::Withdrawn);
    assert_eq!(heard, world.everything(&bilal, id).await);
    world.restart().await;
    assert_eq!(heard, world.everything(&bilal, id).await);
    let slip = |row: &Vec<u8>| row.windows(4).any(|part| part == b"slip");
    assert!(!world.opened_rows(id).await.iter().any(slip));
}

#[tokio::test]
async fn a_change_that_was_missed_is_replayed_and_the_pins_are_told() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut a = world.tab(&asha).await;
    world.write(&mut a, id, 3).await;
    for intent in [edit(1, "edited"), react(2, "👍", true)] {
        a.does(world.intend(id, intent)).await.unwrap();
    }
    let mut tab = world.connect(&bilal, Codec::Binary);
    let frames = tab.hello(&[(id, 2)]).await;
    assert_eq!(events(&frames), [3, 4, 5]);
    let is_summary = |frame: &&ServerFrame| matches!(frame, ServerFrame::Conversation { .. });
    assert_eq!(frames.iter().filter(is_summary).count(), 0);
    tab.close();
    a.does(world.intend(id, pin(2, true))).await.unwrap();
    let mut tab = world.connect(&bilal, Codec::Binary);
    let frames = tab.hello(&[(id, 5)]).await;
    assert_eq!(events(&frames), [6]);
    let summary = frames.iter().find(is_summary);
    let Some(ServerFrame::Conversation { summary }) = summary else {
        panic!("{frames:?}");
    };
    assert_eq!(summary.pins, [Seq(2)]);
}

#[tokio::test]
async fn so_many_are_pinned_and_no_more() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut a = world.tab(&asha).await;
    let most = PINS as u64;
    world.write(&mut a, id, most + 1).await;
    for seq in 1..=most {
        a.does(world.intend(id, pin(seq, true))).await.unwrap();
    }
    let surplus = world.intend(id, pin(most + 1, true));
    assert_eq!(a.does(surplus.clone()).await, Err(ErrorCode::TooMany));
    a.does(world.intend(id, delete(7))).await.unwrap();
    assert!(a.does(surplus).await.is_ok(), "there is room again");
}
