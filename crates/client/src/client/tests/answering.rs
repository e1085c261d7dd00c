//! What stands in the fields of threads: kept through a reload, on this device.

use protocol::SavedPlace;

use super::*;
use crate::SavedAnswer;

fn root(seq: u64) -> SavedPlace {
    SavedPlace {
        conversation: here(),
        seq: Seq(seq),
    }
}

fn type_in(client: &mut Client, seq: u64, text: &str) -> Vec<Effect> {
    let (root, text) = (root(seq), text.to_owned());
    client.step(Input::Answering { root, text }, at(seq))
}

fn saved(seq: u64, answer: &str) -> SavedAnswer {
    let answer = answer.to_owned();
    SavedAnswer {
        root: root(seq),
        answer,
    }
}

#[test]
fn it_is_stored_with_each_change_and_nothing_is_left_of_what_is_blank() {
    let mut client = live(5, 5, 0);
    let effects = type_in(&mut client, 3, "with cardamom");
    assert_eq!(effects, [Effect::SaveAnswer(saved(3, "with cardamom"))]);
    assert_eq!(type_in(&mut client, 3, "with cardamom"), []);
    assert_eq!(client.answer(root(3)), "with cardamom");
    assert_eq!(client.answer(root(4)), "");
    let effects = type_in(&mut client, 3, " \n");
    assert_eq!(effects, [Effect::SaveAnswer(saved(3, ""))]);
    assert_eq!(client.answer(root(3)), "");
}

#[test]
fn it_outlives_the_page_unless_it_waits_to_be_sent() {
    let mut client = live(5, 5, 0);
    type_in(&mut client, 3, "typed before it was known what is stored");
    let waits = OutboxEntry {
        send_id: send_id(1),
        conversation: here(),
        intent: text("sent"),
        after: Seq(4),
        written_at: at(0),
        order: 1,
    };
    let restored = Restored {
        answers: vec![saved(3, "older"), saved(4, "half"), saved(5, "sent ")],
        outbox: vec![waits],
        ..Restored::default()
    };
    let effects = client.step(Input::Restored(restored), at(9));
    assert!(effects.contains(&Effect::SaveAnswer(saved(5, ""))));
    let texts = [3, 4, 5].map(|seq| client.answer(root(seq)).to_owned());
    assert_eq!(
        texts,
        ["typed before it was known what is stored", "half", ""]
    );
}

#[test]
fn it_goes_with_the_conversation() {
    let mut client = live(5, 5, 0);
    type_in(&mut client, 3, "half");
    let conversation = here();
    let gone = ServerFrame::Gone { conversation };
    let effects = client.step(Input::Frame(gone), at(9));
    assert!(effects.contains(&Effect::SaveAnswer(saved(3, ""))));
    assert_eq!(client.answer(root(3)), "");
}

#[test]
fn so_many_are_stored_and_what_is_too_long_is_not() {
    let mut client = live(5, 5, 0);
    for seq in 1..=100 {
        assert_eq!(type_in(&mut client, seq, "half").len(), 1);
    }
    assert_eq!(type_in(&mut client, 101, "half"), []);
    assert_eq!(client.answer(root(101)), "half");
    let long = "x".repeat(2 * protocol::limits::MESSAGE_BYTES + 1);
    type_in(&mut client, 3, &long);
    assert_eq!(client.answer(root(3)), "");
}
