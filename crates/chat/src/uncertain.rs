//! Conversations whose last commit had no known outcome, and what becomes of what it may have
//! stored.
//!
//! A row that is only in the memory of the database can be read like any other until the
//! process ends. So what a failed commit left behind counts only after a sync: until then the
//! conversation is *unsettled*, see [`crate::conversation_state`].

use std::sync::Arc;
use std::sync::atomic::Ordering;

use protocol::Seq;

use crate::ChatError;
use crate::conversation_state::{Conversation, Phase};
use crate::engine::{Engine, guarded};

/// A conversation whose last commit had no known outcome.
#[derive(Clone, Copy)]
pub(crate) struct Uncertain {
    /// The newest place that was delivered: what turns out to be stored after it is still to be
    /// delivered.
    pub(crate) delivered: Seq,
    /// The number of the failure.
    pub(crate) failure: u64,
}

impl Engine {
    /// Whether what a failed commit left behind is durable, and so may be taken for stored.
    pub(crate) async fn is_synced(&self, failure: u64) -> bool {
        if self.synced_failures.load(Ordering::SeqCst) >= failure {
            return true;
        }
        // Those that are counted have ended, so that this covers what they wrote.
        let ended = self.counters.commits_failed.load(Ordering::SeqCst);
        match guarded(self.store.sync()).await {
            Ok(()) => {
                self.synced_failures.fetch_max(ended, Ordering::SeqCst);
                true
            }
            Err(error) => {
                tracing::warn!(%error, "what failed commits left behind is not durable yet");
                false
            }
        }
    }

    /// Puts a state that takes no sends out of use, to be read again.
    pub(crate) fn discard_unsettled(&self, conversation: &Arc<Conversation>) {
        let mut log = conversation.log.lock();
        if log.unsettled {
            log.phase = Phase::Abandoned;
            drop(log);
            self.forget(conversation);
        }
    }

    /// Reads conversations again whose last commit had no known outcome, so that what it may
    /// have stored is delivered although nobody asks. What still fails is tried again by the
    /// next tick, and keeps none of the others waiting.
    pub(crate) async fn settle_uncertain(self: &Arc<Self>) {
        let (ids, failures): (Vec<_>, Vec<_>) = {
            let uncertain = self.uncertain.lock();
            uncertain.iter().map(|(id, u)| (*id, u.failure)).unzip()
        };
        // Once for all of them.
        match failures.into_iter().max() {
            Some(newest) if self.is_synced(newest).await => {}
            _ => return,
        }
        for id in ids {
            self.discard_unsettled(&self.entry(id));
            if let Err(ChatError::Refused(_)) = self.with(id, |_, _| Ok(())).await {
                self.uncertain.lock().remove(&id);
            }
        }
    }
}
