//! The devices that somebody is signed in with.

use protocol::{ErrorCode, SessionId, Timestamp};

use super::{Actor, SessionInfo};
use crate::{Chat, ChatError};

impl Chat {
    /// The actor's living sessions, newest first.
    ///
    /// # Errors
    /// `Store`.
    pub async fn sessions(
        &self,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<SessionInfo>, ChatError> {
        let sessions = self.store.sessions_of(actor.user, now).await?;
        Ok(sessions
            .into_iter()
            .rev()
            .map(|session| SessionInfo {
                id: session.id,
                device: session.device,
                created_at: session.created_at,
                refreshed_at: session.refreshed_at,
                current: session.id == actor.session,
            })
            .collect())
    }

    /// Ends a session of the actor (its own or another device's) and closes its sockets.
    ///
    /// # Errors
    /// `Refused(NotFound)` for anybody else's; `Store`.
    pub async fn end_session(
        &self,
        actor: &Actor,
        session: SessionId,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        if session != actor.session {
            let stored = self.store.session(session).await?;
            if stored.is_none_or(|stored| stored.user != actor.user) {
                return Err(ErrorCode::NotFound.into());
            }
        }
        self.revoke(session, now).await
    }

    /// Ends all sessions of the actor but the one that asks, and closes their sockets. Returns
    /// how many there were.
    ///
    /// # Errors
    /// `Store` if one of them may live on; the others are ended all the same.
    pub async fn end_other_sessions(
        &self,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<usize, ChatError> {
        let sessions = self.store.sessions_of(actor.user, now).await?;
        let others = sessions
            .into_iter()
            .filter(|session| session.id != actor.session);
        let (mut ended, mut failed) = (0, None);
        for session in others {
            match self.revoke(session.id, now).await {
                Ok(()) => ended += 1,
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(ended), Err)
    }
}
