//! The parts of the port that hang on it: what they are asked fails as everything else does.

use async_trait::async_trait;
use chat::{
    Blocks, DraftRecord, Drafts, Expiries, Expiry, FolderRecord, Folders, InviteRecord, Invites,
    Privacies, Profiles, ReminderRecord, Reminders, ReportRecord, Reports, SavedMessages,
    SavedRecord, Schedule, ScheduledKey, ScheduledRecord, SeenRecord, Store as _, StoreError,
    Threads,
};
use protocol::{
    ConversationId, FolderId, Privacy, ReportId, SavedPlace, SendId, Seq, Timestamp, UserId,
};

use super::FaultyStore;

#[async_trait]
impl Blocks for FaultyStore {
    async fn set(&self, user: UserId, other: UserId, blocks: bool) -> Result<(), StoreError> {
        self.perhaps(self.inner.blocks().set(user, other, blocks))
            .await
    }
    async fn of(&self, user: UserId) -> Result<Vec<UserId>, StoreError> {
        self.perhaps(self.inner.blocks().of(user)).await
    }
    async fn against(&self, user: UserId) -> Result<Vec<UserId>, StoreError> {
        self.perhaps(self.inner.blocks().against(user)).await
    }
}

#[async_trait]
impl Drafts for FaultyStore {
    async fn places(&self, user: UserId) -> Result<Vec<ConversationId>, StoreError> {
        self.perhaps(self.inner.drafts().places(user)).await
    }
    async fn one(
        &self,
        user: UserId,
        conversation: ConversationId,
    ) -> Result<Option<DraftRecord>, StoreError> {
        let call = self.inner.drafts().one(user, conversation);
        self.perhaps(call).await
    }
    async fn put(&self, draft: &DraftRecord) -> Result<(), StoreError> {
        self.perhaps(self.inner.drafts().put(draft)).await
    }
    async fn delete(&self, user: UserId, conversation: ConversationId) -> Result<(), StoreError> {
        let call = self.inner.drafts().delete(user, conversation);
        self.perhaps(call).await
    }
}

#[async_trait]
impl Folders for FaultyStore {
    async fn of(&self, user: UserId) -> Result<Vec<FolderRecord>, StoreError> {
        self.perhaps(self.inner.folders().of(user)).await
    }
    async fn put(&self, folder: &FolderRecord) -> Result<(), StoreError> {
        self.perhaps(self.inner.folders().put(folder)).await
    }
    async fn delete(&self, user: UserId, id: FolderId) -> Result<(), StoreError> {
        self.perhaps(self.inner.folders().delete(user, id)).await
    }
}

#[async_trait]
impl Invites for FaultyStore {
    async fn insert(&self, invite: &InviteRecord) -> Result<(), StoreError> {
        self.perhaps(self.inner.invites().insert(invite)).await
    }
    async fn by_hash(&self, hash: &[u8; 32]) -> Result<Option<InviteRecord>, StoreError> {
        self.perhaps(self.inner.invites().by_hash(hash)).await
    }
    async fn of(&self, conversation: ConversationId) -> Result<Vec<InviteRecord>, StoreError> {
        self.perhaps(self.inner.invites().of(conversation)).await
    }
    async fn delete(&self, hashes: &[[u8; 32]]) -> Result<(), StoreError> {
        self.perhaps(self.inner.invites().delete(hashes)).await
    }
    async fn is_barred(
        &self,
        conversation: ConversationId,
        user: UserId,
    ) -> Result<bool, StoreError> {
        let call = self.inner.invites().is_barred(conversation, user);
        self.perhaps(call).await
    }
}

#[async_trait]
impl Reminders for FaultyStore {
    async fn of(&self, user: UserId) -> Result<Vec<ReminderRecord>, StoreError> {
        self.perhaps(self.inner.reminders().of(user)).await
    }
    async fn one(
        &self,
        user: UserId,
        place: SavedPlace,
    ) -> Result<Option<ReminderRecord>, StoreError> {
        self.perhaps(self.inner.reminders().one(user, place)).await
    }
    async fn put(
        &self,
        record: &ReminderRecord,
        was: Option<&ReminderRecord>,
    ) -> Result<(), StoreError> {
        self.perhaps(self.inner.reminders().put(record, was)).await
    }
    async fn delete(&self, record: &ReminderRecord) -> Result<(), StoreError> {
        self.perhaps(self.inner.reminders().delete(record)).await
    }
    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<ReminderRecord>, StoreError> {
        self.perhaps(self.inner.reminders().due(until, limit)).await
    }
    async fn first(&self) -> Result<Option<Timestamp>, StoreError> {
        self.perhaps(self.inner.reminders().first()).await
    }
}

