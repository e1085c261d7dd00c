use super::*;
use protocol::{Content, Intent, Marks, Timestamp, UserId};

fn entry(id: u8) -> OutboxEntry {
    OutboxEntry {
        send_id: SendId::from_bytes([id; 16]),
        conversation: ConversationId::from_bytes([2; 16]),
        intent: Intent::Text {
            text: "chai?".to_owned(),
            reply_to: None,
        },
        after: Seq(1),
        written_at: Timestamp::from_millis(1),
        order: 1,
    }
}

fn own(ids: &[u8]) -> Own {
    let mut own = Own::default();
    for entry in ids.iter().map(|id| entry(*id)) {
        own.save(&entry);
    }
    own
}

fn what(changes: &[StoreChange]) -> Vec<&'static str> {
    changes
        .iter()
        .map(|(_, change)| match change {
            Change::Put(..) => "put",
            Change::Delete(_) => "delete",
            Change::DeleteBetween(..) => "delete between",
            Change::Clear => "clear",
        })
        .collect()
}

#[test]
fn for_one_place_only_the_last_change_counts() {
    let mut own = own(&[1]);
    own.forget(SendId::from_bytes([1; 16]));
    let batch = own.take().unwrap_or_default();
    assert_eq!(what(&batch.changes()), ["delete"]);
    assert_eq!(batch.saved(), Vec::new());
    assert!(own.take().is_none());
}

#[test]
fn what_could_not_be_written_is_written_with_the_next() {
    let mut own = own(&[1, 2]);
    let failed = own.take().unwrap_or_default();
    assert_eq!(failed.saved().len(), 2);
    assert!(!own.has_unwritten());
    own.forget(SendId::from_bytes([2; 16]));
    assert!(!own.has_unwritten(), "a deletion loses nothing");
    own.put_back(failed);
    assert!(own.has_unwritten());
    let next = own.take().unwrap_or_default();
    assert_eq!(what(&next.changes()), ["put", "delete"]);
    assert_eq!(next.saved(), [SendId::from_bytes([1; 16])]);
}

#[test]
fn what_was_done_with_is_known_for_good() {
    let mut own = own(&[1]);
    own.forget(SendId::from_bytes([1; 16]));
    own.take();
    assert!(own.has_forgotten(SendId::from_bytes([1; 16])));
    assert!(!own.has_forgotten(SendId::from_bytes([2; 16])));
}

#[test]
fn what_is_not_written_yet_counts_with_what_is() {
    let mut own = own(&[1, 2]);
    own.forget(SendId::from_bytes([2; 16]));
    let on_disk = [1, 3].map(|id| SendId::from_bytes([id; 16])).into();
    let all: Vec<SendId> = own.with_unwritten(on_disk).into_iter().collect();
    assert_eq!(all, [1, 3].map(|id| SendId::from_bytes([id; 16])));
}

fn messages(places: std::ops::RangeInclusive<u64>) -> Vec<Message> {
    places
        .map(|seq| Message {
            conversation: ConversationId::from_bytes([2; 16]),
            seq: Seq(seq),
            author: UserId::from_bytes([1; 16]),
            send_id: SendId::from_bytes([3; 16]),
            sent_at: Timestamp::from_millis(seq),
            content: Content::Unavailable,
            marks: Marks::default(),
        })
        .collect()
}

#[test]
fn an_earlier_pages_surplus_is_deleted_with_the_next_copies() {
    let mut copies = Copies::default();
    copies.found(&messages(1..=150));
    copies.messages(messages(151..=151));
    assert_eq!(what(&copies.take()), ["put", "delete between"]);
    assert_eq!(what(&copies.take()), Vec::<&str>::new());
}

#[test]
fn of_a_forgotten_conversation_nothing_is_stored_and_everything_deleted() {
    let here = ConversationId::from_bytes([2; 16]);
    let mut copies = Copies::default();
    copies.found(&messages(1..=3));
    copies.messages(messages(4..=5));
    copies.forget(here);
    assert_eq!(what(&copies.take()), ["delete", "delete between"]);
    // Back in it, it is stored as any other.
    copies.messages(messages(6..=6));
    assert_eq!(what(&copies.take()), ["put"]);

    let mut own = own(&[1]);
    let forget = Effect::ForgetConversation(here);
    assert_eq!(queue(&mut own, &mut copies, forget), None);
    let batch = own.take().unwrap_or_default();
    // What waits stays: it has failed, and its author has to hear of it.
    assert_eq!(what(&batch.changes()), ["put", "delete"]);
}

#[test]
fn what_was_cleared_is_deleted_before_what_is_left_of_it_is_stored() {
    let mut copies = Copies::default();
    copies.found(&messages(1..=5));
    copies.messages(messages(3..=6));
    let forget = Effect::ForgetMessages {
        conversation: ConversationId::from_bytes([2; 16]),
        up_to: Seq(5),
    };
    assert_eq!(queue(&mut own(&[]), &mut copies, forget), None);
    // What the client holds of it says nothing any more.
    copies.messages(messages(5..=5));
    let changes = copies.take();
    assert_eq!(what(&changes), ["delete between", "put", "put"]);
    let last = changes.first().map(|(_, change)| match change {
        Change::DeleteBetween(_, last) => last.clone(),
        _ => String::new(),
    });
    let here = ConversationId::from_bytes([2; 16]);
    assert_eq!(last, Some(records::message_key(here, Seq(5))));
    assert_eq!(what(&copies.take()), Vec::<&str>::new());
}

#[test]
fn a_full_disk_ends_the_copying() {
    let mut copies = Copies::default();
    copies.messages(messages(1..=3));
    copies.give_up();
    copies.messages(messages(4..=5));
    assert!(copies.take().is_empty());
}
