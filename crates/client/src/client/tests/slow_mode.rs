//! Slow mode: what waits in the outbox, and from when on the user may write.

use protocol::{ChangeKind, Content, ErrorCode, Intent, Notice, Role, SlowMode};

use super::changes::{ask_safely, ids};
use super::*;
use crate::Amend;

const SLOW: SlowMode = SlowMode::TenSeconds;

/// A live member of a group in slow mode.
fn slowed() -> Client {
    let mut client = live(0, 0, 0);
    let mut summary = group(0, &[THEM, ME]);
    summary.slow_mode = SLOW;
    let summary = Box::new(summary);
    client.step(Input::Frame(ServerFrame::Conversation { summary }), at(1));
    client
}

fn wait(id: u8, millis: u32) -> Input {
    Input::Frame(ServerFrame::Reject {
        send_id: send_id(id),
        code: ErrorCode::SlowMode,
        retry_after_ms: Some(millis),
    })
}

#[test]
fn a_message_waits_as_long_as_it_is_told_and_what_is_none_goes_on() {
    let mut client = slowed();
    client.step(event(message(1, THEM)), at(2));
    assert_eq!(ids(&ask_safely(&mut client, 1, text("chai"))), [send_id(1)]);
    client.step(wait(1, 6_000), at(1_000));
    // A message behind it waits too; a reaction does not.
    assert!(ids(&ask_safely(&mut client, 2, text("more"))).is_empty());
    let react = Intent::React {
        target: Seq(1),
        emoji: "👍".to_owned(),
        on: true,
    };
    assert_eq!(ids(&ask_safely(&mut client, 3, react)), [send_id(3)]);
    client.step(ack(3, 2), at(1_100));
    assert!(ids(&client.step(Input::Tick, at(6_999))).is_empty());
    let rows: Vec<_> = client.rows(here()).map(|row| row.delivery).collect();
    assert_eq!(rows[1..], [Delivery::Sending; 2], "nothing has failed");
    assert_eq!(ids(&client.step(Input::Tick, at(7_000))), [send_id(1)]);
    client.step(ack(1, 3), at(7_001));
    assert_eq!(client.unsent(), 1);
}

#[test]
fn what_was_written_offline_is_kept_and_goes_one_after_the_other() {
    let mut client = slowed();
    client.step(Input::SocketClosed { code: None }, at(3));
    for id in [1, 2] {
        ask_safely(&mut client, id, text("chai"));
    }
    client.step(Input::Tick, at(60_000));
    assert_eq!(ids(&connect(&mut client, at(60_000))), [send_id(1)]);
    let effects = client.step(ack(1, 1), at(60_001));
    assert_eq!(ids(&effects), [send_id(2)]);
    client.step(wait(2, 10_000), at(60_002));
    let effects = client.step(Input::Tick, at(70_002));
    assert_eq!(ids(&effects), [send_id(2)]);
    client.step(ack(2, 2), at(70_003));
    assert_eq!(client.unsent(), 0);
}

#[test]
fn the_user_may_write_again_when_the_pause_is_over() {
    let mut client = slowed();
    let until = |client: &Client, now| client.may_write_at(here(), at(now));
    assert_eq!(until(&client, 10), None);
    ask_safely(&mut client, 1, text("chai"));
    assert_eq!(until(&client, 10), Some(at(10_010)));
    client.step(ack(1, 1), at(11));
    // By the server's time of it.
    assert_eq!(until(&client, 100), Some(at(10_001)));
    assert_eq!(until(&client, 10_001), None);
    client.step(event(change(2, THEM, 1, ChangeKind::Pin(true))), at(20_000));
    assert_eq!(until(&client, 20_000), None);
    // What the server says counts, also where nothing of it is held.
    ask_safely(&mut client, 3, text("more"));
    client.step(wait(3, 9_000), at(20_010));
    assert_eq!(until(&client, 20_011), Some(at(29_010)));
}

#[test]
fn whoever_manages_the_group_need_not_wait() {
    let mut client = live(0, 0, 0);
    let mut summary = group(0, &[ME, THEM]);
    assert_eq!(summary.members[0].role, Role::Owner);
    summary.slow_mode = SLOW;
    let summary = Box::new(summary);
    client.step(Input::Frame(ServerFrame::Conversation { summary }), at(1));
    ask_safely(&mut client, 1, text("chai"));
    assert_eq!(client.may_write_at(here(), at(10)), None);
}

