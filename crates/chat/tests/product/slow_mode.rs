//! Slow mode: how often members of a group write.

use chat::{Actor, ScheduleCommand};
use protocol::{
    ConversationId, ErrorCode, Intent, Lifetime, MessageBody, Role, Seq, SlowMode, Timestamp, Uses,
};

use crate::polls::ask;
use crate::support::{NOW, Tab, World};

const SLOW: SlowMode = SlowMode::TenSeconds;

const fn slowly(slow_mode: SlowMode) -> Intent {
    Intent::SlowMode { slow_mode }
}

fn later(millis: u64) -> Timestamp {
    NOW.plus_millis(millis)
}

/// A group of an owner and a member, in slow mode.
async fn slowed(world: &World) -> (Actor, Actor, ConversationId) {
    let (owner, member) = (world.person("asha").await, world.person("bilal").await);
    let id = world.group(&owner, &[&member]).await;
    let mut tab = world.tab(&owner).await;
    tab.does(world.intend(id, slowly(SLOW))).await.unwrap();
    (owner, member, id)
}

async fn says_at(world: &World, tab: &mut Tab, id: ConversationId, now: Timestamp) -> Outcome {
    intends_at(world, tab, id, Intent::text("chai"), now).await
}

type Outcome = Result<Seq, (ErrorCode, Option<u32>)>;

async fn intends_at(
    world: &World,
    tab: &mut Tab,
    id: ConversationId,
    intent: Intent,
    now: Timestamp,
) -> Outcome {
    let sent = tab.send_at(world.intend(id, intent), now);
    match tab.outcome(sent).await {
        Ok(seq) => Ok(seq),
        Err(code) => Err((code, None)),
    }
}

#[tokio::test]
async fn a_member_waits_and_is_told_how_long_and_whoever_manages_the_group_does_not() {
    let world = World::new().await;
    let (owner, member, id) = slowed(&world).await;
    let mut tab = world.tab(&member).await;
    says_at(&world, &mut tab, id, NOW).await.unwrap();
    let sent = tab.send_at(world.command(id, "more"), later(4_000));
    let (code, left) = tab.rejected(sent).await;
    assert_eq!((code, left), (ErrorCode::SlowMode, Some(6_000)));
    // Everything else goes on.
    let emoji = "👍".to_owned();
    let (target, on) = (Seq(3), true);
    let react = Intent::React { target, emoji, on };
    intends_at(&world, &mut tab, id, react, later(4_000))
        .await
        .unwrap();
    let text = "chai!".to_owned();
    let edit = Intent::Edit { target, text };
    intends_at(&world, &mut tab, id, edit, later(4_000))
        .await
        .unwrap();
    for intent in [
        ask(false),
        Intent::Forward {
            text: "x".to_owned(),
        },
    ] {
        let refused = intends_at(&world, &mut tab, id, intent, later(9_999)).await;
        assert_eq!(refused, Err((ErrorCode::SlowMode, None)));
    }
    says_at(&world, &mut tab, id, later(10_000)).await.unwrap();
    let mut tab = world.tab(&owner).await;
    for _ in 0..3 {
        says_at(&world, &mut tab, id, later(10_000)).await.unwrap();
    }
}

#[tokio::test]
async fn two_devices_at_once_write_once() {
    let world = World::new().await;
    let (_, member, id) = slowed(&world).await;
    let (mut one, mut two) = (world.tab(&member).await, world.tab(&member).await);
    // Both wait for the same commit.
    let first = one.send(world.command(id, "one"));
    let second = two.send(world.command(id, "two"));
    let outcomes = [one.outcome(first).await, two.outcome(second).await];
    let accepted = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(accepted, 1, "{outcomes:?}");
    assert!(outcomes.contains(&Err(ErrorCode::SlowMode)));
}

