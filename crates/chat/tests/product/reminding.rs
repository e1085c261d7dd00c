//! Reminders of messages.

use chat::{Actor, DismissCommand, RemindCommand, Store as _};
use protocol::limits::REMINDERS;
use protocol::{
    Arrangement, Codec, Content, ConversationId, Dismissal, ErrorCode, Intent, Mute,
    RemindedMessage, Reminder, SavedPlace, Seq, ServerFrame, Timestamp,
};

use crate::support::{Got, NOW, Tab, World};

const HOUR: u64 = 60 * 60 * 1_000;

fn after(millis: u64) -> Timestamp {
    NOW.plus_millis(millis)
}

fn place(conversation: ConversationId, seq: u64) -> SavedPlace {
    SavedPlace {
        conversation,
        seq: Seq(seq),
    }
}

fn told(request: Option<u32>, place: SavedPlace, now: Option<(Timestamp, bool)>) -> Got {
    Got::Frame(ServerFrame::Reminder {
        request,
        place,
        reminder: now.map(|(at, due)| Reminder { place, at, due }),
    })
}

impl World {
    async fn remind(
        &self,
        tab: &Tab,
        place: SavedPlace,
        at: Option<Timestamp>,
    ) -> Result<(), ErrorCode> {
        let command = RemindCommand {
            asked: Some((tab.id, 7)),
            place,
            at,
        };
        let outcome = self.chat.remind(&tab.actor, command, NOW).await;
        outcome.map_err(|error| error.code())
    }

    async fn say(&self, actor: &Actor, id: ConversationId, text: &str) -> Seq {
        let mut tab = self.tab(actor).await;
        tab.does(self.command(id, text)).await.unwrap()
    }

    async fn act(&self, actor: &Actor, id: ConversationId, intent: Intent) {
        let mut tab = self.tab(actor).await;
        tab.does(self.intend(id, intent)).await.unwrap();
    }

    async fn reminders_of(&self, actor: &Actor) -> Vec<RemindedMessage> {
        self.chat.reminders(actor).await.unwrap()
    }
}

#[tokio::test]
async fn it_comes_at_its_time_once_on_every_device_of_the_account_alone() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    world.say(&bilal, id, "call the bank").await;
    let phone = world.sign_in("asha").await;
    let (mut here, mut there) = (world.tab(&asha).await, world.tab(&phone).await);
    let mut other = world.tab(&bilal).await;
    for tab in [&mut here, &mut there, &mut other] {
        tab.pending();
    }
    let (it, due) = (place(id, 1), after(HOUR));
    // The same again is answered, and changes nothing.
    for _ in 0..2 {
        world.remind(&here, it, Some(due)).await.unwrap();
        assert_eq!(here.pending(), [told(Some(7), it, Some((due, false)))]);
        assert_eq!(there.pending(), [told(None, it, Some((due, false)))]);
    }
    assert_eq!(world.chat.run_timers(after(HOUR - 1)).await, Some(due));
    assert_eq!(here.pending(), []);
    for _ in 0..2 {
        assert_eq!(world.chat.run_timers(due).await, None);
    }
    for tab in [&mut here, &mut there] {
        assert_eq!(tab.pending(), [told(None, it, Some((due, true)))]);
    }
    assert_eq!(other.pending(), []);
    let list = world.reminders_of(&phone).await;
    let [item] = &list[..] else {
        panic!("{list:?}");
    };
    let message = item.message.as_ref().unwrap();
    assert_eq!(message.content.body().unwrap().as_str(), "call the bank");
    assert_eq!(world.reminders_of(&bilal).await, []);
}

#[tokio::test]
async fn again_later_and_then_done() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    world.say(&asha, id, "water the plants").await;
    let mut tab = world.tab(&asha).await;
    tab.pending();
    let it = place(id, 1);
    world.remind(&tab, it, Some(after(1))).await.unwrap();
    world.chat.run_timers(after(1)).await;
    world.remind(&tab, it, Some(after(HOUR))).await.unwrap();
    assert_eq!(world.chat.run_timers(after(2)).await, Some(after(HOUR)));
    world.chat.run_timers(after(HOUR)).await;
    world.remind(&tab, it, None).await.unwrap();
    let expected = [
        told(Some(7), it, Some((after(1), false))),
        told(None, it, Some((after(1), true))),
        told(Some(7), it, Some((after(HOUR), false))),
        told(None, it, Some((after(HOUR), true))),
        told(Some(7), it, None),
    ];
    assert_eq!(tab.pending(), expected);
    assert_eq!(world.reminders_of(&asha).await, []);
    assert_eq!(world.chat.run_timers(after(2 * HOUR)).await, None);
}

