//! Conversations that nobody is in any more are erased, step by step and behind the answers. They
//! are noted with the entry that emptied them, so that the next process goes on with them.

use std::collections::BTreeSet;
use std::sync::Arc;

use protocol::ConversationId;

use crate::backlog::WAITING;
use crate::engine::{Engine, guarded};
use crate::{Chat, ChatError};

/// Rows that one step erases.
const ROWS: usize = 1_000;

impl Chat {
    /// Goes on with what was noted when the last process ended.
    pub(crate) async fn go_on_erasing(&self) -> Result<(), ChatError> {
        for id in guarded(self.store.emptied_conversations(WAITING)).await? {
            self.engine.erase_later(id);
        }
        Ok(())
    }
}

impl Engine {
    /// Leaves it to the task, and begins one if there is none.
    pub(crate) fn erase_later(self: &Arc<Self>, id: ConversationId) {
        self.erasing.push(id);
        self.erase_on();
    }

    /// Goes on with what waits, if nobody does. What failed is tried again by the next tick.
    pub(crate) fn erase_on(self: &Arc<Self>) {
        if !self.erasing.begin() {
            return;
        }
        let engine = Arc::clone(self);
        tokio::spawn(async move {
            let mut failed = BTreeSet::new();
            while let Some(id) = engine.erasing.pop() {
                if let Err(error) = guarded(engine.erase(id)).await {
                    tracing::warn!(%id, %error, "a conversation is erased later");
                    failed.insert(id);
                }
            }
            engine.erasing.end(failed);
        });
    }

    /// Deletes a conversation that nobody can write to any more.
    pub(crate) async fn erase(&self, id: ConversationId) -> Result<(), ChatError> {
        self.forget(&self.entry(id));
        // What the index writes behind that would stay for ever.
        self.index.queue.bar(id).await;
        while !guarded(self.store.erase_conversation(id, ROWS)).await? {}
        self.forget(&self.entry(id));
        self.index.queue.forget(id);
        Ok(())
    }
}
