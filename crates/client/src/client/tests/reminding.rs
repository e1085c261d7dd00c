//! Reminders: at once, through broken connections and reloads, and told when they come.

use protocol::{Reminder, SavedPlace};

use super::*;
use crate::ReminderWish;

const TIME: u64 = 60_000;

fn place(seq: u64) -> SavedPlace {
    SavedPlace {
        conversation: here(),
        seq: Seq(seq),
    }
}

fn reminder(seq: u64, time: u64, due: bool) -> Reminder {
    Reminder {
        place: place(seq),
        at: at(time),
        due,
    }
}

fn remind(client: &mut Client, time: Option<u64>, now: u64) -> Vec<Effect> {
    let (place, time) = (place(3), time.map(at));
    client.step(Input::Remind { place, at: time }, at(now))
}

fn told(client: &mut Client, frame: ServerFrame, now: u64) -> Vec<Effect> {
    client.step(Input::Frame(frame), at(now))
}

fn tells(request: Option<u32>, reminder: Option<Reminder>) -> ServerFrame {
    ServerFrame::Reminder {
        request,
        place: place(3),
        reminder,
    }
}

/// What the only `Remind` among the effects asks for.
fn asked(effects: &[Effect]) -> (u32, Option<Timestamp>) {
    let asked = frames(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::Remind { request, at, .. } => Some((request, at)),
        _ => None,
    });
    let asked: Vec<_> = asked.collect();
    let [one] = asked[..] else {
        panic!("one thing is asked for: {effects:?}");
    };
    one
}

#[test]
fn it_shows_at_once_is_stored_and_is_forgotten_when_the_server_has_answered() {
    let mut client = live(5, 5, 0);
    let effects = remind(&mut client, Some(TIME), 1);
    let wish = ReminderWish {
        place: place(3),
        remind_at: Some(at(TIME)),
    };
    assert!(effects.contains(&Effect::SaveReminder(wish)));
    assert!(effects.contains(&Effect::Changed(Change::Reminders)));
    let (request, time) = asked(&effects);
    assert_eq!(time, Some(at(TIME)));
    assert_eq!(client.reminders(), [reminder(3, TIME, false)]);
    assert_eq!(remind(&mut client, Some(TIME), 2), [], "nothing new");
    let answer = tells(Some(request), Some(reminder(3, TIME, false)));
    let effects = told(&mut client, answer, 3);
    assert!(effects.contains(&Effect::ForgetReminder(place(3))));
    assert_eq!(client.wishes(), 0);
    assert_eq!(client.reminders(), [reminder(3, TIME, false)]);
}

#[test]
fn one_that_has_come_waits_for_another_time_or_is_put_aside() {
    let mut client = live(5, 5, 0);
    let due = reminder(3, TIME, true);
    let effects = told(&mut client, tells(None, Some(due)), 1);
    assert!(effects.contains(&Effect::Changed(Change::Reminders)));
    assert_eq!(client.reminders(), [due]);
    let (request, _) = asked(&remind(&mut client, Some(2 * TIME), 2));
    let later = reminder(3, 2 * TIME, false);
    assert_eq!(client.reminders(), [later]);
    told(&mut client, tells(Some(request), Some(later)), 3);
    let (_, time) = asked(&remind(&mut client, None, 4));
    assert_eq!((time, client.reminders()), (None, vec![]));
}

#[test]
fn offline_it_is_kept_through_a_reload_and_sent_when_there_is_a_connection() {
    let mut client = live(5, 5, 0);
    client.step(Input::SocketClosed { code: None }, at(1));
    assert!(frames(&remind(&mut client, Some(TIME), 2)).is_empty());
    let mut client = new_client();
    let wish = ReminderWish {
        place: place(3),
        remind_at: Some(at(TIME)),
    };
    let restored = Restored {
        reminders: vec![wish],
        ..Restored::default()
    };
    client.step(Input::Restored(restored), at(3));
    assert_eq!(client.reminders(), [reminder(3, TIME, false)]);
    client.step(Input::Start, at(3));
    let effects = connect(&mut client, at(4));
    assert_eq!(asked(&effects).1, Some(at(TIME)));
}

#[test]
fn a_device_that_was_away_learns_what_has_come_and_what_was_put_aside() {
    let mut client = live(5, 5, 0);
    told(&mut client, tells(None, Some(reminder(3, TIME, false))), 1);
    client.step(Input::SocketClosed { code: None }, at(2));
    client.step(Input::ConnectNow, at(3));
    client.step(Input::SocketOpened, at(3));
    told(&mut client, welcome(ME), 3);
    let reminders = vec![reminder(4, 2, true)];
    told(&mut client, ServerFrame::Reminders { reminders }, 3);
    let effects = told(&mut client, ServerFrame::Resumed, 3);
    assert!(effects.contains(&Effect::Changed(Change::Reminders)));
    assert_eq!(client.reminders(), [reminder(4, 2, true)]);
}

#[test]
fn what_is_refused_for_good_is_given_up_and_says_why() {
    let mut client = live(5, 5, 0);
    let (request, _) = asked(&remind(&mut client, Some(TIME), 1));
    let code = ErrorCode::TooMany;
    let effects = told(&mut client, ServerFrame::Refused { request, code }, 2);
    assert!(effects.contains(&Effect::ForgetReminder(place(3))));
    assert_eq!(client.reminders(), []);
    assert_eq!(client.not_reminded(), Some(ErrorCode::TooMany));
    remind(&mut client, Some(2 * TIME), 3);
    assert_eq!(client.not_reminded(), None);
}

#[test]
fn of_a_conversation_that_one_was_removed_from_nothing_is_left() {
    let mut client = live(5, 5, 0);
    told(&mut client, tells(None, Some(reminder(3, TIME, true))), 1);
    let conversation = here();
    told(&mut client, ServerFrame::Gone { conversation }, 2);
    assert_eq!(client.reminders(), []);
}
