//! What happens at a time, whatever it is: one pass over all that is due.

use std::sync::Arc;

use protocol::Timestamp;

use crate::engine::{Engine, guarded};
use crate::{Chat, ChatError, timer};

impl Chat {
    /// Does what is due at `now`, a bounded part of it. Returns when to call it again at the
    /// latest, `None` if nothing waits.
    pub async fn run_timers(&self, now: Timestamp) -> Option<Timestamp> {
        let engine = &self.engine;
        engine.timer.begin();
        let passed = engine.pass(now).await;
        if let Err(error) = &passed {
            tracing::error!(%error, "what is due is done later");
        }
        let failed = passed.is_err();
        let next = timer::next(passed.ok().flatten(), failed, now);
        engine.timer.wait_until(next);
        next
    }

    /// Completes when something has come that is due before what [`Chat::run_timers`] returned.
    pub async fn earlier_timer(&self) {
        self.engine.timer.earlier().await;
    }
}

impl Engine {
    /// One pass; the earliest time that is left.
    async fn pass(self: &Arc<Self>, now: Timestamp) -> Result<Option<Timestamp>, ChatError> {
        // What fails for one does not keep the other waiting.
        let (sent, expired) = (self.send_due(now).await, self.expire_due(now).await);
        let rung = self.ring_due(now).await;
        sent.and(expired).and(rung)?;
        let to_send = guarded(self.store.schedule().first_wake()).await?;
        let to_expire = guarded(self.store.expiries().first()).await?;
        let to_ring = guarded(self.store.reminders().first()).await?;
        Ok([to_send, to_expire, to_ring].into_iter().flatten().min())
    }
}