#[tokio::test]
async fn it_survives_a_restart_and_whoever_was_away_sees_what_has_come() {
    let mut world = World::new().await;
    let (asha, _, id) = world.pair().await;
    for text in ["one", "two"] {
        world.say(&asha, id, text).await;
    }
    let tab = world.tab(&asha).await;
    for (seq, time) in [(1, HOUR), (2, 2 * HOUR)] {
        let outcome = world.remind(&tab, place(id, seq), Some(after(time))).await;
        outcome.unwrap();
    }
    world.restart().await;
    let next = world.chat.run_timers(after(HOUR)).await;
    assert_eq!(next, Some(after(2 * HOUR)));
    // It was told when nobody was there; another restart does not tell it again.
    world.restart().await;
    let mut tab = world.connect(&asha, Codec::Json);
    let named = tab
        .hello(&[])
        .await
        .into_iter()
        .find_map(|frame| match frame {
            ServerFrame::Reminders { reminders } => Some(reminders),
            _ => None,
        });
    let reminder = |seq, at, due| Reminder {
        place: place(id, seq),
        at,
        due,
    };
    let expected = vec![
        reminder(1, after(HOUR), true),
        reminder(2, after(2 * HOUR), false),
    ];
    assert_eq!(named, Some(expected));
    tab.pending();
    world.chat.run_timers(after(HOUR)).await;
    assert_eq!(tab.pending(), []);
}

#[tokio::test]
async fn one_is_reminded_only_of_messages_that_one_may_read() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let stranger = world.person("stranger").await;
    world.say(&bilal, id, "one").await;
    let target = Seq(1);
    world.act(&bilal, id, Intent::Delete { target }).await;
    let (asha, stranger) = (world.tab(&asha).await, world.tab(&stranger).await);
    for (tab, seq) in [
        (&asha, 0),
        (&asha, 1),
        (&asha, 2),
        (&asha, 9),
        (&stranger, 1),
    ] {
        let refused = world.remind(tab, place(id, seq), Some(after(HOUR))).await;
        assert_eq!(refused, Err(ErrorCode::NotFound), "{seq}");
    }
    let far = Some(Timestamp::from_millis(u64::MAX));
    let refused = world.remind(&asha, place(id, 1), far).await;
    assert_eq!(refused, Err(ErrorCode::TimeOutOfRange));
}

#[tokio::test]
async fn a_deleted_message_says_so_and_a_group_that_was_left_says_nothing() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    world.say(&bilal, id, "one").await;
    let group = world.group(&bilal, &[&asha]).await;
    let in_group = world.say(&bilal, group, "secret").await.0;
    let mut tab = world.tab(&asha).await;
    for it in [place(id, 1), place(group, in_group)] {
        world.remind(&tab, it, Some(after(HOUR))).await.unwrap();
    }
    let target = Seq(1);
    world.act(&bilal, id, Intent::Delete { target }).await;
    world.act(&asha, group, Intent::Leave).await;
    tab.pending();
    assert_eq!(world.chat.run_timers(after(HOUR)).await, None);
    let expected = [
        told(None, place(id, 1), Some((after(HOUR), true))),
        told(None, place(group, in_group), None),
    ];
    let mut got = tab.pending();
    got.retain(|got| matches!(got, Got::Frame(ServerFrame::Reminder { .. })));
    got.sort_by_key(|got| usize::from(*got == expected[1]));
    assert_eq!(got, expected);
    let list = world.reminders_of(&asha).await;
    let contents: Vec<_> = list
        .iter()
        .map(|it| it.message.as_ref().map(|message| &message.content))
        .collect();
    assert_eq!(contents, [Some(&Content::Deleted)]);
}

