//! What people keep for themselves: drafts that cannot be read, folders that take a while.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chat::{DraftRecord, Drafts, FolderRecord, Folders, Store, StoreError};
use parking_lot::Mutex;
use protocol::{ConversationId, FolderId, UserId};
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

#[async_trait]
impl Drafts for FaultyStore {
    async fn places(&self, user: UserId) -> Result<Vec<ConversationId>, StoreError> {
        self.inner.drafts().places(user).await
    }

    async fn one(
        &self,
        user: UserId,
        conversation: ConversationId,
    ) -> Result<Option<DraftRecord>, StoreError> {
        if *self.own_faults.unreadable.lock() == Some(conversation) {
            return Err(StoreError::Corrupt("a test says so".to_owned()));
        }
        self.inner.drafts().one(user, conversation).await
    }

    async fn put(&self, draft: &DraftRecord) -> Result<(), StoreError> {
        self.inner.drafts().put(draft).await
    }

    async fn delete(&self, user: UserId, conversation: ConversationId) -> Result<(), StoreError> {
        self.inner.drafts().delete(user, conversation).await
    }
}

#[async_trait]
impl Folders for FaultyStore {
    async fn of(&self, user: UserId) -> Result<Vec<FolderRecord>, StoreError> {
        self.inner.folders().of(user).await
    }

    async fn put(&self, folder: &FolderRecord) -> Result<(), StoreError> {
        let gate = self.own_faults.gate.lock().clone();
        if let Some(gate) = gate {
            self.own_faults.held.fetch_add(1, Ordering::SeqCst);
            gate.acquire().await.unwrap().forget();
        }
        self.inner.folders().put(folder).await
    }

    async fn delete(&self, user: UserId, id: FolderId) -> Result<(), StoreError> {
        self.inner.folders().delete(user, id).await
    }
}
