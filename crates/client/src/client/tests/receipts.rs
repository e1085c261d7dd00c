//! What this device has, and what the other one's has, in conversations of two.

use protocol::Privacy;

use super::*;

/// The places that the server was told.
fn receipts(effects: &[Effect]) -> Vec<Seq> {
    let frames = frames(effects).into_iter();
    let receipt = |frame| match frame {
        ClientFrame::Received { seq, .. } => Some(seq),
        _ => None,
    };
    frames.filter_map(receipt).collect()
}

fn tick(client: &mut Client, now: u64) -> Vec<Seq> {
    receipts(&client.step(Input::Tick, at(now)))
}

fn delivered(client: &mut Client, who: u8, seq: u64) -> Vec<Effect> {
    let frame = ServerFrame::Delivered {
        conversation: here(),
        user: user(who),
        seq: Seq(seq),
    };
    client.step(Input::Frame(frame), at(2))
}

fn seen(client: &mut Client, seq: u64) {
    let frame = ServerFrame::Seen {
        conversation: here(),
        user: user(THEM),
        seq: Seq(seq),
    };
    client.step(Input::Frame(frame), at(2));
}

fn deliveries(client: &Client) -> Vec<Delivery> {
    client.rows(here()).map(|row| row.delivery).collect()
}

#[test]
fn what_comes_is_confirmed_once_a_second_and_as_one() {
    let mut client = live(5, 5, 0);
    let effects = client.step(event(message(6, THEM)), at(100));
    assert_eq!(receipts(&effects), []);
    assert!(effects.contains(&Effect::WakeAt(at(1_100))), "{effects:?}");
    client.step(event(message(7, THEM)), at(600));
    assert_eq!(tick(&mut client, 1_099), []);
    assert_eq!(tick(&mut client, 1_100), [Seq(7)]);
    assert_eq!(tick(&mut client, 9_000), []);
    client.step(event(message(8, THEM)), at(9_001));
    assert_eq!(tick(&mut client, 10_001), [Seq(8)]);
}

#[test]
fn one_s_own_are_not_confirmed_and_do_not_hide_the_others() {
    let mut client = live(5, 5, 0);
    client.step(event(message(6, ME)), at(100));
    assert_eq!(tick(&mut client, 2_000), []);
    client.step(event(message(7, THEM)), at(2_001));
    client.step(event(message(8, ME)), at(2_002));
    assert_eq!(tick(&mut client, 3_001), [Seq(7)]);
}

#[test]
fn what_was_looked_at_meanwhile_needs_no_word() {
    let mut client = live(5, 5, 0);
    client.step(event(message(6, THEM)), at(100));
    assert_eq!(cursors(&mark(&mut client, 6, at(500))), [Seq(6)]);
    assert_eq!(tick(&mut client, 2_000), []);
}

#[test]
fn of_groups_nothing_is_confirmed() {
    let mut client = new_client();
    let summaries = vec![group(5, &[ME, THEM, 3])];
    let pages = Vec::new();
    client.step(Input::Seeded(Seeded { summaries, pages }), at(0));
    client.step(Input::Start, at(0));
    connect(&mut client, at(0));
    client.step(event(message(6, THEM)), at(100));
    assert_eq!(tick(&mut client, 2_000), []);
}

#[test]
fn what_a_connection_lost_is_confirmed_with_the_next() {
    // What stands unread when the page comes is there, too.
    let mut client = live(5, 3, 2);
    assert_eq!(tick(&mut client, 1_000), [Seq(5)]);
    client.step(Input::SocketClosed { code: None }, at(1_100));
    assert_eq!(tick(&mut client, 1_200), []);
    client.step(Input::ConnectNow, at(1_300));
    connect(&mut client, at(1_400));
    assert_eq!(tick(&mut client, 2_400), [Seq(5)]);
}

#[test]
fn what_the_server_cannot_take_now_is_confirmed_again() {
    let mut client = live(5, 3, 2);
    assert_eq!(tick(&mut client, 1_000), [Seq(5)]);
    let code = ErrorCode::StorageUnavailable;
    client.step(Input::Frame(ServerFrame::Error { code }), at(1_001));
    let mut told = Vec::new();
    for second in 2..60 {
        told.extend(tick(&mut client, second * 1_000));
    }
    assert_eq!(told, [Seq(5)]);
}

#[test]
fn what_another_device_has_confirmed_is_not_confirmed_by_this_one() {
    let mut client = new_client();
    let mut known = summary(5, 3, 2);
    known.members[0].delivered_seq = Seq(5);
    let seeded = Seeded {
        summaries: vec![known],
        pages: Vec::new(),
    };
    client.step(Input::Seeded(seeded), at(0));
    client.step(Input::Start, at(0));
    connect(&mut client, at(0));
    assert_eq!(tick(&mut client, 2_000), []);
}

#[test]
fn a_message_is_sent_then_delivered_then_read() {
    let mut client = live(0, 0, 0);
    for seq in 1..=3 {
        client.step(event(message(seq, ME)), at(1));
    }
    assert_eq!(deliveries(&client), [Delivery::Sent; 3]);
    let effects = delivered(&mut client, THEM, 2);
    for change in [Change::Rows(here()), Change::List(here())] {
        assert!(effects.contains(&Effect::Changed(change)), "{change:?}");
    }
    let [sent, there, read] = [Delivery::Sent, Delivery::Delivered, Delivery::Read];
    assert_eq!(deliveries(&client), [there, there, sent]);
    seen(&mut client, 1);
    assert_eq!(deliveries(&client), [read, there, sent]);
    // What is known already is no news, nor what is said of oneself.
    assert_eq!(delivered(&mut client, THEM, 1), []);
    assert_eq!(delivered(&mut client, ME, 3), []);
    assert_eq!(deliveries(&client), [read, there, sent]);
    seen(&mut client, 3);
    assert_eq!(deliveries(&client), [read; 3]);
    let last = client.list_row(here()).unwrap();
    assert_eq!(last.delivery, Some(read));
}

#[test]
fn what_is_hidden_takes_the_deliveries_along() {
    let mut client = live(0, 0, 0);
    for seq in 1..=2 {
        client.step(event(message(seq, ME)), at(1));
    }
    delivered(&mut client, THEM, 2);
    seen(&mut client, 1);
    // They hide it.
    seen(&mut client, 0);
    assert_eq!(deliveries(&client), [Delivery::Sent; 2]);
    delivered(&mut client, THEM, 2);
    assert_eq!(deliveries(&client), [Delivery::Delivered; 2]);
    // The account hides it.
    let privacy = Privacy {
        hides_reading: true,
        hides_presence: false,
    };
    client.step(Input::Frame(ServerFrame::Privacy { privacy }), at(3));
    assert_eq!(deliveries(&client), [Delivery::Sent; 2]);
}

#[test]
fn a_description_says_what_is_delivered_and_takes_nothing_back() {
    let mut client = live(0, 0, 0);
    for seq in 1..=2 {
        client.step(event(message(seq, ME)), at(1));
    }
    for (told, expected) in [
        (1, [Delivery::Delivered, Delivery::Sent]),
        (2, [Delivery::Delivered; 2]),
        (1, [Delivery::Delivered; 2]),
    ] {
        let mut described = summary(2, 2, 0);
        described.last_message = Some(message(2, ME));
        described.members[1].delivered_seq = Seq(told);
        let summary = Box::new(described);
        client.step(Input::Frame(ServerFrame::Conversation { summary }), at(2));
        assert_eq!(deliveries(&client), expected);
    }
}
