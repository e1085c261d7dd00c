//! When messages are over.

use protocol::{Seq, Timestamp};

use super::{Shared, conversation_id};
use chat::{Append, Expiry};

fn expiry(at: u64, conversation: u64, seq: u64) -> Expiry {
    Expiry {
        at: Timestamp::from_millis(at),
        conversation: conversation_id(conversation),
        seq: Seq(seq),
    }
}

async fn put(store: &Shared, expiring: &[Expiry], expired: &[Expiry]) {
    let append = Append {
        expiring: expiring.to_vec(),
        expired: expired.to_vec(),
        ..Append::default()
    };
    store.append(&append).await.unwrap();
}

async fn due(store: &Shared, until: u64, limit: usize) -> Vec<Expiry> {
    let until = Timestamp::from_millis(until);
    store.expiries().due(until, limit).await.unwrap()
}

pub async fn what_is_over_is_found_the_earliest_first(store: &Shared) {
    let expiries = store.expiries();
    assert_eq!(expiries.first().await.unwrap(), None);
    let [first, second, third] = [expiry(10, 2, 7), expiry(20, 1, 9), expiry(20, 1, 10)];
    put(store, &[third, first], &[]).await;
    put(store, &[second], &[]).await;
    assert_eq!(expiries.first().await.unwrap(), Some(first.at));
    assert_eq!(due(store, 9, 5).await, []);
    assert_eq!(due(store, 19, 5).await, [first]);
    assert_eq!(due(store, 20, 5).await, [first, second, third]);
    assert_eq!(due(store, u64::MAX >> 12, 2).await, [first, second]);
    put(store, &[], &[first, third]).await;
    assert_eq!(due(store, 30, 5).await, [second]);
    // What is not there any more is passed over.
    put(store, &[], &[first]).await;
    assert_eq!(expiries.first().await.unwrap(), Some(second.at));
}

pub async fn what_is_put_off_is_found_at_its_other_time(store: &Shared) {
    let [here, gone, other] = [expiry(10, 1, 1), expiry(10, 1, 2), expiry(15, 2, 1)];
    put(store, &[here, gone, other], &[]).await;
    let later = Timestamp::from_millis(99);
    let moved = [(here, Some(later)), (gone, None)];
    store.expiries().put_off(&moved).await.unwrap();
    let moved = Expiry { at: later, ..here };
    assert_eq!(due(store, 99, 9).await, [other, moved]);
    // By its other time it goes, too.
    put(store, &[], &[moved, other]).await;
    assert_eq!(store.expiries().first().await.unwrap(), None);
}
