//! Messages that the user saves: at once, through broken connections and reloads.

use protocol::SavedPlace;

use super::*;
use crate::SavedWish;

fn place(seq: u64) -> SavedPlace {
    SavedPlace {
        conversation: here(),
        seq: Seq(seq),
    }
}

fn save(client: &mut Client, seq: u64, on: bool, now: u64) -> Vec<Effect> {
    let place = place(seq);
    client.step(Input::Save { place, on }, at(now))
}

fn told(client: &mut Client, frame: ServerFrame, now: u64) -> Vec<Effect> {
    client.step(Input::Frame(frame), at(now))
}

fn saved(request: Option<u32>, seq: u64, on: bool) -> ServerFrame {
    let place = place(seq);
    ServerFrame::Saved { request, place, on }
}

/// What the only `Save` among the effects asks for.
fn asked(effects: &[Effect]) -> (u32, SavedPlace, bool) {
    let asked = frames(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::Save { request, place, on } => Some((request, place, on)),
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
    let effects = save(&mut client, 3, true, 1);
    let wish = SavedWish {
        place: place(3),
        on: true,
    };
    assert!(effects.contains(&Effect::SaveWish(wish)));
    assert!(effects.contains(&Effect::Changed(Change::Rows(here()))));
    let (request, asked_for, on) = asked(&effects);
    assert_eq!((asked_for, on), (place(3), true));
    assert!(client.is_saved(here(), Seq(3)) && !client.is_saved(here(), Seq(4)));
    assert_eq!(save(&mut client, 3, true, 2), [], "nothing new");
    let effects = told(&mut client, saved(Some(request), 3, true), 3);
    assert!(effects.contains(&Effect::ForgetWish(place(3))));
    assert!(client.is_saved(here(), Seq(3)));
    assert_eq!(client.wishes(), 0);
}

#[test]
fn what_another_device_has_saved_is_saved_here() {
    let mut client = live(5, 5, 0);
    let effects = told(&mut client, saved(None, 3, true), 1);
    assert!(effects.contains(&Effect::Changed(Change::Saved)));
    assert!(client.is_saved(here(), Seq(3)));
    told(&mut client, saved(None, 3, false), 2);
    assert!(!client.is_saved(here(), Seq(3)));
}

#[test]
fn offline_it_is_kept_through_a_reload_and_sent_when_there_is_a_connection() {
    let mut client = live(5, 5, 0);
    client.step(Input::SocketClosed { code: None }, at(1));
    for on in [true, false, true] {
        assert!(frames(&save(&mut client, 3, on, 2)).is_empty());
    }
    let mut client = new_client();
    let wish = SavedWish {
        place: place(3),
        on: true,
    };
    let restored = Restored {
        saved: vec![wish],
        ..Restored::default()
    };
    client.step(Input::Restored(restored), at(3));
    assert!(client.is_saved(here(), Seq(3)));
    client.step(Input::Start, at(3));
    let effects = connect(&mut client, at(4));
    let (_, asked_for, on) = asked(&effects);
    assert_eq!((asked_for, on), (place(3), true));
}

#[test]
fn what_was_given_up_meanwhile_is_not_saved_after_a_resume() {
    let mut client = live(5, 5, 0);
    told(&mut client, saved(None, 3, true), 1);
    told(&mut client, saved(None, 4, true), 1);
    client.step(Input::SocketClosed { code: None }, at(2));
    client.step(Input::ConnectNow, at(3));
    client.step(Input::SocketOpened, at(3));
    told(&mut client, welcome(ME), 3);
    let places = vec![place(4)];
    told(&mut client, ServerFrame::AllSaved { places }, 3);
    let effects = told(&mut client, ServerFrame::Resumed, 3);
    assert!(effects.contains(&Effect::Changed(Change::Rows(here()))));
    assert!(!client.is_saved(here(), Seq(3)) && client.is_saved(here(), Seq(4)));
}

#[test]
fn what_is_refused_for_good_is_given_up_and_says_why() {
    let mut client = live(5, 5, 0);
    let effects = save(&mut client, 3, true, 1);
    let (request, ..) = asked(&effects);
    let code = ErrorCode::TooMany;
    let effects = told(&mut client, ServerFrame::Refused { request, code }, 2);
    assert!(effects.contains(&Effect::ForgetWish(place(3))));
    assert!(!client.is_saved(here(), Seq(3)));
    assert_eq!(client.take_not_saved(), Some(ErrorCode::TooMany));
    assert_eq!(client.take_not_saved(), None, "it is told once");
    save(&mut client, 4, true, 3);
    assert_eq!(client.take_not_saved(), None);
}
