//! The rows of the search index.

use bytes::Bytes;
use protocol::{ConversationId, Seq};

use super::{Shared, conversation_id, group};
use chat::{IndexCursor, IndexKey, IndexRow, IndexSave};

fn key(conversation: ConversationId, level: u8, block: u64, shard: u16) -> IndexKey {
    IndexKey {
        conversation,
        level,
        block,
        shard,
    }
}

/// A row whose bytes name it and its version.
fn row(key: IndexKey, version: u32) -> IndexRow {
    let bytes = Bytes::from(format!("{key:?} {version}").into_bytes());
    IndexRow { key, bytes }
}

const fn cursor(version: u32, built_to: u64, followed_to: u64) -> IndexCursor {
    IndexCursor {
        version,
        built_to: Seq(built_to),
        followed_to: Seq(followed_to),
        joined_to: Seq(built_to / 2),
        joined_shards: 4_095,
        swept_to: Seq(built_to / 4),
    }
}

fn save(rows: Vec<IndexRow>, removed: Vec<IndexKey>, cursor: IndexCursor) -> IndexSave {
    let mut keys = rows
        .iter()
        .map(|row| row.key)
        .chain(removed.iter().copied());
    IndexSave {
        conversation: keys.next().unwrap().conversation,
        rows,
        removed,
        cursor,
    }
}

async fn read(store: &Shared, keys: &[IndexKey]) -> Vec<IndexRow> {
    let mut rows = store.index_rows(keys).await.unwrap();
    rows.sort_by_key(|row| row.key);
    rows
}

pub async fn rows_of_the_index_are_found_by_their_names(store: &Shared) {
    let (a, b) = (group(store, 1).await, group(store, 2).await);
    let mut keys: Vec<_> = [a, b]
        .into_iter()
        .flat_map(|id| (0..3).map(move |level| (id, level)))
        .flat_map(|(id, level)| [0, 1, 9, 1 << 40].map(|block| (id, level, block)))
        .flat_map(|(id, level, block)| [0, 7, 255].map(|shard| key(id, level, block, shard)))
        .collect();
    keys.sort_unstable();
    for id in [a, b] {
        let rows = keys.iter().filter(|key| key.conversation == id);
        let rows = rows.map(|key| row(*key, 1)).collect();
        let save = save(rows, Vec::new(), cursor(1, 16, 17));
        store.save_index(&save).await.unwrap();
    }
    let all: Vec<_> = keys.iter().map(|key| row(*key, 1)).collect();
    assert_eq!(read(store, &keys).await, all);
    assert_eq!(read(store, &keys[5..6]).await, all[5..6]);
    assert_eq!(read(store, &[]).await, []);
    let others = [
        key(a, 3, 0, 0),
        key(a, 0, 2, 0),
        key(a, 0, 0, 1),
        key(conversation_id(99), 0, 0, 0),
        keys[0],
    ];
    assert_eq!(read(store, &others).await, all[..1]);
}

pub async fn rows_of_the_index_are_replaced_and_removed_with_the_cursor(store: &Shared) {
    let id = group(store, 1).await;
    let [first, second, third] = [0, 1, 2].map(|shard| key(id, 1, 5, shard));
    let rows = [first, second].map(|key| row(key, 1)).to_vec();
    let begun = save(rows, Vec::new(), cursor(1, 256, 300));
    store.save_index(&begun).await.unwrap();
    let rows = [second, third].map(|key| row(key, 2)).to_vec();
    let gone = key(id, 2, 8, 8);
    let again = save(rows, vec![first, gone], cursor(1, 512, 600));
    for _ in 0..2 {
        store.save_index(&again).await.unwrap();
        let expected = [second, third].map(|key| row(key, 2));
        assert_eq!(read(store, &[first, second, third]).await, expected);
        let cursors = store.index_cursors(&[id]).await.unwrap();
        assert_eq!(cursors, [(id, cursor(1, 512, 600))]);
    }
}

pub async fn an_index_begins_anew_without_a_trace_of_its_cursor(store: &Shared) {
    let (a, b) = (group(store, 1).await, group(store, 2).await);
    assert_eq!(store.index_cursors(&[a, b]).await.unwrap(), []);
    assert_eq!(store.index_cursors(&[]).await.unwrap(), []);
    let one = |cursor| save(vec![row(key(a, 0, 0, 0), 1)], Vec::new(), cursor);
    for cursor in [cursor(7, 1 << 40, 1 << 41), cursor(8, 16, 16)] {
        store.save_index(&one(cursor)).await.unwrap();
        let found = store.index_cursors(&[b, a]).await.unwrap();
        assert_eq!(found, [(a, cursor)]);
    }
}

pub async fn an_index_is_erased_in_steps(store: &Shared) {
    let (a, b) = (group(store, 1).await, group(store, 2).await);
    for id in [a, b] {
        let rows = (0..5).map(|shard| row(key(id, 1, 0, shard), 1));
        let all = save(rows.collect(), Vec::new(), cursor(7, 256, 256));
        store.save_index(&all).await.unwrap();
    }
    let keys: Vec<_> = (0..5).map(|shard| key(a, 1, 0, shard)).collect();
    for left in [2, 0] {
        assert!(!store.erase_index(a, 3).await.unwrap());
        assert_eq!(read(store, &keys).await.len(), left);
        let found = store.index_cursors(&[a]).await.unwrap();
        assert_eq!(found.len(), 1);
    }
    for _ in 0..2 {
        assert!(store.erase_index(a, 3).await.unwrap());
        assert_eq!(store.index_cursors(&[a]).await.unwrap(), []);
    }
    let others: Vec<_> = (0..5).map(|shard| key(b, 1, 0, shard)).collect();
    assert_eq!(read(store, &others).await.len(), 5);
    let found = store.index_cursors(&[b]).await.unwrap();
    assert_eq!(found, [(b, cursor(7, 256, 256))]);
}

pub async fn a_large_part_of_the_index_is_one_step(store: &Shared) {
    let id = group(store, 1).await;
    let keys: Vec<_> = (0..256).map(|shard| key(id, 2, 0, shard)).collect();
    let bytes = Bytes::from(vec![0xA5; 4_096]);
    let rows = keys.iter().map(|key| IndexRow {
        key: *key,
        bytes: bytes.clone(),
    });
    let rows: Vec<_> = rows.collect();
    let all = save(rows.clone(), Vec::new(), cursor(1, 4_096, 4_096));
    store.save_index(&all).await.unwrap();
    assert_eq!(read(store, &keys).await, rows);
    let none = save(Vec::new(), keys.clone(), cursor(1, 0, 0));
    store.save_index(&none).await.unwrap();
    assert_eq!(read(store, &keys).await, []);
}
