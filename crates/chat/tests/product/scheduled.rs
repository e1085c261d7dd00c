//! Messages that wait for their time.

use chat::{Actor, ScheduleCommand, SendCommand};
use protocol::limits::{SCHEDULE_MS, SCHEDULED};
use protocol::{
    ConversationId, ErrorCode, GroupSettings, Intent, MessageBody, Scheduled, SendId, Seq,
    ServerFrame, Text, Timestamp, Unsent,
};

use crate::faulty_store::Fault;
use crate::support::{Got, NOW, Tab, World, config, refused, texts};

const HOUR: u64 = 60 * 60 * 1_000;

fn after(millis: u64) -> Timestamp {
    NOW.plus_millis(millis)
}

fn words(text: &str) -> Text {
    MessageBody::parse(text).unwrap().into()
}

impl World {
    fn waits(&self, conversation: ConversationId, text: &str, due: Timestamp) -> ScheduleCommand {
        ScheduleCommand {
            id: self.send_id(),
            conversation,
            text: words(text),
            due,
        }
    }

    /// Schedules a message; its id.
    async fn schedule(
        &self,
        actor: &Actor,
        id: ConversationId,
        text: &str,
        due: Timestamp,
    ) -> SendId {
        let command = self.waits(id, text, due);
        let send_id = command.id;
        self.chat.schedule(actor, command, NOW).await.unwrap();
        send_id
    }

    async fn list(&self, actor: &Actor) -> Vec<Scheduled> {
        self.chat.scheduled(actor).await.unwrap()
    }

    /// What everybody in it reads, without notices.
    async fn said(&self, actor: &Actor, id: ConversationId) -> Vec<String> {
        let all = self.everything(actor, id).await;
        let said = texts(&all).into_iter().map(str::to_owned);
        said.filter(|text| text != "notice").collect()
    }
}

/// How often a connection was told that the list is another, and nothing else came.
fn told(tab: &mut Tab, conversation: ConversationId) -> usize {
    let frame = Got::Frame(ServerFrame::Scheduled { conversation });
    let pending = tab.pending();
    assert!(pending.iter().all(|got| *got == frame), "{pending:?}");
    pending.len()
}

#[tokio::test]
async fn it_waits_for_its_time_and_is_sent_once() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut author, mut reader) = (world.tab(&asha).await, world.tab(&bilal).await);
    author.pending();
    let due = after(HOUR);
    let send_id = world.schedule(&asha, id, "good morning", due).await;
    assert_eq!(world.chat.run_timers(NOW).await, Some(due));
    let early = after(HOUR - 1);
    assert_eq!(world.chat.run_timers(early).await, Some(due));
    assert_eq!(world.said(&asha, id).await, Vec::<String>::new());
    assert_eq!(told(&mut author, id), 1);
    assert_eq!(world.chat.run_timers(due).await, None);
    let sent = author.event().await;
    assert_eq!((sent.send_id, sent.sent_at), (send_id, due));
    assert_eq!(reader.next_event().await, sent);
    assert_eq!(world.chat.run_timers(after(2 * HOUR)).await, None);
    assert_eq!(world.said(&asha, id).await, ["good morning"]);
    assert_eq!(world.list(&asha).await, []);
}

