//! How members have arranged a conversation for themselves.

use chat::{ArrangedRecord, StoreError};
use surrealdb::types::{Object, RecordId, object};

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, PreferencesRow, number};

// Whoever has left and come back has another membership, which began at another time.
const ARRANGE: &str = "
    UPDATE $member SET
        muted = $to.muted,
        muted_until = $to.muted_until,
        archived_at = $to.archived_at,
        favourite = $to.favourite,
        marked_unread = $to.marked_unread,
        folder = $to.folder
        WHERE (joined_at ?? 0) = $joined_at
        RETURN VALUE id
";

impl SurrealStore {
    pub(crate) async fn arrange_member(&self, arranged: &ArrangedRecord) -> Result<(), StoreError> {
        let mut answer = self.engine.write(ARRANGE, || parameters(arranged)).await?;
        let changed: Vec<RecordId> = answer.take(0).map_err(corrupt)?;
        changed.first().map(|_| ()).ok_or(StoreError::Missing)
    }
}

fn parameters(arranged: &ArrangedRecord) -> Object {
    object! {
        member: records::member(arranged.conversation, arranged.user),
        to: PreferencesRow::from(arranged.preferences),
        joined_at: number(arranged.joined_at.millis()),
    }
}
