//! Messages that go when their time is over.

use async_trait::async_trait;
use protocol::Timestamp;

use super::super::{Expiries, Expiry, StoreError};
use super::MemoryStore;

#[async_trait]
impl Expiries for MemoryStore {
    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<Expiry>, StoreError> {
        let tables = self.tables();
        let due = tables.expiries.iter().take_while(|it| it.at <= until);
        Ok(due.take(limit).copied().collect())
    }

    async fn first(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.tables().expiries.first().map(|first| first.at))
    }

    async fn put_off(&self, moved: &[(Expiry, Option<Timestamp>)]) -> Result<(), StoreError> {
        let mut tables = self.tables();
        for (expiry, at) in moved {
            tables.expiries.remove(expiry);
            tables
                .expiries
                .extend(at.map(|at| Expiry { at, ..*expiry }));
        }
        Ok(())
    }
}