#[tokio::test]
async fn only_its_author_knows_of_it_on_every_device() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let phone = world.sign_in("asha").await;
    let (mut here, mut there) = (world.tab(&asha).await, world.tab(&phone).await);
    let mut other = world.tab(&bilal).await;
    for tab in [&mut here, &mut there, &mut other] {
        tab.pending();
    }
    let due = after(HOUR);
    let send_id = world.schedule(&asha, id, "a surprise", due).await;
    assert_eq!((told(&mut here, id), told(&mut there, id)), (1, 1));
    assert_eq!(told(&mut other, id), 0);
    let expected = Scheduled {
        id: send_id,
        conversation: id,
        due,
        text: Some(words("a surprise")),
        unsent: None,
    };
    assert_eq!(world.list(&phone).await, [expected]);
    assert_eq!(world.list(&bilal).await, []);
    for outcome in [
        world.chat.unschedule(&bilal, send_id, NOW).await,
        world.chat.send_scheduled(&bilal, send_id, NOW).await,
    ] {
        refused(outcome, ErrorCode::NotFound);
    }
    world.chat.unschedule(&phone, send_id, NOW).await.unwrap();
    assert_eq!((told(&mut here, id), told(&mut there, id)), (1, 1));
    assert_eq!(world.list(&asha).await, []);
    refused(
        world.chat.unschedule(&asha, send_id, NOW).await,
        ErrorCode::NotFound,
    );
    assert_eq!(world.chat.run_timers(after(2 * HOUR)).await, None);
    assert_eq!(world.said(&bilal, id).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_was_due_while_the_server_was_off_is_sent_at_its_start_in_order() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    world.schedule(&asha, id, "third", after(3 * HOUR)).await;
    world.schedule(&bilal, id, "second", after(2 * HOUR)).await;
    world.schedule(&asha, id, "first", after(HOUR)).await;
    world.schedule(&asha, id, "later", after(9 * HOUR)).await;
    world.restart().await;
    let next = world.chat.run_timers(after(5 * HOUR)).await;
    assert_eq!(next, Some(after(9 * HOUR)));
    assert_eq!(
        world.said(&asha, id).await,
        ["first", "second", "third"].map(str::to_owned)
    );
    assert_eq!(world.list(&asha).await.len(), 1);
}

#[tokio::test]
async fn more_than_one_pass_takes_is_sent_by_the_next_one() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    for n in 0..SCHEDULED as u64 {
        let due = after(HOUR + n);
        world.schedule(&asha, id, &format!("{n:03}"), due).await;
    }
    let more = world.waits(id, "too many", after(HOUR));
    let refusal = world.chat.schedule(&asha, more, NOW).await;
    refused(refusal, ErrorCode::TooMany);
    let now = after(2 * HOUR);
    assert_eq!(world.chat.run_timers(now).await, Some(now));
    let sent = world.said(&asha, id).await;
    assert!(sent.len() < SCHEDULED, "a part of it: {}", sent.len());
    assert_eq!(world.chat.run_timers(now).await, None);
    let sent = world.said(&asha, id).await;
    assert!(sent.is_sorted(), "{sent:?}");
    assert_eq!(sent.len(), SCHEDULED);
}

#[tokio::test]
async fn a_failed_commit_is_repeated_and_stored_once() {
    for fault in [
        Fault::Full,
        Fault::Lost,
        Fault::StoredAndFailed,
        Fault::Panic,
        Fault::StoredAndPanic,
    ] {
        let world = World::new().await;
        let (asha, _, id) = world.pair().await;
        let due = after(HOUR);
        world.schedule(&asha, id, "once", due).await;
        world.store.fail_next(&[fault]);
        let mut now = due;
        while let Some(next) = world.chat.run_timers(now).await {
            assert!(next > now, "{fault:?} is not repeated without a pause");
            now = next;
        }
        world.chat.tick(now).await;
        assert!(world.store.is_sound());
        assert_eq!(world.said(&asha, id).await, ["once"], "{fault:?}");
        assert_eq!(world.list(&asha).await, [], "{fault:?}");
    }
}

#[tokio::test]
async fn one_that_cannot_be_sent_for_now_holds_up_no_other() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let other = world.group(&asha, &[&bilal]).await;
    let due = after(HOUR);
    for n in 0..70 {
        world.schedule(&bilal, id, &format!("{n}"), due).await;
    }
    world.schedule(&asha, other, "goes", after(HOUR + 1)).await;
    let mut world = world;
    world.restart().await;
    world.store.spoil(id);
    let now = after(2 * HOUR);
    let mut next = world.chat.run_timers(now).await;
    while next == Some(now) {
        next = world.chat.run_timers(now).await;
    }
    assert!(next.is_some_and(|next| next > now), "they are tried again");
    assert_eq!(world.said(&asha, other).await, ["goes"]);
    assert_eq!(world.list(&bilal).await.len(), 70);
}

