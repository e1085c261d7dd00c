//! The search index of the store in memory.

use bytes::Bytes;
use protocol::ConversationId;

use std::collections::HashMap;

use super::super::{IndexCursor, IndexKey, IndexRow, IndexSave};

#[derive(Default)]
pub(super) struct Index {
    rows: HashMap<IndexKey, Bytes>,
    cursors: HashMap<ConversationId, IndexCursor>,
}

impl Index {
    pub(super) fn cursors(&self, ids: &[ConversationId]) -> Vec<(ConversationId, IndexCursor)> {
        ids.iter()
            .filter_map(|id| Some((*id, *self.cursors.get(id)?)))
            .collect()
    }

    pub(super) fn rows(&self, keys: &[IndexKey]) -> Vec<IndexRow> {
        let row = |key: &IndexKey| {
            let bytes = self.rows.get(key)?.clone();
            Some(IndexRow { key: *key, bytes })
        };
        keys.iter().filter_map(row).collect()
    }

    pub(super) fn erase(&mut self, id: ConversationId) {
        self.rows.retain(|key, _| key.conversation != id);
        self.cursors.remove(&id);
    }

    pub(super) fn erase_some(&mut self, id: ConversationId, limit: usize) -> bool {
        let own = self.rows.keys().filter(|key| key.conversation == id);
        let some: Vec<_> = own.take(limit).copied().collect();
        for key in &some {
            self.rows.remove(key);
        }
        if some.is_empty() {
            self.cursors.remove(&id);
        }
        some.is_empty()
    }

    pub(super) fn save(&mut self, save: &IndexSave) {
        for key in &save.removed {
            self.rows.remove(key);
        }
        for row in &save.rows {
            self.rows.insert(row.key, row.bytes.clone());
        }
        self.cursors.insert(save.conversation, save.cursor);
    }
}
