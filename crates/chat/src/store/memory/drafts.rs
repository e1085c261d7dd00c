//! What people have begun to write.

use async_trait::async_trait;
use protocol::{ConversationId, UserId};

use super::super::{DraftRecord, Drafts, StoreError};
use super::MemoryStore;

#[async_trait]
impl Drafts for MemoryStore {
    async fn places(&self, user: UserId) -> Result<Vec<ConversationId>, StoreError> {
        let ends = [0, 0xff].map(|byte| (user, ConversationId::from_bytes([byte; 16])));
        let [first, last] = ends;
        let tables = self.tables();
        let own = tables.drafts.range(first..=last);
        Ok(own.map(|((_, conversation), _)| *conversation).collect())
    }

    async fn one(
        &self,
        user: UserId,
        conversation: ConversationId,
    ) -> Result<Option<DraftRecord>, StoreError> {
        Ok(self.tables().drafts.get(&(user, conversation)).cloned())
    }

    async fn put(&self, draft: &DraftRecord) -> Result<(), StoreError> {
        let key = (draft.user, draft.conversation);
        self.tables().drafts.insert(key, draft.clone());
        Ok(())
    }

    async fn delete(&self, user: UserId, conversation: ConversationId) -> Result<(), StoreError> {
        self.tables().drafts.remove(&(user, conversation));
        Ok(())
    }
}
