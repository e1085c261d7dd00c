//! Which messages are in which thread.

use async_trait::async_trait;
use chat::{StoreError, Threads};
use protocol::{ConversationId, Seq};

use crate::SurrealStore;
use crate::records;

#[async_trait]
impl Threads for SurrealStore {
    async fn answers(
        &self,
        conversation: ConversationId,
        root: Seq,
        until: Seq,
        limit: usize,
    ) -> Result<Vec<Seq>, StoreError> {
        let range = records::answers(conversation, root, until);
        let ids = self.ids_within(&range, limit).await?;
        ids.iter().map(records::answer_place).collect()
    }
}
