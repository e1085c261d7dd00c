//! Connections: who gets which frame.

use bytes::Bytes;
use protocol::{CloseCode, Codec, ConversationId, ResumePoint, Timestamp};
use tokio::sync::mpsc;

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
        _actor: &Actor,
        _codec: Codec,
        _now: Timestamp,
    ) -> Result<Connection, ChatError> {
        unimplemented!()
    }

    /// Answers `Hello`: `Welcome`, then what was missed, then `Resumed`; from then on live
    /// frames follow without a gap. May be called again on the same connection.
    ///
    /// # Errors
    /// `Refused(Malformed)` for too many resume points; `Store`.
    pub async fn hello(
        &self,
        _actor: &Actor,
        _connection: ConnectionId,
        _resume: Vec<ResumePoint>,
        _now: Timestamp,
    ) -> Result<(), ChatError> {
        unimplemented!()
    }

    /// Tells the others that the actor types, or no longer. Ignored outside the actor's
    /// conversations and when it comes too often.
    pub fn typing(
        &self,
        _actor: &Actor,
        _conversation: ConversationId,
        _active: bool,
        _now: Timestamp,
    ) {
        unimplemented!()
    }

    /// The connection's queue is empty: sends `Resync` if frames were dropped since.
    pub fn drained(&self, _connection: ConnectionId) {
        unimplemented!()
    }

    /// Unregisters a connection; presence changes if it was the account's last.
    pub fn disconnect(&self, _connection: ConnectionId, _now: Timestamp) {
        unimplemented!()
    }
}