#[async_trait]
impl Reports for FaultyStore {
    async fn put(&self, report: &ReportRecord) -> Result<(), StoreError> {
        self.perhaps(self.inner.reports().put(report)).await
    }
    async fn all(&self, limit: usize) -> Result<Vec<ReportRecord>, StoreError> {
        self.perhaps(self.inner.reports().all(limit)).await
    }
    async fn one(&self, id: ReportId) -> Result<Option<ReportRecord>, StoreError> {
        self.perhaps(self.inner.reports().one(id)).await
    }
    async fn count_of(&self, reporter: UserId, limit: usize) -> Result<usize, StoreError> {
        let call = self.inner.reports().count_of(reporter, limit);
        self.perhaps(call).await
    }
    async fn delete(&self, id: ReportId) -> Result<(), StoreError> {
        self.perhaps(self.inner.reports().delete(id)).await
    }
}

#[async_trait]
impl Privacies for FaultyStore {
    async fn set(&self, user: UserId, privacy: Privacy) -> Result<(), StoreError> {
        self.perhaps(self.inner.privacies().set(user, privacy))
            .await
    }
    async fn of(&self, users: &[UserId]) -> Result<Vec<(UserId, Privacy)>, StoreError> {
        self.perhaps(self.inner.privacies().of(users)).await
    }
}

#[async_trait]
impl Profiles for FaultyStore {
    async fn set(&self, user: UserId, sealed: &[u8]) -> Result<(), StoreError> {
        self.perhaps(self.inner.profiles().set(user, sealed)).await
    }
    async fn delete(&self, user: UserId) -> Result<(), StoreError> {
        self.perhaps(self.inner.profiles().delete(user)).await
    }
    async fn of(&self, users: &[UserId]) -> Result<Vec<(UserId, Vec<u8>)>, StoreError> {
        self.perhaps(self.inner.profiles().of(users)).await
    }
}

#[async_trait]
impl SavedMessages for FaultyStore {
    async fn of(&self, user: UserId) -> Result<Vec<SavedRecord>, StoreError> {
        self.perhaps(self.inner.saved().of(user)).await
    }
    async fn save(&self, saved: &SavedRecord) -> Result<(), StoreError> {
        self.perhaps(self.inner.saved().save(saved)).await
    }
    async fn forget(&self, user: UserId, place: SavedPlace) -> Result<(), StoreError> {
        self.perhaps(self.inner.saved().forget(user, place)).await
    }
}

#[async_trait]
impl Schedule for FaultyStore {
    async fn put(
        &self,
        record: &ScheduledRecord,
        was: Option<ScheduledKey>,
    ) -> Result<(), StoreError> {
        self.perhaps(self.inner.schedule().put(record, was)).await
    }
    async fn delete(&self, key: ScheduledKey) -> Result<(), StoreError> {
        self.perhaps(self.inner.schedule().delete(key)).await
    }
    async fn one(&self, author: UserId, id: SendId) -> Result<Option<ScheduledRecord>, StoreError> {
        self.perhaps(self.inner.schedule().one(author, id)).await
    }
    async fn of(&self, author: UserId) -> Result<Vec<ScheduledRecord>, StoreError> {
        self.perhaps(self.inner.schedule().of(author)).await
    }
    async fn due(
        &self,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<ScheduledRecord>, StoreError> {
        self.perhaps(self.inner.schedule().due(until, limit)).await
    }
    async fn first_wake(&self) -> Result<Option<Timestamp>, StoreError> {
        self.perhaps(self.inner.schedule().first_wake()).await
    }
}

#[async_trait]
impl Threads for FaultyStore {
    async fn answers(
        &self,
        conversation: ConversationId,
        root: Seq,
        until: Seq,
        limit: usize,
    ) -> Result<Vec<Seq>, StoreError> {
        let threads = self.inner.threads();
        let call = threads.answers(conversation, root, until, limit);
        self.perhaps(call).await
    }
    async fn seen(&self, user: UserId) -> Result<Vec<SeenRecord>, StoreError> {
        self.perhaps(self.inner.threads().seen(user)).await
    }
    async fn put_seen(&self, seen: &SeenRecord) -> Result<(), StoreError> {
        self.perhaps(self.inner.threads().put_seen(seen)).await
    }
    async fn forget_seen(&self, user: UserId, root: SavedPlace) -> Result<(), StoreError> {
        self.perhaps(self.inner.threads().forget_seen(user, root))
            .await
    }
}

#[async_trait]
impl Expiries for FaultyStore {
    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<Expiry>, StoreError> {
        self.perhaps(self.inner.expiries().due(until, limit)).await
    }
    async fn first(&self) -> Result<Option<Timestamp>, StoreError> {
        self.perhaps(self.inner.expiries().first()).await
    }
    async fn put_off(&self, moved: &[(Expiry, Option<Timestamp>)]) -> Result<(), StoreError> {
        self.perhaps(self.inner.expiries().put_off(moved)).await
    }
}
