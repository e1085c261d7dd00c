//! Reports.

use async_trait::async_trait;
use protocol::{ReportId, UserId};

use super::super::{ReportRecord, Reports, StoreError};
use super::MemoryStore;

#[async_trait]
impl Reports for MemoryStore {
    async fn put(&self, report: &ReportRecord) -> Result<(), StoreError> {
        self.tables().reports.insert(report.id, report.clone());
        Ok(())
    }

    async fn all(&self, limit: usize) -> Result<Vec<ReportRecord>, StoreError> {
        let tables = self.tables();
        Ok(tables.reports.values().take(limit).cloned().collect())
    }

    async fn one(&self, id: ReportId) -> Result<Option<ReportRecord>, StoreError> {
        Ok(self.tables().reports.get(&id).cloned())
    }

    async fn count_of(&self, reporter: UserId, limit: usize) -> Result<usize, StoreError> {
        let tables = self.tables();
        let own = tables.reports.values().filter(|it| it.reporter == reporter);
        Ok(own.take(limit).count())
    }

    async fn delete(&self, id: ReportId) -> Result<(), StoreError> {
        self.tables().reports.remove(&id);
        Ok(())
    }
}
