//! Signed-in devices.

use chat::{SessionRecord, StoreError};
use protocol::{SessionId, Timestamp, UserId};
use surrealdb::types::{Object, RecordId, object};

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, Id as _, SessionRow, number};

// `$session` is the engine's own.
const INSERT: &str = "CREATE $device.id CONTENT $device RETURN NONE";
pub(crate) const BY_ID: &str = "SELECT * FROM $device";
pub(crate) const OF_USER: &str =
    "SELECT * FROM session WHERE user = $user AND revoked_at = NONE AND expires_at > $now";
const ROTATE: &str = "
    UPDATE $device.id CONTENT $device
    WHERE user = $device.user AND generation = $expected AND revoked_at = NONE
    RETURN VALUE id
";
const REVOKE: &str = "UPDATE $device SET revoked_at = $at WHERE revoked_at = NONE RETURN NONE";

impl SurrealStore {
    pub(crate) async fn add_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        self.engine
            .query(INSERT, || object! { device: SessionRow::from(session) })
            .await?;
        Ok(())
    }

    pub(crate) async fn find_session(
        &self,
        id: SessionId,
    ) -> Result<Option<SessionRecord>, StoreError> {
        let found = self
            .find_sessions(BY_ID, || object! { device: records::row("session", id) })
            .await?;
        Ok(found.into_iter().next())
    }

    async fn find_sessions(
        &self,
        statement: &'static str,
        parameters: impl Fn() -> Object + Send,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let mut answer = self.engine.query(statement, parameters).await?;
        let rows: Vec<SessionRow> = answer.take(0).map_err(corrupt)?;
        rows.into_iter().map(SessionRecord::try_from).collect()
    }

    pub(crate) async fn live_sessions(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let mut found = self
            .find_sessions(
                OF_USER,
                || object! { user: user.to_uuid(), now: number(now.millis()) },
            )
            .await?;
        found.sort_by_key(|session| (session.created_at, session.id));
        Ok(found)
    }

    /// Of two rotations at once both read the old generation and write the same row, so the
    /// engine lets one commit; the other is tried again and finds the generation gone.
    pub(crate) async fn rotate(
        &self,
        session: &SessionRecord,
        expected: u32,
    ) -> Result<(), StoreError> {
        let mut answer = self
            .engine
            .query(ROTATE, || {
                object! {
                    device: SessionRow::from(session),
                    expected: i64::from(expected),
                }
            })
            .await?;
        let changed: Vec<RecordId> = answer.take(0).map_err(corrupt)?;
        changed.first().map(|_| ()).ok_or(StoreError::Missing)
    }

    pub(crate) async fn revoke(&self, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
        self.engine
            .query(
                REVOKE,
                || object! { device: records::row("session", id), at: number(at.millis()) },
            )
            .await?;
        Ok(())
    }
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<Object> {
    Some(match statement {
        BY_ID => object! { device: records::row("session", SessionId::from_bytes([0; 16])) },
        OF_USER => object! { user: UserId::from_bytes([0; 16]).to_uuid(), now: 0_i64 },
        _ => return None,
    })
}