#[tokio::test]
async fn what_may_not_be_sent_any_more_is_kept_with_the_reason() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let carol = world.person("carol").await;
    let id = world.group(&asha, &[&bilal, &carol]).await;
    let due = after(HOUR);
    world.schedule(&bilal, id, "from outside", due).await;
    world.schedule(&carol, id, "not an admin", due).await;
    world.schedule(&asha, id, "may", due).await;
    let mut owner = world.tab(&asha).await;
    let settings = GroupSettings {
        announcements_only: true,
        ..GroupSettings::default()
    };
    for intent in [
        Intent::Remove { user: bilal.user() },
        Intent::Configure { settings },
    ] {
        owner.does(world.intend(id, intent)).await.unwrap();
    }
    let mut gone = world.tab(&bilal).await;
    gone.pending();
    assert_eq!(world.chat.run_timers(due).await, None);
    assert_eq!(told(&mut gone, id), 1, "live, although they are not in it");
    assert_eq!(world.said(&asha, id).await, ["may"]);
    for (who, text, why) in [
        (&bilal, "from outside", Unsent::NotFound),
        (&carol, "not an admin", Unsent::Forbidden),
    ] {
        let list = world.list(who).await;
        let [kept] = list.as_slice() else {
            panic!("{list:?}");
        };
        assert_eq!(kept.text, Some(words(text)));
        assert_eq!((kept.due, kept.unsent), (due, Some(why)));
        // It is not tried again by itself, and refused in the same way by hand.
        let by_hand = world.chat.send_scheduled(who, kept.id, due).await;
        assert!(by_hand.is_err());
    }
    assert_eq!(world.chat.run_timers(after(9 * HOUR)).await, None);
    assert_eq!(world.said(&asha, id).await, ["may"]);
}

#[tokio::test]
async fn a_message_that_was_not_sent_can_be_given_another_time() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let id = world.group(&asha, &[&bilal]).await;
    let mut owner = world.tab(&asha).await;
    let only_admins = |announcements_only| {
        let settings = GroupSettings {
            announcements_only,
            ..GroupSettings::default()
        };
        world.intend(id, Intent::Configure { settings })
    };
    let send_id = world.schedule(&bilal, id, "chai?", after(HOUR)).await;
    owner.does(only_admins(true)).await.unwrap();
    world.chat.run_timers(after(HOUR)).await;
    let again = ScheduleCommand {
        id: send_id,
        ..world.waits(id, "chai!", after(3 * HOUR))
    };
    let refusal = world.chat.reschedule(&bilal, again.clone(), NOW).await;
    refused(refusal, ErrorCode::Forbidden);
    owner.does(only_admins(false)).await.unwrap();
    world.chat.reschedule(&bilal, again, NOW).await.unwrap();
    assert_eq!(world.list(&bilal).await[0].unsent, None);
    let next = world.chat.run_timers(after(2 * HOUR)).await;
    assert_eq!(next, Some(after(3 * HOUR)));
    assert_eq!(world.chat.run_timers(after(3 * HOUR)).await, None);
    assert_eq!(world.said(&asha, id).await, ["chai!"]);
}

#[tokio::test]
async fn a_change_of_what_was_sent_meanwhile_does_not_send_it_twice() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let send_id = world.schedule(&asha, id, "before", after(HOUR)).await;
    let change = |text, due| ScheduleCommand {
        id: send_id,
        ..world.waits(id, text, due)
    };
    let earlier = change("after", after(HOUR / 2));
    world.chat.reschedule(&asha, earlier, NOW).await.unwrap();
    world.chat.run_timers(after(HOUR)).await;
    let late = change("too late", after(2 * HOUR));
    let refusal = world.chat.reschedule(&asha, late, NOW).await;
    refused(refusal, ErrorCode::NotFound);
    refused(
        world.chat.send_scheduled(&asha, send_id, NOW).await,
        ErrorCode::NotFound,
    );
    assert_eq!(world.chat.run_timers(after(3 * HOUR)).await, None);
    assert_eq!(world.said(&asha, id).await, ["after"]);
}

#[tokio::test]
async fn it_can_be_sent_before_its_time() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut reader = world.tab(&bilal).await;
    let send_id = world.schedule(&asha, id, "now then", after(HOUR)).await;
    world
        .chat
        .send_scheduled(&asha, send_id, NOW)
        .await
        .unwrap();
    assert_eq!(reader.next_event().await.send_id, send_id);
    assert_eq!(world.list(&asha).await, []);
    assert_eq!(world.chat.run_timers(after(HOUR)).await, None);
    assert_eq!(world.said(&asha, id).await, ["now then"]);
}