#[tokio::test]
async fn what_one_may_not_read_any_more_takes_no_room_and_is_not_listed() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    world.say(&asha, id, "one").await;
    let group = world.group(&bilal, &[&asha]).await;
    let in_group = world.say(&bilal, group, "secret").await.0;
    let tab = world.tab(&asha).await;
    let it = place(group, in_group);
    world.remind(&tab, it, Some(after(HOUR))).await.unwrap();
    world.act(&asha, group, Intent::Leave).await;
    assert_eq!(world.reminders_of(&asha).await, []);
    let left = world.store.reminders().of(asha.user()).await.unwrap();
    assert_eq!(left, [], "it is not kept");
    let refused = world.remind(&tab, it, Some(after(HOUR))).await;
    assert_eq!(refused, Err(ErrorCode::NotFound));
}

#[tokio::test]
async fn a_muted_conversation_does_not_hold_it_back() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    world.say(&bilal, id, "one").await;
    let mut tab = world.tab(&asha).await;
    let mute = chat::ArrangeCommand {
        request: 1,
        conversation: id,
        change: Arrangement::Mute(Mute::Always),
    };
    world.chat.arrange(&asha, tab.id, mute, NOW).await.unwrap();
    let it = place(id, 1);
    world.remind(&tab, it, Some(after(1))).await.unwrap();
    tab.pending();
    world.chat.run_timers(after(1)).await;
    assert_eq!(tab.pending(), [told(None, it, Some((after(1), true)))]);
}

#[tokio::test]
async fn there_is_room_for_so_many_and_many_that_are_due_all_come() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let all = REMINDERS as u64;
    for seq in 1..=all + 1 {
        tab.does(world.command(id, "note")).await.unwrap();
        let outcome = world.remind(&tab, place(id, seq), Some(after(1))).await;
        let is_one_too_many = seq > all;
        assert_eq!(outcome.is_err(), is_one_too_many, "{seq}: {outcome:?}");
        tab.pending();
    }
    // More than one pass takes.
    while world.chat.run_timers(after(1)).await.is_some() {}
    let came = tab.pending();
    assert_eq!(came.len(), REMINDERS);
    let due = |got: &Got| {
        let Got::Frame(ServerFrame::Reminder { reminder, .. }) = got else {
            return false;
        };
        reminder.is_some_and(|reminder| reminder.due)
    };
    assert!(came.iter().all(due), "{came:?}");
}

#[tokio::test]
async fn devices_ask_anew_after_a_write_of_unknown_outcome() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    world.say(&asha, id, "water the plants").await;
    let mut tab = world.tab(&asha).await;
    let (it, asks) = (place(id, 1), Got::Frame(ServerFrame::Resync));
    let named = |due| {
        let at = after(1);
        let reminder = Reminder { place: it, at, due };
        ServerFrame::Reminders {
            reminders: vec![reminder],
        }
    };
    world.store.store_and_fail_arranging(true);
    let failed = world.remind(&tab, it, Some(after(1))).await;
    assert_eq!(failed, Err(ErrorCode::StorageUnavailable));
    world.store.store_and_fail_arranging(false);
    world.chat.tick(NOW).await;
    assert!(tab.pending().contains(&asks));
    assert!(tab.hello(&[]).await.contains(&named(false)));
    // That it was told is stored, and it was not.
    world.store.store_and_fail_arranging(true);
    world.chat.run_timers(after(1)).await;
    world.store.store_and_fail_arranging(false);
    world.chat.tick(NOW).await;
    assert!(tab.pending().contains(&asks));
    assert!(tab.hello(&[]).await.contains(&named(true)));
}

#[tokio::test]
async fn the_devices_are_told_that_one_of_what_was_dismissed_is_dropped() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    for text in ["water the plants", "call the bank"] {
        world.say(&asha, id, text).await;
    }
    let mut tab = world.tab(&asha).await;
    let (first, second) = (place(id, 1), place(id, 2));
    world.remind(&tab, first, Some(after(HOUR))).await.unwrap();
    let command = DismissCommand {
        asked: None,
        place: first,
        dismissal: Dismissal::This,
    };
    world.chat.dismiss(&asha, command, NOW).await.unwrap();
    tab.pending();
    world.remind(&tab, second, Some(after(HOUR))).await.unwrap();
    let dropped = told(None, first, None);
    assert!(tab.pending().contains(&dropped), "it may be shown again");
}
