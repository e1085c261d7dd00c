//! What people have begun to write.

use protocol::ConversationId;

use super::{NOW, Shared, conversation_id, race, user_id};
use chat::DraftRecord;

fn draft(user: u64, conversation: u64, words: &'static str) -> DraftRecord {
    DraftRecord {
        user: user_id(user),
        conversation: conversation_id(conversation),
        joined_at: NOW,
        changed_at: NOW.plus_millis(conversation),
        sealed: words.as_bytes().into(),
    }
}

async fn places(store: &Shared, user: u64) -> Vec<ConversationId> {
    let mut places = store.drafts().places(user_id(user)).await.unwrap();
    places.sort_unstable();
    places
}

async fn one(store: &Shared, user: u64, conversation: u64) -> Option<DraftRecord> {
    let conversation = conversation_id(conversation);
    let one = store.drafts().one(user_id(user), conversation).await;
    one.unwrap()
}

pub async fn a_draft_is_found_by_its_account_and_conversation(store: &Shared) {
    assert_eq!(places(store, 1).await, []);
    assert_eq!(one(store, 1, 7).await, None);
    let all = [draft(1, 7, "haan"), draft(1, 2, "kal"), draft(2, 7, "\0")];
    for draft in &all {
        store.drafts().put(draft).await.unwrap();
    }
    let mut expected = [2, 7].map(conversation_id);
    expected.sort_unstable();
    assert_eq!(places(store, 1).await, expected);
    assert_eq!(places(store, 2).await, [conversation_id(7)]);
    assert_eq!(places(store, 3).await, []);
    assert_eq!(one(store, 1, 7).await, Some(all[0].clone()));
    assert_eq!(one(store, 2, 7).await, Some(all[2].clone()));
}

pub async fn the_last_draft_counts_until_it_is_deleted(store: &Shared) {
    let later = DraftRecord {
        joined_at: NOW.plus_millis(3),
        ..draft(1, 7, "haan, kal")
    };
    for draft in [&draft(1, 7, "haan"), &later] {
        store.drafts().put(draft).await.unwrap();
    }
    store.drafts().put(&draft(1, 8, "x")).await.unwrap();
    assert_eq!(one(store, 1, 7).await, Some(later));
    for _ in 0..2 {
        let deleted = store.drafts().delete(user_id(1), conversation_id(7));
        deleted.await.unwrap();
        assert_eq!(one(store, 1, 7).await, None);
        assert_eq!(places(store, 1).await, [conversation_id(8)]);
    }
}

pub async fn drafts_written_at_once_are_all_kept(store: &Shared) {
    let tasks = (1..=20).map(|number| {
        let store = store.clone();
        async move { store.drafts().put(&draft(1, number, "x")).await }
    });
    for outcome in race(tasks.collect()).await {
        outcome.unwrap();
    }
    assert_eq!(places(store, 1).await.len(), 20);
}

/// Something to be found again by [`check`].
pub(super) async fn fill(store: &Shared, number: u64) {
    store.drafts().put(&draft(number, 7, "haan")).await.unwrap();
}

pub(super) async fn check(store: &Shared, number: u64) {
    assert_eq!(one(store, number, 7).await, Some(draft(number, 7, "haan")));
}
