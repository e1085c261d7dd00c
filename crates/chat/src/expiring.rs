//! Messages whose time is over. Each goes as if its author deleted it for everybody: an entry of
//! the log, which takes it out of the store, the cached pages, the search index and everybody's
//! devices on the way that deletion has (docs/decisions/0011-changes-are-entries.md).

use std::sync::Arc;

use protocol::{Change, ChangeKind, ErrorCode, SendId, Timestamp, UserId};

use crate::ChatError;
use crate::command::Command;
use crate::engine::{Engine, guarded};
use crate::store::Expiry;
use crate::timer::{BATCH, again};

/// Nobody asks for it; the entry is the author's of the message.
const NOBODY: UserId = UserId::from_bytes([0; 16]);

impl Expiry {
    /// What becomes of the message.
    pub(crate) const fn change(&self) -> Change {
        Change {
            target: self.seq,
            kind: ChangeKind::Delete,
        }
    }
}

impl Engine {
    /// Deletes what is over, at most one batch.
    pub(crate) async fn expire_due(self: &Arc<Self>, now: Timestamp) -> Result<(), ChatError> {
        let due = guarded(self.store.expiries().due(now, BATCH)).await?;
        let mut under_way = Vec::with_capacity(due.len());
        for expiry in due {
            let to = (expiry.conversation, SendId::from_parts(now, rand::random()));
            let call = self.call(NOBODY, to, Command::Expire(expiry), now);
            under_way.push((expiry, call));
        }
        let mut moved = Vec::new();
        for (expiry, call) in under_way {
            let outcome = match call {
                Ok(call) => call.await.unwrap_or(Err(ErrorCode::Internal)),
                Err(code) => Err(code),
            };
            match outcome {
                Ok(_) => {}
                Err(code) if code.is_transient() => moved.push((expiry, Some(again(now)))),
                // It is deleted already, or there is nothing to delete.
                Err(_) => moved.push((expiry, None)),
            }
        }
        if moved.is_empty() {
            return Ok(());
        }
        guarded(self.store.expiries().put_off(&moved)).await
    }
}
