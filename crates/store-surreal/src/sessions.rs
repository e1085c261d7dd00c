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
pub(crate) const DEAD: &str = "
    SELECT VALUE id FROM session
    WHERE user = $user AND (expires_at < $until OR (revoked_at != NONE AND revoked_at < $until))
    LIMIT $limit
";
const DELETE: &str = "DELETE $devices RETURN NONE";
const ROTATE: &str = "
    UPDATE $device.id CONTENT $device
    WHERE user = $device.user AND generation = $expected AND revoked_at = NONE
    RETURN VALUE id
";
const REVOKE: &str = "UPDATE $device SET revoked_at = $at WHERE revoked_at = NONE RETURN NONE";

impl SurrealStore {
    pub(crate) async fn add_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        self.engine
            .write(INSERT, || object! { device: SessionRow::from(session) })
            .await?;
        Ok(())
    }

    pub(crate) async fn find_session(
        &self,
        id: SessionId,
    ) -> Result<Option<SessionRecord>, StoreError> {
        let mut found = self
            .find_sessions(BY_ID, || object! { device: records::row("session", id) })
            .await?;
        found.next().transpose()
    }

    async fn find_sessions(
        &self,
        statement: &'static str,
        parameters: impl Fn() -> Object + Send,
    ) -> Result<impl Iterator<Item = Result<SessionRecord, StoreError>>, StoreError> {
        let mut answer = self.engine.query(statement, parameters).await?;
        let rows: Vec<SessionRow> = answer.take(0).map_err(corrupt)?;
        Ok(rows.into_iter().map(SessionRecord::try_from))
    }

    pub(crate) async fn live_sessions(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let found = self
            .find_sessions(
                OF_USER,
                || object! { user: user.to_uuid(), now: number(now.millis()) },
            )
            .await?;
        let mut found = records::readable(found);
        found.sort_by_key(|session| (session.created_at, session.id));
        Ok(found)
    }

    /// What has ended stays ended, so nothing can come between the two.
    pub(crate) async fn delete_dead(
        &self,
        user: UserId,
        until: Timestamp,
        limit: usize,
    ) -> Result<(), StoreError> {
        let mut answer = self
            .engine
            .query(DEAD, || {
                object! {
                    user: user.to_uuid(),
                    until: number(until.millis()),
                    limit: i64::try_from(limit).unwrap_or(i64::MAX),
                }
            })
            .await?;
        let dead: Vec<RecordId> = answer.take(0).map_err(corrupt)?;
        if !dead.is_empty() {
            self.engine
                .write(DELETE, || object! { devices: dead.clone() })
                .await?;
        }
        Ok(())
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
            .write(ROTATE, || {
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
            .write(
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
        DEAD => object! {
            user: UserId::from_bytes([0; 16]).to_uuid(),
            until: 0_i64,
            limit: 100_i64,
        },
        _ => return None,
    })
}
