//! What the account or another hides.

use protocol::{Presence, Privacy};

use super::*;

fn privacy(client: &mut Client, hides_reading: bool, hides_presence: bool) -> Vec<Effect> {
    let privacy = Privacy {
        hides_reading,
        hides_presence,
    };
    client.step(Input::Frame(ServerFrame::Privacy { privacy }), at(3))
}

fn seen(client: &mut Client, seq: u64) -> Vec<Effect> {
    let frame = ServerFrame::Seen {
        conversation: here(),
        user: user(THEM),
        seq: Seq(seq),
    };
    client.step(Input::Frame(frame), at(2))
}

fn presence(client: &mut Client) {
    let frame = ServerFrame::Presence {
        user: user(THEM),
        presence: Presence::Online,
    };
    client.step(Input::Frame(frame), at(2));
}

fn typing(client: &mut Client) {
    let frame = ServerFrame::Typing {
        conversation: here(),
        user: user(THEM),
        active: true,
    };
    client.step(Input::Frame(frame), at(2));
}

/// A live client in a direct conversation with one message of its own, which was seen.
fn read_by_them() -> Client {
    let mut client = live(0, 0, 0);
    client.step(event(message(1, ME)), at(1));
    client.step(event(message(2, ME)), at(1));
    seen(&mut client, 2);
    assert_eq!(deliveries(&client), [Delivery::Read; 2]);
    client
}

fn deliveries(client: &Client) -> Vec<Delivery> {
    client.rows(here()).map(|row| row.delivery).collect()
}

fn cursor(client: &Client) -> Seq {
    let summary = client.conversation(here()).unwrap();
    let them = summary.members.iter().find(|it| it.person.id == user(THEM));
    them.unwrap().read_seq
}

#[test]
fn a_cursor_that_is_not_shown_any_more_goes() {
    let mut client = read_by_them();
    let effects = seen(&mut client, 0);
    assert!(effects.contains(&Effect::Changed(Change::Rows(here()))));
    assert_eq!(deliveries(&client), [Delivery::Sent; 2]);
    assert_eq!(cursor(&client), Seq::ZERO);
    assert_eq!(seen(&mut client, 0), [], "it is gone already");
    seen(&mut client, 1);
    assert_eq!(deliveries(&client), [Delivery::Read, Delivery::Sent]);
}

#[test]
fn whoever_hides_their_reading_sees_nobody_elses_at_once() {
    let mut client = read_by_them();
    let effects = privacy(&mut client, true, false);
    for change in [Change::Privacy, Change::Rows(here()), Change::List(here())] {
        assert!(effects.contains(&Effect::Changed(change)), "{change:?}");
    }
    assert_eq!(deliveries(&client), [Delivery::Sent; 2]);
    assert!(client.privacy().hides_reading);
    // What was asked for before and is answered after it changes nothing.
    let mut late = summary(2, 2, 0);
    late.members[1].read_seq = Seq(2);
    let summary = Box::new(late);
    client.step(Input::Frame(ServerFrame::Conversation { summary }), at(4));
    assert_eq!(cursor(&client), Seq::ZERO);
    // What is to be seen again is told.
    let effects = privacy(&mut client, false, false);
    assert!(effects.contains(&Effect::Changed(Change::Privacy)));
    seen(&mut client, 2);
    assert_eq!(deliveries(&client), [Delivery::Read; 2]);
}

#[test]
fn whoever_hides_their_presence_knows_of_nobody_who_is_there() {
    let mut client = read_by_them();
    presence(&mut client);
    typing(&mut client);
    assert_eq!(client.typing(here()), [user(THEM)]);
    let effects = privacy(&mut client, false, true);
    for change in [
        Change::Privacy,
        Change::Presence(user(THEM)),
        Change::Typing(here()),
    ] {
        assert!(effects.contains(&Effect::Changed(change)), "{change:?}");
    }
    assert_eq!(client.presence(user(THEM)), None);
    assert_eq!(client.typing(here()), []);
    assert_eq!(
        deliveries(&client),
        [Delivery::Read; 2],
        "that is another matter"
    );
}
