//! Links by which groups are joined.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use protocol::{ConversationId, UserId};

use super::super::{Bar, InviteRecord, Invites, Redeemed, StoreError, Unique};
use super::MemoryStore;

#[derive(Default)]
pub(super) struct Links {
    by_hash: BTreeMap<[u8; 32], InviteRecord>,
    barred: BTreeSet<(ConversationId, UserId)>,
}

impl Links {
    pub(super) fn redeem(&mut self, redeemed: &Redeemed) {
        if let Some(link) = self.by_hash.get_mut(&redeemed.hash) {
            link.used = redeemed.used;
        }
    }

    /// All of a conversation.
    pub(super) fn erase(&mut self, id: ConversationId) {
        self.by_hash.retain(|_, link| link.conversation != id);
        self.barred.retain(|(of, _)| *of != id);
    }

    pub(super) fn bar(&mut self, bar: &Bar) {
        let key = (bar.conversation, bar.user);
        if bar.barred {
            self.barred.insert(key);
        } else {
            self.barred.remove(&key);
        }
    }
}

#[async_trait]
impl Invites for MemoryStore {
    async fn insert(&self, invite: &InviteRecord) -> Result<(), StoreError> {
        let mut tables = self.tables();
        if tables.links.by_hash.contains_key(&invite.hash) {
            return Err(StoreError::Taken(Unique::Id));
        }
        tables.links.by_hash.insert(invite.hash, invite.clone());
        Ok(())
    }

    async fn by_hash(&self, hash: &[u8; 32]) -> Result<Option<InviteRecord>, StoreError> {
        Ok(self.tables().links.by_hash.get(hash).cloned())
    }

    async fn of(&self, conversation: ConversationId) -> Result<Vec<InviteRecord>, StoreError> {
        let tables = self.tables();
        let links = tables.links.by_hash.values();
        let mut links: Vec<_> = links
            .filter(|link| link.conversation == conversation)
            .cloned()
            .collect();
        links.sort_by_key(|link| link.id);
        Ok(links)
    }

    async fn delete(&self, hashes: &[[u8; 32]]) -> Result<(), StoreError> {
        let mut tables = self.tables();
        for hash in hashes {
            tables.links.by_hash.remove(hash);
        }
        Ok(())
    }

    async fn is_barred(
        &self,
        conversation: ConversationId,
        user: UserId,
    ) -> Result<bool, StoreError> {
        Ok(self.tables().links.barred.contains(&(conversation, user)))
    }
}
