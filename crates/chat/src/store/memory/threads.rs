//! Which messages are in which thread.

use async_trait::async_trait;
use protocol::{ConversationId, Seq};

use super::super::{AnswerRecord, StoreError, Threads};
use super::MemoryStore;

#[async_trait]
impl Threads for MemoryStore {
    async fn answers(
        &self,
        conversation: ConversationId,
        root: Seq,
        until: Seq,
        limit: usize,
    ) -> Result<Vec<Seq>, StoreError> {
        let at = |seq| AnswerRecord {
            conversation,
            root,
            seq,
        };
        let tables = self.tables();
        let places = tables.answers.range(at(Seq::ZERO)..=at(until));
        Ok(places.rev().take(limit).map(|it| it.seq).collect())
    }
}
