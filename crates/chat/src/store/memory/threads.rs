//! Which messages are in which thread, and how far accounts have seen them.

use async_trait::async_trait;
use protocol::{ConversationId, SavedPlace, Seq, UserId};

use super::super::{AnswerRecord, SeenRecord, StoreError, Threads};
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

    async fn seen(&self, user: UserId) -> Result<Vec<SeenRecord>, StoreError> {
        let [first, last] = [(0, Seq::ZERO), (0xff, Seq(u64::MAX))].map(|(byte, seq)| {
            let conversation = ConversationId::from_bytes([byte; 16]);
            (user, SavedPlace { conversation, seq })
        });
        let tables = self.tables();
        let own = tables.seen_threads.range(first..=last);
        Ok(own.map(|(_, record)| *record).collect())
    }

    async fn put_seen(&self, seen: &SeenRecord) -> Result<(), StoreError> {
        let key = (seen.user, seen.thread.root);
        self.tables().seen_threads.insert(key, *seen);
        Ok(())
    }

    async fn forget_seen(&self, user: UserId, root: SavedPlace) -> Result<(), StoreError> {
        self.tables().seen_threads.remove(&(user, root));
        Ok(())
    }
}