#[tokio::test]
async fn a_restart_gives_nobody_a_message_more_and_a_retry_finds_its_first_copy() {
    let mut world = World::new().await;
    let (_, member, id) = slowed(&world).await;
    let mut tab = world.tab(&member).await;
    let command = world.command(id, "chai");
    tab.send(command.clone());
    let seq = tab.acked(command.send_id).await;
    world.restart().await;
    let mut tab = world.tab(&member).await;
    let refused = says_at(&world, &mut tab, id, later(9_000)).await;
    assert_eq!(refused, Err((ErrorCode::SlowMode, None)));
    let retry = true;
    let again = chat::SendCommand { retry, ..command };
    assert_eq!(tab.does(again).await, Ok(seq));
}

#[tokio::test]
async fn it_is_set_by_whoever_manages_the_group_and_told_to_everybody() {
    let world = World::new().await;
    let (owner, member, id) = slowed(&world).await;
    let row = world.chat.conversation(&member, id).await.unwrap();
    assert_eq!(row.slow_mode, SLOW);
    let mut m = world.tab(&member).await;
    let refused = m.does(world.intend(id, slowly(SlowMode::Off))).await;
    assert_eq!(refused, Err(ErrorCode::Forbidden));
    says_at(&world, &mut m, id, NOW).await.unwrap();
    // Somebody who manages it too waits no longer, and again when they do not.
    let mut o = world.tab(&owner).await;
    for (role, expected) in [
        (Role::Admin, Ok(())),
        (Role::Member, Err((ErrorCode::SlowMode, None))),
    ] {
        let user = member.user();
        o.does(world.intend(id, Intent::SetRole { user, role }))
            .await
            .unwrap();
        let said = says_at(&world, &mut m, id, later(1_000)).await;
        assert_eq!(said.map(|_| ()), expected, "{role:?}");
    }
    o.does(world.intend(id, slowly(SlowMode::Off)))
        .await
        .unwrap();
    for _ in 0..3 {
        says_at(&world, &mut m, id, later(1_000)).await.unwrap();
    }
    let direct = world.chat.open_direct(&owner, member.user(), NOW).await;
    let direct = direct.unwrap().id;
    let refused = o.does(world.intend(direct, slowly(SLOW))).await;
    assert_eq!(refused, Err(ErrorCode::Forbidden));
}

#[tokio::test]
async fn what_was_scheduled_waits_for_its_turn_and_is_sent_then() {
    let world = World::new().await;
    let (_, member, id) = slowed(&world).await;
    let due = later(5_000);
    let command = ScheduleCommand {
        id: world.send_id(),
        conversation: id,
        text: MessageBody::parse("later").unwrap().into(),
        due,
    };
    world.chat.schedule(&member, command, NOW).await.unwrap();
    let mut tab = world.tab(&member).await;
    says_at(&world, &mut tab, id, later(1_000)).await.unwrap();
    // Not again and again, but when it may go.
    let turn = later(11_000);
    assert_eq!(world.chat.run_timers(due).await, Some(turn));
    let waiting = world.chat.scheduled(&member).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].unsent), (1, None));
    assert_eq!(world.chat.run_timers(turn).await, None);
    assert_eq!(tab.next_event().await.sent_at, turn);
    assert_eq!(world.chat.scheduled(&member).await.unwrap(), []);
}

#[tokio::test]
async fn whoever_leaves_and_comes_back_has_not_waited() {
    let world = World::new().await;
    let (owner, member, id) = slowed(&world).await;
    let terms = (Lifetime::Forever, Uses::Any);
    let made = world.chat.make_invite(&owner, id, terms, NOW).await;
    let token = made.unwrap().token;
    let mut tab = world.tab(&member).await;
    says_at(&world, &mut tab, id, NOW).await.unwrap();
    let leave = world.intend(id, Intent::Leave);
    let sent = tab.send_at(leave, later(1_000));
    tab.outcome(sent).await.unwrap();
    let address = "192.0.2.7".parse().unwrap();
    let back = world.chat.join(&member, &token, address, later(2_000));
    back.await.unwrap();
    let mut tab = world.tab(&member).await;
    let sent = tab.send_at(world.command(id, "more"), later(3_000));
    let refused = tab.rejected(sent).await;
    assert_eq!(refused, (ErrorCode::SlowMode, Some(9_000)));
    says_at(&world, &mut tab, id, later(12_000)).await.unwrap();
}
