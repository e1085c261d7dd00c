use super::*;

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(1_000_000_000 + millis)
}

fn here() -> ConversationId {
    ConversationId::from_bytes([1; 16])
}

fn there() -> ConversationId {
    ConversationId::from_bytes([2; 16])
}

fn id(n: u8) -> SendId {
    SendId::from_bytes([n; 16])
}

fn text(text: &str) -> Intent {
    Intent::Text {
        text: text.to_owned(),
        reply_to: None,
    }
}

fn outbox() -> Outbox {
    Outbox::new(UserId::from_bytes([7; 16]))
}

fn write(outbox: &mut Outbox, place: ConversationId, n: u8, now: Timestamp) -> OutboxEntry {
    let intent = text(&format!("message {n}"));
    let entry = outbox.write(place, id(n), intent, Seq(3), now).unwrap();
    outbox.saved(id(n));
    entry
}

/// The ids and retry flags of what is transmitted now.
fn transmit(outbox: &mut Outbox, now: Timestamp) -> Vec<(SendId, bool)> {
    outbox
        .transmit(now)
        .into_iter()
        .map(|frame| match frame {
            ClientFrame::Send {
                send_id,
                retry,
                after,
                ..
            } => {
                assert_eq!(after, Seq(3));
                (send_id, retry)
            }
            other => panic!("{other:?}"),
        })
        .collect()
}

fn deliveries(outbox: &Outbox) -> Vec<Delivery> {
    outbox.rows(here()).map(|row| row.delivery).collect()
}

#[test]
fn one_at_a_time_in_each_conversation() {
    let mut outbox = outbox();
    for n in 1..=3 {
        write(&mut outbox, here(), n, at(0));
    }
    write(&mut outbox, there(), 9, at(0));
    assert_eq!(
        transmit(&mut outbox, at(0)),
        [(id(1), false), (id(9), false)]
    );
    assert_eq!(transmit(&mut outbox, at(1)), []);
    outbox.stored(id(1), Seq(4));
    assert_eq!(transmit(&mut outbox, at(2)), [(id(2), false)]);
}

#[test]
fn nothing_is_transmitted_before_it_is_saved() {
    let mut outbox = outbox();
    let intent = text("a");
    outbox.write(here(), id(1), intent, Seq(3), at(0)).unwrap();
    write(&mut outbox, here(), 2, at(0));
    assert_eq!(transmit(&mut outbox, at(0)), []);
    outbox.saved(id(1));
    assert_eq!(transmit(&mut outbox, at(0)), [(id(1), false)]);
}

#[test]
fn a_lost_connection_repeats_with_the_same_id() {
    let mut outbox = outbox();
    write(&mut outbox, here(), 1, at(0));
    transmit(&mut outbox, at(0));
    outbox.reset();
    assert_eq!(transmit(&mut outbox, at(1)), [(id(1), true)]);
}

#[test]
fn what_was_restored_may_have_been_transmitted() {
    let mut before = outbox();
    let second = {
        write(&mut before, here(), 1, at(0));
        write(&mut before, here(), 2, at(0))
    };
    let mut outbox = outbox();
    assert!(outbox.restore(second.clone()));
    assert!(!outbox.restore(second));
    // Written after a reload, in the same millisecond.
    write(&mut outbox, here(), 3, at(0));
    assert_eq!(transmit(&mut outbox, at(0)), [(id(2), true)]);
    outbox.stored(id(2), Seq(4));
    assert_eq!(transmit(&mut outbox, at(0)), [(id(3), false)]);
}

#[test]
fn ten_seconds_of_silence_are_shown() {
    let mut outbox = outbox();
    write(&mut outbox, here(), 1, at(0));
    write(&mut outbox, here(), 2, at(0));
    transmit(&mut outbox, at(0));
    assert_eq!(outbox.deadline(at(0)), Some(at(10_000)));
    assert!(outbox.expire(at(9_999)).is_empty());
    assert_eq!(outbox.expire(at(10_000)), [(here(), id(1))]);
    assert!(outbox.expire(at(10_001)).is_empty());
    assert_eq!(deliveries(&outbox), [Delivery::Failed { code: None }; 2]);
    assert_eq!(outbox.waiting(), 2);
    // A late answer is an answer.
    outbox.stored(id(1), Seq(4));
    assert_eq!(deliveries(&outbox), [Delivery::Sent, Delivery::Sending]);
}

