//! Reports.

use async_trait::async_trait;
use protocol::{ReportId, UserId};

use super::StoreError;

/// A report as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRecord {
    /// Its id, by whose time it stands in the order of all.
    pub id: ReportId,
    /// Who reports.
    pub reporter: UserId,
    /// Its key, wrapped by the master key; opaque here.
    pub wrapped_key: Vec<u8>,
    /// What is reported and why; opaque here.
    pub sealed: Vec<u8>,
}

/// Reports, as a part of the port.
#[async_trait]
pub trait Reports: Send + Sync {
    /// Writes one.
    async fn put(&self, report: &ReportRecord) -> Result<(), StoreError>;
    /// The oldest, at most `limit`, in their order.
    async fn all(&self, limit: usize) -> Result<Vec<ReportRecord>, StoreError>;
    /// Reads one.
    async fn one(&self, id: ReportId) -> Result<Option<ReportRecord>, StoreError>;
    /// How many there are of one account, counted up to `limit`.
    async fn count_of(&self, reporter: UserId, limit: usize) -> Result<usize, StoreError>;
    /// Deletes one; one that is not there is no error.
    async fn delete(&self, id: ReportId) -> Result<(), StoreError>;
}