#[tokio::test]
async fn a_repeated_request_schedules_once_and_deletion_can_be_undone() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let command = world.waits(id, "once", after(HOUR));
    for _ in 0..2 {
        let same = world.chat.schedule(&asha, command.clone(), NOW).await;
        same.unwrap();
    }
    assert_eq!(world.list(&asha).await.len(), 1);
    // Under one id there is one message.
    let elsewhere = ScheduleCommand {
        conversation: world.group(&asha, &[&bilal]).await,
        ..command.clone()
    };
    let refusal = world.chat.schedule(&asha, elsewhere, NOW).await;
    refused(refusal, ErrorCode::Malformed);
    let before = world.list(&asha).await;
    world.chat.unschedule(&asha, command.id, NOW).await.unwrap();
    world.chat.schedule(&asha, command, NOW).await.unwrap();
    assert_eq!(world.list(&asha).await, before);
    world.chat.run_timers(after(HOUR)).await;
    assert_eq!(world.said(&asha, id).await, ["once"]);
}

#[tokio::test]
async fn what_could_not_be_sent_now_is_not_scheduled_and_neither_is_an_impossible_time() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let stranger = world.person("carol").await;
    let id = world.group(&asha, &[&bilal]).await;
    let answer = Text {
        reply_to: Some(Seq(99)),
        ..words("to nothing")
    };
    for (who, text, due, code) in [
        (&asha, words("x"), NOW, ErrorCode::TimeOutOfRange),
        (
            &asha,
            words("x"),
            after(SCHEDULE_MS + 1),
            ErrorCode::TimeOutOfRange,
        ),
        (&stranger, words("x"), after(HOUR), ErrorCode::NotFound),
        (&asha, answer, after(HOUR), ErrorCode::NotFound),
    ] {
        let command = ScheduleCommand {
            text,
            ..world.waits(id, "x", due)
        };
        refused(world.chat.schedule(who, command, NOW).await, code);
    }
    assert_eq!(world.list(&asha).await, []);
    assert_eq!(world.chat.run_timers(after(HOUR)).await, None);
}

#[tokio::test]
async fn scheduling_counts_as_sending() {
    let limited = chat::Config {
        rate_limits: true,
        ..config()
    };
    let world = World::with(limited).await;
    let (asha, _, id) = world.pair().await;
    let send_id = world.schedule(&asha, id, "x", after(HOUR)).await;
    let mut outcome = Ok(());
    for _ in 0..300 {
        let again = ScheduleCommand {
            id: send_id,
            ..world.waits(id, "x", after(HOUR))
        };
        outcome = world.chat.reschedule(&asha, again, NOW).await;
        if outcome.is_err() {
            break;
        }
    }
    refused(outcome, ErrorCode::RateLimited);
}

#[tokio::test]
async fn an_id_that_was_used_for_a_message_is_not_sent_for_ever() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut author = world.tab(&asha).await;
    let send_id = world.schedule(&asha, id, "waits", after(HOUR)).await;
    let same = SendCommand {
        send_id,
        ..world.command(id, "sent by hand")
    };
    author.does(same).await.unwrap();
    assert_eq!(world.chat.run_timers(after(HOUR)).await, None);
    assert_eq!(world.list(&asha).await[0].unsent, Some(Unsent::Refused));
    assert_eq!(world.said(&asha, id).await, ["sent by hand"]);
}

#[tokio::test]
async fn an_earlier_newcomer_wakes_whoever_waits() {
    use futures_util::FutureExt as _;
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let woken = || world.chat.earlier_timer().now_or_never().is_some();
    world.schedule(&asha, id, "b", after(2 * HOUR)).await;
    assert!(woken(), "nothing was waited for");
    world.chat.run_timers(NOW).await;
    world.schedule(&asha, id, "c", after(3 * HOUR)).await;
    assert!(!woken());
    world.schedule(&asha, id, "a", after(HOUR)).await;
    assert!(woken());
}
