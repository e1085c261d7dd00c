//! What belongs to one account alone fails as arranging does.

use std::sync::atomic::Ordering;

use async_trait::async_trait;
use chat::{
    Blocks, DraftRecord, Drafts, FolderRecord, Folders, InviteRecord, Invites, Profiles,
    ReminderRecord, Reminders, SavedMessages, SavedRecord, Schedule, ScheduledKey, ScheduledRecord,
    Store as _, StoreError,
};
use protocol::{ConversationId, FolderId, SavedPlace, SendId, Timestamp, UserId};

use super::FaultyStore;

impl FaultyStore {
    pub(crate) fn fail_arranging(&self, fail: bool) {
        self.arranging_fails.store(fail, Ordering::SeqCst);
    }

    pub(crate) fn store_and_fail_arranging(&self, fail: bool) {
        self.arranging_stores.store(fail, Ordering::SeqCst);
        self.fail_arranging(fail);
    }

    async fn own(
        &self,
        write: impl Future<Output = Result<(), StoreError>>,
    ) -> Result<(), StoreError> {
        let fails = self.arranging_fails.load(Ordering::SeqCst);
        if !fails || self.arranging_stores.load(Ordering::SeqCst) {
            write.await?;
        }
        if fails {
            return Err(Self::unavailable());
        }
        Ok(())
    }
}

#[async_trait]
impl Blocks for FaultyStore {
    async fn set(&self, user: UserId, other: UserId, blocks: bool) -> Result<(), StoreError> {
        self.own(self.inner.blocks().set(user, other, blocks)).await
    }
    async fn of(&self, user: UserId) -> Result<Vec<UserId>, StoreError> {
        self.inner.blocks().of(user).await
    }
    async fn against(&self, user: UserId) -> Result<Vec<UserId>, StoreError> {
        self.inner.blocks().against(user).await
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
        self.own_faults.read_draft(conversation)?;
        self.inner.drafts().one(user, conversation).await
    }
    async fn put(&self, draft: &DraftRecord) -> Result<(), StoreError> {
        self.own(self.inner.drafts().put(draft)).await
    }
    async fn delete(&self, user: UserId, conversation: ConversationId) -> Result<(), StoreError> {
        self.own(self.inner.drafts().delete(user, conversation))
            .await
    }
}

#[async_trait]
impl Folders for FaultyStore {
    async fn of(&self, user: UserId) -> Result<Vec<FolderRecord>, StoreError> {
        self.inner.folders().of(user).await
    }
    async fn put(&self, folder: &FolderRecord) -> Result<(), StoreError> {
        self.own_faults.write().await;
        self.own(self.inner.folders().put(folder)).await
    }
    async fn delete(&self, user: UserId, id: FolderId) -> Result<(), StoreError> {
        self.own(self.inner.folders().delete(user, id)).await
    }
}

#[async_trait]
impl Reminders for FaultyStore {
    async fn of(&self, user: UserId) -> Result<Vec<ReminderRecord>, StoreError> {
        self.inner.reminders().of(user).await
    }
    async fn one(
        &self,
        user: UserId,
        place: SavedPlace,
    ) -> Result<Option<ReminderRecord>, StoreError> {
        self.inner.reminders().one(user, place).await
    }
    async fn put(
        &self,
        record: &ReminderRecord,
        was: Option<&ReminderRecord>,
    ) -> Result<(), StoreError> {
        self.own_faults.write().await;
        self.own(self.inner.reminders().put(record, was)).await
    }
    async fn delete(&self, record: &ReminderRecord) -> Result<(), StoreError> {
        self.own(self.inner.reminders().delete(record)).await
    }
    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<ReminderRecord>, StoreError> {
        self.inner.reminders().due(until, limit).await
    }
    async fn first(&self) -> Result<Option<Timestamp>, StoreError> {
        self.inner.reminders().first().await
    }
}

#[async_trait]
impl Profiles for FaultyStore {
    async fn set(&self, user: UserId, sealed: &[u8]) -> Result<(), StoreError> {
        self.own(self.inner.profiles().set(user, sealed)).await
    }
    async fn delete(&self, user: UserId) -> Result<(), StoreError> {
        self.own(self.inner.profiles().delete(user)).await
    }
    async fn of(&self, users: &[UserId]) -> Result<Vec<(UserId, Vec<u8>)>, StoreError> {
        self.inner.profiles().of(users).await
    }
}

#[async_trait]
impl SavedMessages for FaultyStore {
    async fn of(&self, user: UserId) -> Result<Vec<SavedRecord>, StoreError> {
        self.inner.saved().of(user).await
    }
    async fn save(&self, saved: &SavedRecord) -> Result<(), StoreError> {
        self.own(self.inner.saved().save(saved)).await
    }
    async fn forget(&self, user: UserId, place: SavedPlace) -> Result<(), StoreError> {
        self.own(self.inner.saved().forget(user, place)).await
    }
}

#[async_trait]
impl Schedule for FaultyStore {
    async fn put(
        &self,
        record: &ScheduledRecord,
        was: Option<ScheduledKey>,
    ) -> Result<(), StoreError> {
        self.own_faults.write().await;
        self.inner.schedule().put(record, was).await
    }
    async fn delete(&self, key: ScheduledKey) -> Result<(), StoreError> {
        self.inner.schedule().delete(key).await
    }
    async fn one(&self, author: UserId, id: SendId) -> Result<Option<ScheduledRecord>, StoreError> {
        self.inner.schedule().one(author, id).await
    }
    async fn of(&self, author: UserId) -> Result<Vec<ScheduledRecord>, StoreError> {
        self.inner.schedule().of(author).await
    }
    async fn due(
        &self,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<ScheduledRecord>, StoreError> {
        self.inner.schedule().due(until, limit).await
    }
    async fn first_wake(&self) -> Result<Option<Timestamp>, StoreError> {
        self.inner.schedule().first_wake().await
    }
}

#[async_trait]
impl Invites for FaultyStore {
    async fn insert(&self, invite: &InviteRecord) -> Result<(), StoreError> {
        self.inner.invites().insert(invite).await
    }
    async fn by_hash(&self, hash: &[u8; 32]) -> Result<Option<InviteRecord>, StoreError> {
        let found = self.inner.invites().by_hash(hash).await;
        self.own_faults.find_link().await;
        found
    }
    async fn of(&self, conversation: ConversationId) -> Result<Vec<InviteRecord>, StoreError> {
        self.inner.invites().of(conversation).await
    }
    async fn delete(&self, hashes: &[[u8; 32]]) -> Result<(), StoreError> {
        self.inner.invites().delete(hashes).await
    }
    async fn is_barred(
        &self,
        conversation: ConversationId,
        user: UserId,
    ) -> Result<bool, StoreError> {
        self.inner.invites().is_barred(conversation, user).await
    }
}
