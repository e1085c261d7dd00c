//! Folders in which people keep conversations together.

use protocol::FolderId;

use super::{Shared, race, user_id};
use chat::FolderRecord;

fn folder(user: u64, number: u8, words: &'static str) -> FolderRecord {
    FolderRecord {
        user: user_id(user),
        id: FolderId::from_bytes([number; 16]),
        sealed: words.as_bytes().into(),
    }
}

async fn put(store: &Shared, folder: &FolderRecord) {
    store.folders().put(folder).await.unwrap();
}

async fn of(store: &Shared, user: u64) -> Vec<FolderRecord> {
    let mut own = store.folders().of(user_id(user)).await.unwrap();
    own.sort_unstable_by_key(|folder| folder.id);
    own
}

pub async fn a_folder_is_found_by_its_account(store: &Shared) {
    assert_eq!(of(store, 1).await, []);
    // The first and the last id there can be are found too.
    let own = [
        folder(1, 0, "ghar"),
        folder(1, 7, "\0"),
        folder(1, 255, "kaam"),
    ];
    for folder in &own {
        put(store, folder).await;
    }
    // The ids of others stand before and after.
    for user in [0, 2] {
        put(store, &folder(user, 7, "theirs")).await;
    }
    assert_eq!(of(store, 1).await, own);
    assert_eq!(of(store, 2).await, [folder(2, 7, "theirs")]);
    assert_eq!(of(store, 3).await, []);
}

pub async fn the_last_name_of_a_folder_counts_until_it_is_deleted(store: &Shared) {
    for words in ["ghar", "parivaar"] {
        put(store, &folder(1, 7, words)).await;
    }
    put(store, &folder(1, 8, "kaam")).await;
    put(store, &folder(2, 7, "theirs")).await;
    let both = [folder(1, 7, "parivaar"), folder(1, 8, "kaam")];
    assert_eq!(of(store, 1).await, both);
    for _ in 0..2 {
        let deleted = store.folders().delete(user_id(1), folder(1, 7, "").id);
        deleted.await.unwrap();
        assert_eq!(of(store, 1).await, [folder(1, 8, "kaam")]);
        assert_eq!(of(store, 2).await, [folder(2, 7, "theirs")]);
    }
}

pub async fn folders_made_at_once_are_all_kept(store: &Shared) {
    let tasks = (1..=20).map(|number| {
        let store = store.clone();
        async move { store.folders().put(&folder(1, number, "x")).await }
    });
    for outcome in race(tasks.collect()).await {
        outcome.unwrap();
    }
    assert_eq!(of(store, 1).await.len(), 20);
}

/// Something to be found again by [`check`].
pub(super) async fn fill(store: &Shared, number: u64) {
    put(store, &folder(number, 7, "ghar")).await;
}

pub(super) async fn check(store: &Shared, number: u64) {
    assert_eq!(of(store, number).await, [folder(number, 7, "ghar")]);
}
