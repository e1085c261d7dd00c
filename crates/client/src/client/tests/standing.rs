//! What people say of themselves, and how the account wants to be there.

use protocol::limits::AWAY_MS;
use protocol::{Availability, CustomStatus, StatusText};

use super::*;

fn says(client: &mut Client, until: Option<Timestamp>, now: Timestamp) -> Vec<Effect> {
    let text = StatusText::parse("in a meeting").unwrap();
    let frame = ServerFrame::Status {
        user: user(THEM),
        status: Some(CustomStatus::new(None, Some(text), until).unwrap()),
    };
    client.step(Input::Frame(frame), now)
}

fn chooses(client: &mut Client, availability: Availability) -> Vec<Effect> {
    let frame = ServerFrame::Availability { availability };
    client.step(Input::Frame(frame), at(2))
}

const NOTHING: [bool; 0] = [];

fn told(effects: &[Effect]) -> Vec<bool> {
    let active = effects.iter().filter_map(|effect| match effect {
        Effect::Transmit(ClientFrame::Active { active }) => Some(*active),
        _ => None,
    });
    active.collect()
}

#[test]
fn a_status_is_shown_until_it_is_over() {
    let mut client = live(0, 0, 0);
    let news = Effect::Changed(Change::Status(user(THEM)));
    let until = client.server_time(at(1_000));
    assert!(says(&mut client, Some(until), at(2)).contains(&news));
    assert!(client.custom_status(user(THEM)).is_some());
    assert!(!client.step(Input::Tick, at(999)).contains(&news));
    assert!(client.step(Input::Tick, at(1_000)).contains(&news));
    assert_eq!(client.custom_status(user(THEM)), None);
}

#[test]
fn whoever_is_not_to_be_disturbed_is_told_of_nothing_and_counts_go_on() {
    let mut client = live(0, 0, 0);
    let is_said = |effects: &[Effect]| {
        let said = |effect: &Effect| matches!(effect, Effect::Changed(Change::Announce { .. }));
        effects.iter().any(said)
    };
    assert!(is_said(&client.step(event(message(1, THEM)), at(1))));
    let busy = Availability::Busy { until: None };
    let news = Effect::Changed(Change::Availability);
    assert!(chooses(&mut client, busy).contains(&news));
    let before = client.unread();
    assert!(!is_said(&client.step(event(message(2, THEM)), at(3))));
    assert_eq!(client.unread(), before + 1);
    chooses(&mut client, Availability::Automatic);
    assert!(is_said(&client.step(event(message(3, THEM)), at(4))));
}

#[test]
fn a_device_that_nobody_uses_says_so_and_that_somebody_is_back() {
    let mut client = live(0, 0, 0);
    client.step(Input::Alive, at(10));
    assert_eq!(told(&client.step(Input::Tick, at(9 + AWAY_MS))), NOTHING);
    assert_eq!(told(&client.step(Input::Tick, at(10 + AWAY_MS))), [false]);
    assert_eq!(told(&client.step(Input::Tick, at(20 + AWAY_MS))), NOTHING);
    assert_eq!(told(&client.step(Input::Alive, at(30 + AWAY_MS))), [true]);
    assert_eq!(told(&client.step(Input::Alive, at(40 + AWAY_MS))), NOTHING);
}
