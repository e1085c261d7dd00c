//! The search index: opaque rows under exact names.

use chat::{IndexCursor, IndexKey, IndexRow, IndexSave, StoreError};
use protocol::ConversationId;
use surrealdb::types::{RecordId, object};

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, IndexCursorRow, StoredIndex, index_row};

pub(crate) const ROWS: &str = "SELECT id, b FROM $rows";
pub(crate) const CURSORS: &str = "SELECT * FROM $cursors";
const SAVE: &str = "
    BEGIN;
    DELETE $removed;
    INSERT INTO search_index $rows ON DUPLICATE KEY UPDATE b = $input.b RETURN NONE;
    UPSERT $cursor.id CONTENT $cursor RETURN NONE;
    COMMIT;
";

impl SurrealStore {
    pub(crate) async fn cursors_of_index(
        &self,
        ids: &[ConversationId],
    ) -> Result<Vec<(ConversationId, IndexCursor)>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut answer = self
            .engine
            .query(CURSORS, || object! { cursors: cursor_ids(ids) })
            .await?;
        let rows: Vec<IndexCursorRow> = answer.take(0).map_err(corrupt)?;
        Ok(records::readable(rows.into_iter().map(TryInto::try_into)))
    }

    pub(crate) async fn rows_of_index(
        &self,
        keys: &[IndexKey],
    ) -> Result<Vec<IndexRow>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut answer = self
            .engine
            .query(ROWS, || object! { rows: row_ids(keys) })
            .await?;
        let rows: Vec<StoredIndex> = answer.take(0).map_err(corrupt)?;
        Ok(records::readable(rows.into_iter().map(IndexRow::try_from)))
    }

    pub(crate) async fn save_part_of_index(&self, save: &IndexSave) -> Result<(), StoreError> {
        self.engine
            .write(SAVE, || {
                let rows: Vec<_> = save.rows.iter().map(StoredIndex::from).collect();
                object! {
                    removed: row_ids(&save.removed),
                    rows: rows,
                    cursor: IndexCursorRow::new(save.conversation, &save.cursor),
                }
            })
            .await?;
        Ok(())
    }
}

fn row_ids(keys: &[IndexKey]) -> Vec<RecordId> {
    keys.iter().map(index_row).collect()
}

fn cursor_ids(ids: &[ConversationId]) -> Vec<RecordId> {
    let id = |id: &ConversationId| records::row("search_cursor", *id);
    ids.iter().map(id).collect()
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<surrealdb::types::Object> {
    let conversation = ConversationId::from_bytes([0; 16]);
    let key = |shard| IndexKey {
        conversation,
        level: 1,
        block: 1,
        shard,
    };
    Some(match statement {
        ROWS => object! { rows: row_ids(&[key(1), key(9)]) },
        CURSORS => object! { cursors: cursor_ids(&[conversation]) },
        _ => return None,
    })
}
