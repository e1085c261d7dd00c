//! Reminders of messages.

use protocol::{Reminder, SavedPlace, Seq, Timestamp};

use super::{NOW, Shared, conversation_id, user_id};
use chat::ReminderRecord;

const END: Timestamp = Timestamp::from_millis(u64::MAX);

fn reminder(user: u64, conversation: u64, seq: u64, at: u64) -> ReminderRecord {
    ReminderRecord {
        user: user_id(user),
        reminder: Reminder {
            place: SavedPlace {
                conversation: conversation_id(conversation),
                seq: Seq(seq),
            },
            at: NOW.plus_millis(at),
            due: false,
        },
    }
}

fn rung(record: ReminderRecord) -> ReminderRecord {
    let due = true;
    let reminder = Reminder {
        due,
        ..record.reminder
    };
    ReminderRecord { reminder, ..record }
}

async fn put(store: &Shared, record: &ReminderRecord) {
    store.reminders().put(record, None).await.unwrap();
}

async fn of(store: &Shared, user: u64) -> Vec<ReminderRecord> {
    store.reminders().of(user_id(user)).await.unwrap()
}

async fn due(store: &Shared, until: Timestamp, limit: usize) -> Vec<ReminderRecord> {
    let mut rows = store.reminders().due(until, limit).await.unwrap();
    rows.sort_by_key(|row| (row.reminder.at, row.user, row.reminder.place));
    rows
}

pub async fn reminders_are_found_by_their_account_the_earliest_first(store: &Shared) {
    assert_eq!(of(store, 1).await, []);
    let own = [
        reminder(1, 7, 3, 9),
        rung(reminder(1, 7, u64::from(u32::MAX), 2)),
        reminder(1, u64::MAX, 1, 5),
        reminder(1, 2, 3, 1 << 40),
    ];
    for record in &own {
        put(store, record).await;
    }
    // The ids of others stand before and after.
    for user in [0, 2] {
        put(store, &reminder(user, 7, 3, 4)).await;
    }
    assert_eq!(of(store, 1).await, [1, 2, 0, 3].map(|at: usize| own[at]));
    assert_eq!(of(store, 2).await, [reminder(2, 7, 3, 4)]);
    let place = own[0].reminder.place;
    let one = store.reminders().one(user_id(1), place).await;
    assert_eq!(one.unwrap(), Some(own[0]));
    let nobodys = store.reminders().one(user_id(3), place).await;
    assert_eq!(nobodys.unwrap(), None);
}

pub async fn what_is_to_be_told_is_found_by_its_time(store: &Shared) {
    assert_eq!(store.reminders().first().await.unwrap(), None);
    let rows = [
        reminder(1, 7, 1, 500),
        reminder(1, 7, 2, 20),
        reminder(2, 7, 2, 20),
        reminder(3, 7, 1, 1 << 40),
        rung(reminder(1, 7, 3, 3)),
    ];
    for record in &rows {
        put(store, record).await;
    }
    let at = |millis| NOW.plus_millis(millis);
    assert_eq!(store.reminders().first().await.unwrap(), Some(at(20)));
    assert_eq!(due(store, at(19), 9).await, []);
    assert_eq!(due(store, at(20), 9).await, rows[1..3]);
    assert_eq!(due(store, at(499), 9).await, rows[1..3]);
    assert_eq!(due(store, at(500), 2).await, rows[1..3], "the earliest");
    assert_eq!(due(store, END, 9).await.len(), 4);
}

pub async fn a_reminder_has_one_time_and_is_told_once(store: &Shared) {
    let before = reminder(1, 7, 3, 10);
    put(store, &before).await;
    let later = reminder(1, 7, 3, 70);
    let put = async |record: &ReminderRecord, was: &ReminderRecord| {
        store.reminders().put(record, Some(was)).await.unwrap();
    };
    put(&later, &before).await;
    assert_eq!(due(store, NOW.plus_millis(69), 9).await, []);
    assert_eq!(due(store, END, 9).await, [later]);
    put(&rung(later), &later).await;
    assert_eq!(store.reminders().first().await.unwrap(), None);
    assert_eq!(due(store, END, 9).await, []);
    assert_eq!(of(store, 1).await, [rung(later)]);
    // Again, at another time, and then no longer.
    put(&before, &rung(later)).await;
    assert_eq!(due(store, END, 9).await, [before]);
    for _ in 0..2 {
        store.reminders().delete(&before).await.unwrap();
        assert_eq!(of(store, 1).await, []);
        assert_eq!(due(store, END, 9).await, []);
    }
}

/// Something to be found again by [`check`].
pub(super) async fn fill(store: &Shared, number: u64) {
    put(store, &reminder(number, 7, 3, 1)).await;
}

pub(super) async fn check(store: &Shared, number: u64) {
    assert_eq!(of(store, number).await, [reminder(number, 7, 3, 1)]);
    assert!(!due(store, END, 99).await.is_empty());
}
