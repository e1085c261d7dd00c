//! Messages whose time is over. Each goes as if it was deleted for everybody: by an entry of the
//! log, which takes it out of the store, the cached pages, the search index and everybody's
//! devices on the way that deletion has (docs/decisions/0027-disappearing-messages.md).

use std::sync::Arc;

use protocol::{Change, ChangeKind, ErrorCode, SendId, Timestamp, UserId};

use crate::command::Command;
use crate::engine::{Engine, guarded};
use crate::store::Expiry;
use crate::timer::{BATCH, again};
use crate::{Chat, ChatError};

/// Nobody asks for it; the entry is in the name of the message's author.
const NOBODY: UserId = UserId::from_bytes([0; 16]);

impl Expiry {
    /// What becomes of the message.
    pub(crate) const fn change(&self) -> Change {
        Change {
            target: self.seq,
            kind: ChangeKind::Expire,
        }
    }
}

impl Chat {
    /// Takes away everything that is over, however much it is: before anybody is let in, so that
    /// nobody reads what was to go while the server was off.
    ///
    /// # Errors
    /// `Store`. What is left is for [`Chat::run_timers`].
    pub async fn expire_overdue(&self, now: Timestamp) -> Result<(), ChatError> {
        while self.engine.expire_due(now).await? == BATCH {}
        Ok(())
    }
}

impl Engine {
    /// Takes away what is over, at most one batch; how much it was.
    pub(crate) async fn expire_due(self: &Arc<Self>, now: Timestamp) -> Result<usize, ChatError> {
        let due = guarded(self.store.expiries().due(now, BATCH)).await?;
        let count = due.len();
        let mut under_way = Vec::with_capacity(count);
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
                // It is deleted already, or the conversation is.
                Err(_) => moved.push((expiry, None)),
            }
        }
        if !moved.is_empty() {
            guarded(self.store.expiries().put_off(&moved)).await?;
        }
        Ok(count)
    }
}
