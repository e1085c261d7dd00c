//! What people keep for themselves and who comes by a link: drafts that cannot be read, writes and
//! reads that take a while.

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
    /// Folders, reminders and what is scheduled wait for a permit each before they are written,
    /// while there is one.
    writes: Gate,
    /// Links that were found wait likewise before they are given back.
    links: Gate,
}

/// Where something waits for a permit, if there is one.
#[derive(Default)]
struct Gate {
    permits: Mutex<Option<Arc<Semaphore>>>,
    held: AtomicUsize,
}

impl Gate {
    fn hold(&self) -> Arc<Semaphore> {
        let permits = Arc::new(Semaphore::new(0));
        *self.permits.lock() = Some(Arc::clone(&permits));
        permits
    }

    fn held(&self) -> usize {
        self.held.load(Ordering::SeqCst)
    }

    async fn pass(&self) {
        let permits = self.permits.lock().clone();
        if let Some(permits) = permits {
            self.held.fetch_add(1, Ordering::SeqCst);
            permits.acquire().await.unwrap().forget();
        }
    }
}

impl FaultyStore {
    /// The draft of a conversation cannot be read from now on.
    pub(crate) fn spoil_draft(&self, conversation: Option<ConversationId>) {
        *self.own_faults.unreadable.lock() = conversation;
    }

    /// Folders, reminders and what is scheduled wait from now on for a permit of what is returned
    /// before they are written.
    pub(crate) fn hold_own(&self) -> Arc<Semaphore> {
        self.own_faults.writes.hold()
    }

    /// How many of them have come to wait for a permit.
    pub(crate) fn held_own(&self) -> usize {
        self.own_faults.writes.held()
    }

    /// Links that were found wait from now on for a permit of what is returned before they are
    /// given back.
    pub(crate) fn hold_links(&self) -> Arc<Semaphore> {
        self.own_faults.links.hold()
    }

    /// How many links have come to wait for a permit.
    pub(crate) fn held_links(&self) -> usize {
        self.own_faults.links.held()
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

    /// A folder, a reminder or something scheduled is to be written.
    pub(super) async fn write(&self) {
        self.writes.pass().await;
    }

    /// A link was found.
    pub(super) async fn find_link(&self) {
        self.links.pass().await;
    }
}