#[test]
fn what_was_written_before_it_was_turned_on_does_not_count() {
    let mut client = live(0, 0, 0);
    let summary = Box::new(group(0, &[THEM, ME]));
    client.step(Input::Frame(ServerFrame::Conversation { summary }), at(1));
    let slowed = |seq, slow_mode| {
        let mut entry = message(seq, THEM);
        entry.content = Content::Notice(Notice::Slowed { slow_mode });
        event(entry)
    };
    ask_safely(&mut client, 1, text("chai"));
    client.step(ack(1, 1), at(2));
    client.step(slowed(2, SLOW), at(3));
    assert_eq!(client.may_write_at(here(), at(4)), None);
    ask_safely(&mut client, 2, text("more"));
    client.step(ack(2, 3), at(5));
    assert_eq!(client.may_write_at(here(), at(6)), Some(at(10_003)));
    // Another pace is for what was written under the one before, too.
    client.step(slowed(4, SlowMode::HalfMinute), at(7));
    assert_eq!(client.may_write_at(here(), at(8)), Some(at(30_003)));
}

/// Somebody else does something to the group.
fn told(seq: u64, notice: Notice) -> Input {
    let mut entry = message(seq, THEM);
    entry.content = Content::Notice(notice);
    event(entry)
}

#[test]
fn what_waits_goes_when_slow_mode_is_off_or_shorter_or_does_not_concern_the_user_any_more() {
    let off = SlowMode::Off;
    let role = Role::Admin;
    let user = user(ME);
    let notices = [
        Notice::Slowed { slow_mode: off },
        Notice::Slowed {
            slow_mode: SlowMode::HalfMinute,
        },
        Notice::RoleChanged { user, role },
    ];
    for notice in notices {
        let mut client = slowed();
        ask_safely(&mut client, 1, text("chai"));
        client.step(wait(1, 3_600_000), at(1_000));
        assert!(ids(&client.step(Input::Tick, at(1_001))).is_empty());
        let other = Notice::Described { description: None };
        assert!(ids(&client.step(told(1, other), at(1_002))).is_empty());
        let effects = client.step(told(2, notice.clone()), at(1_003));
        assert_eq!(ids(&effects), [send_id(1)], "{notice:?}");
    }
}

#[test]
fn what_waits_goes_when_the_group_is_described_without_slow_mode() {
    let mut client = slowed();
    ask_safely(&mut client, 1, text("chai"));
    client.step(wait(1, 3_600_000), at(1_000));
    let summary = Box::new(group(1, &[THEM, ME]));
    let frame = ServerFrame::Conversation { summary };
    let effects = client.step(Input::Frame(frame), at(1_001));
    assert_eq!(ids(&effects), [send_id(1)]);
}

#[test]
fn what_waits_for_its_turn_can_be_taken_back() {
    let mut client = slowed();
    let amend = |client: &Client| {
        let key = client.rows(here()).last().unwrap().key;
        client.amend(here(), key)
    };
    ask_safely(&mut client, 1, text("chai"));
    assert_eq!(amend(&client), Amend::No, "it may be stored");
    client.step(wait(1, 6_000), at(1_000));
    assert_eq!(amend(&client), Amend::TakeBack);
    // Another tab may have found it on the disk, and sent it.
    client.step(Input::SocketClosed { code: None }, at(2_000));
    client.step(Input::Tick, at(60_000));
    assert_eq!(ids(&connect(&mut client, at(60_000))), [send_id(1)]);
    assert_eq!(amend(&client), Amend::No);
    client.step(wait(1, 6_000), at(60_001));
    assert_eq!(amend(&client), Amend::TakeBack);
    client.step(
        Input::Discard {
            send_id: send_id(1),
        },
        at(60_002),
    );
    assert!(ids(&client.step(Input::Tick, at(70_000))).is_empty());
}

#[test]
fn coming_counts_as_writing() {
    for notice in [
        Notice::Added {
            users: vec![user(ME)],
        },
        Notice::Joined { by: user(THEM) },
    ] {
        let mut client = slowed();
        let mut entry = message(1, ME);
        entry.content = Content::Notice(notice);
        client.step(event(entry), at(2));
        assert_eq!(client.may_write_at(here(), at(3)), Some(at(10_001)));
    }
}
