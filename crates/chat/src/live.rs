//! Connections: who gets which frame.

use std::sync::Arc;

use bytes::Bytes;
use protocol::limits::RESUME_POINTS;
use protocol::{CloseCode, Codec, ConversationId, ErrorCode, ResumePoint, Timestamp};
use tokio::sync::mpsc;

use crate::hub::Line;
use crate::resume::resume;
use crate::{Actor, Chat, ChatError};

/// One open socket, unique while the server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub u64);

/// What a connection's task writes to its socket, in the order received.
#[derive(Debug, Clone)]
pub enum Outgoing {
    /// An encoded frame; the same bytes are shared by all connections of one codec.
    Frame(Bytes),
    /// Send everything before this, then close with the code.
    Close(CloseCode),
}

/// A registered connection. The task that owns the socket drains `outgoing`; when the queue is
/// found empty it calls [`Chat::drained`], which sends `Resync` if frames were dropped.
/// Dropping it does not unregister: call [`Chat::disconnect`].
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// Frames to write; bounded by [`protocol::limits::CONNECTION_QUEUE`].
    pub outgoing: mpsc::Receiver<Outgoing>,
}

impl Chat {
    /// Registers a connection. It gets nothing before [`Chat::hello`]. If the account has too
    /// many, its oldest is closed with [`CloseCode::Replaced`].
    ///
    /// # Errors
    /// `Refused(Draining)`; `Refused(Unauthenticated)` if the session has ended meanwhile.
    pub fn connect(
        &self,
        actor: &Actor,
        codec: Codec,
        now: Timestamp,
    ) -> Result<Connection, ChatError> {
        let hub = &self.engine.hub;
        let connected = hub.connect(actor.user(), actor.session(), codec);
        let (id, outgoing) = connected.map_err(|_| ErrorCode::Unauthenticated)?;
        // Asked after it is registered: either this sees a drain or the drain sees it.
        if self.engine.is_draining() {
            hub.disconnect(id, now);
            return Err(ErrorCode::Draining.into());
        }
        Ok(Connection { id, outgoing })
    }

    /// Answers `Hello`: `Welcome`, then what was missed, then `Resumed`; from then on live
    /// frames follow without a gap. May be called again on the same connection.
    ///
    /// Whoever calls goes on draining the queue meanwhile: what is long waits for room in it.
    ///
    /// # Errors
    /// `Refused(Malformed)` for too many resume points; `Refused(Draining)`; `Store`.
    pub async fn hello(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        points: Vec<ResumePoint>,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        if points.len() > RESUME_POINTS {
            return Err(ErrorCode::Malformed.into());
        }
        if self.engine.is_draining() {
            return Err(ErrorCode::Draining.into());
        }
        let Some(line) = self.line_of(actor, connection) else {
            return Ok(());
        };
        let me = self.engine.persons([actor.user()]).await?;
        let me = me.into_values().next().ok_or(ErrorCode::Unauthenticated)?;
        resume(&self.engine, &line, me, points, now).await
    }

    /// The end of an open connection of the actor.
    pub(crate) fn line_of(&self, actor: &Actor, connection: ConnectionId) -> Option<Arc<Line>> {
        let line = self.engine.hub.line(connection)?;
        (line.user == actor.user() && line.session == actor.session()).then_some(line)
    }

    /// Tells the others that the actor types, or no longer. Ignored outside the actor's
    /// conversations and when it comes too often.
    pub fn typing(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        active: bool,
        now: Timestamp,
    ) {
        let hub = &self.engine.hub;
        hub.typing(actor.user(), conversation, active, now);
    }

    /// The connection's queue is empty: sends `Resync` if frames were dropped since.
    pub fn drained(&self, connection: ConnectionId) {
        self.engine.hub.drained(connection);
    }

    /// Unregisters a connection; presence changes if it was the account's last.
    pub fn disconnect(&self, connection: ConnectionId, now: Timestamp) {
        self.engine.hub.disconnect(connection, now);
    }
}