#[test]
fn retrying_a_late_one_transmits_it_again() {
    let mut outbox = outbox();
    write(&mut outbox, here(), 1, at(0));
    transmit(&mut outbox, at(0));
    outbox.expire(at(10_000));
    outbox.retry(id(1));
    assert_eq!(deliveries(&outbox), [Delivery::Sending]);
    assert_eq!(transmit(&mut outbox, at(11_000)), [(id(1), true)]);
    assert_eq!(outbox.deadline(at(11_000)), Some(at(21_000)));
}

#[test]
fn a_refusal_for_now_is_repeated_in_order() {
    let mut outbox = outbox();
    let mut backoff = Backoff::new(1);
    write(&mut outbox, here(), 1, at(0));
    write(&mut outbox, here(), 2, at(0));
    transmit(&mut outbox, at(0));
    let code = ErrorCode::StorageUnavailable;
    assert_eq!(
        outbox.refused(id(1), code, Some(3_000), &mut backoff, at(0)),
        Some((here(), false))
    );
    assert_eq!(deliveries(&outbox), [Delivery::Sending; 2]);
    assert_eq!(transmit(&mut outbox, at(2_999)), []);
    assert_eq!(outbox.deadline(at(0)), Some(at(3_000)));
    assert_eq!(transmit(&mut outbox, at(3_000)), [(id(1), true)]);
    outbox.refused(id(1), code, Some(30_000), &mut backoff, at(3_001));
    outbox.expire(at(10_000));
    assert_eq!(
        deliveries(&outbox),
        [Delivery::Failed { code: Some(code) }; 2]
    );
}

#[test]
fn a_refusal_for_good_lets_the_next_one_go() {
    let mut outbox = outbox();
    let mut backoff = Backoff::new(1);
    write(&mut outbox, here(), 1, at(0));
    write(&mut outbox, here(), 2, at(0));
    transmit(&mut outbox, at(0));
    let code = ErrorCode::Forbidden;
    assert_eq!(
        outbox.refused(id(1), code, None, &mut backoff, at(0)),
        Some((here(), true))
    );
    assert_eq!(
        deliveries(&outbox),
        [Delivery::Failed { code: Some(code) }, Delivery::Sending]
    );
    assert_eq!(transmit(&mut outbox, at(0)), [(id(2), false)]);
    assert_eq!((outbox.waiting(), outbox.unsent()), (1, 2));
    // Tried again it keeps its place, after what is under way.
    outbox.retry(id(1));
    assert_eq!(transmit(&mut outbox, at(1)), []);
    outbox.stored(id(2), Seq(4));
    assert_eq!(transmit(&mut outbox, at(1)), [(id(1), true)]);
    let keys: Vec<SendId> = outbox.rows(here()).map(|row| row.key.send_id).collect();
    assert_eq!(keys, [id(1), id(2)]);
}

#[test]
fn giving_up_frees_the_lane() {
    let mut outbox = outbox();
    write(&mut outbox, here(), 1, at(0));
    write(&mut outbox, here(), 2, at(0));
    transmit(&mut outbox, at(0));
    outbox.expire(at(10_000));
    assert_eq!(outbox.remove(id(1)), Some(here()));
    assert_eq!(outbox.remove(id(1)), None);
    assert_eq!(deliveries(&outbox), [Delivery::Sending]);
    assert_eq!(transmit(&mut outbox, at(10_000)), [(id(2), false)]);
}

#[test]
fn it_is_bounded() {
    let mut outbox = outbox();
    for n in 0..MOST {
        let send_id = SendId::from_parts(at(0), u128::try_from(n).unwrap());
        outbox
            .write(here(), send_id, text("a"), Seq(3), at(0))
            .unwrap();
    }
    assert_eq!(
        outbox.write(
            here(),
            SendId::from_bytes([200; 16]),
            text("a"),
            Seq(3),
            at(0)
        ),
        Err(NotTaken)
    );
}

#[test]
fn only_so_many_are_under_way() {
    let mut outbox = outbox();
    for n in 0..100 {
        write(&mut outbox, ConversationId::from_bytes([n; 16]), n, at(0));
    }
    assert_eq!(transmit(&mut outbox, at(0)).len(), MOST_UNDER_WAY);
    assert_eq!(transmit(&mut outbox, at(0)).len(), 0);
}
