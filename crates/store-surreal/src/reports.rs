//! Reports.

use async_trait::async_trait;
use chat::{ReportRecord, Reports, StoreError};
use protocol::{ReportId, UserId};
use surrealdb::IndexedResults;
use surrealdb::types::{RecordId, object};

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, Id as _, ReportRow};

const PUT: &str = "UPSERT $report.id CONTENT $report RETURN NONE";
const DELETE: &str = "DELETE $report RETURN NONE";
pub(crate) const ALL: &str = "SELECT * FROM $range LIMIT $limit";
pub(crate) const BY_ID: &str = "SELECT * FROM $report";
pub(crate) const OF_REPORTER: &str =
    "SELECT VALUE id FROM report WHERE reporter = $reporter LIMIT $limit";

#[async_trait]
impl Reports for SurrealStore {
    async fn put(&self, report: &ReportRecord) -> Result<(), StoreError> {
        self.engine
            .write(PUT, || object! { report: ReportRow::from(report) })
            .await?;
        Ok(())
    }

    async fn all(&self, limit: usize) -> Result<Vec<ReportRecord>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let parameters = || object! { range: records::reports(), limit: limit };
        let mut answer = self.engine.query(ALL, parameters).await?;
        records_in(&mut answer)
    }

    async fn one(&self, id: ReportId) -> Result<Option<ReportRecord>, StoreError> {
        let mut answer = self
            .engine
            .query(BY_ID, || object! { report: records::row("report", id) })
            .await?;
        Ok(records_in(&mut answer)?.pop())
    }

    async fn count_of(&self, reporter: UserId, limit: usize) -> Result<usize, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let parameters = || object! { reporter: reporter.to_uuid(), limit: limit };
        let mut answer = self.engine.query(OF_REPORTER, parameters).await?;
        let ids: Vec<RecordId> = answer.take(0).map_err(corrupt)?;
        Ok(ids.len())
    }

    async fn delete(&self, id: ReportId) -> Result<(), StoreError> {
        self.engine
            .write(DELETE, || object! { report: records::row("report", id) })
            .await?;
        Ok(())
    }
}

fn records_in(answer: &mut IndexedResults) -> Result<Vec<ReportRecord>, StoreError> {
    let rows: Vec<ReportRow> = answer.take(0).map_err(corrupt)?;
    let rows = rows.into_iter().map(ReportRecord::try_from);
    Ok(records::readable(rows))
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<surrealdb::types::Object> {
    let reporter = UserId::from_bytes([0; 16]).to_uuid();
    Some(match statement {
        ALL => object! { range: records::reports(), limit: 64_i64 },
        BY_ID => object! { report: records::row("report", ReportId::from_bytes([0; 16])) },
        OF_REPORTER => object! { reporter: reporter, limit: 64_i64 },
        _ => return None,
    })
}
