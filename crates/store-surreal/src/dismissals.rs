//! What members have deleted for themselves alone.

use chat::{DismissedRecord, StoreError};
use surrealdb::types::{RecordId, object};

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, number};

// Whoever has left and come back has another membership, which began at another time.
const DISMISS: &str = "
    UPDATE $member SET dismissed = $dismissed
        WHERE (joined_at ?? 0) = $joined_at
        RETURN VALUE id
";

impl SurrealStore {
    pub(crate) async fn dismiss_for(&self, dismissed: &DismissedRecord) -> Result<(), StoreError> {
        let bytes = dismissed.dismissals.to_bytes().map_err(corrupt)?;
        let mut answer = self
            .engine
            .write(DISMISS, || {
                object! {
                    member: records::member(dismissed.conversation, dismissed.user),
                    dismissed: bytes.as_deref().map(records::bytes),
                    joined_at: number(dismissed.joined_at.millis()),
                }
            })
            .await?;
        let changed: Vec<RecordId> = answer.take(0).map_err(corrupt)?;
        changed.first().map(|_| ()).ok_or(StoreError::Missing)
    }
}
