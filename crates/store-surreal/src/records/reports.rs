//! Rows of reports.

use chat::{ReportRecord, StoreError};
use protocol::{ReportId, UserId};
use surrealdb::types::{Bytes, RecordId, RecordIdKeyRange, SurrealValue, Uuid};

use super::{Id as _, bytes, only_id, row};

/// A row of `report`.
#[derive(SurrealValue)]
pub(crate) struct ReportRow {
    id: RecordId,
    reporter: Uuid,
    wrapped_key: Bytes,
    sealed: Bytes,
}

/// The ids of all rows of `report`.
pub(crate) fn reports() -> RecordId {
    let [first, last] = [0, u8::MAX].map(|byte| ReportId::from_bytes([byte; 16]).to_uuid());
    let range = RecordIdKeyRange {
        start: std::ops::Bound::Included(first.into()),
        end: std::ops::Bound::Included(last.into()),
    };
    RecordId::new("report", range)
}

impl From<&ReportRecord> for ReportRow {
    fn from(record: &ReportRecord) -> Self {
        Self {
            id: row("report", record.id),
            reporter: record.reporter.to_uuid(),
            wrapped_key: bytes(&record.wrapped_key),
            sealed: bytes(&record.sealed),
        }
    }
}

impl TryFrom<ReportRow> for ReportRecord {
    type Error = StoreError;

    fn try_from(row: ReportRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: only_id(&row.id)?,
            reporter: UserId::from_uuid(row.reporter),
            wrapped_key: row.wrapped_key.to_vec(),
            sealed: row.sealed.to_vec(),
        })
    }
}
