//! What people keep for themselves: drafts that cannot be read, folders that take a while.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chat::StoreError;
use parking_lot::Mutex;
use protocol::ConversationId;
use tokio::sync::Semaphore;

use super::FaultyStore;

/// What becomes of it.
#[derive(Default)]
pub(super) struct OwnFaults {
    /// The draft of this conversation cannot be read.
    unreadable: Mutex<Option<ConversationId>>,
    /// Folders wait for a permit each before they are written, while there is one.
    gate: Mutex<Option<Arc<Semaphore>>>,
    held: AtomicUsize,
}

impl FaultyStore {
    /// The draft of a conversation cannot be read from now on.
    pub(crate) fn spoil_draft(&self, conversation: Option<ConversationId>) {
        *self.own_faults.unreadable.lock() = conversation;
    }

    /// Folders wait from now on for a permit of what is returned before they are written.
    pub(crate) fn hold_folders(&self) -> Arc<Semaphore> {
        let gate = Arc::new(Semaphore::new(0));
        *self.own_faults.gate.lock() = Some(Arc::clone(&gate));
        gate
    }

    /// How many folders have come to wait for a permit.
    pub(crate) fn held_folders(&self) -> usize {
        self.own_faults.held.load(Ordering::SeqCst)
    }
}

impl OwnFaults {
    /// Whether the draft of this conversation can be read.
    pub(super) fn read_draft(&self, conversation: ConversationId) -> Result<(), StoreError> {
        if *self.unreadable.lock() == Some(conversation) {
            return Err(StoreError::Corrupt("a test says so".to_owned()));
        }
        Ok(())
    }

    /// A folder is to be written.
    pub(super) async fn write_folder(&self) {
        let gate = self.gate.lock().clone();
        if let Some(gate) = gate {
            self.held.fetch_add(1, Ordering::SeqCst);
            gate.acquire().await.unwrap().forget();
        }
    }
}
