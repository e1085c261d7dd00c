//! Sending and reading messages.

use protocol::{ConversationId, HistoryPage, MessageBody, SendId, Seq, Timestamp};

use crate::{Actor, Chat, ChatError, ConnectionId};

/// A checked send.
#[derive(Debug, Clone)]
pub struct SendCommand {
    /// The author's id of it.
    pub send_id: SendId,
    /// Where to.
    pub conversation: ConversationId,
    /// The text.
    pub body: MessageBody,
    /// The newest place the author knew when it was written.
    pub after: Seq,
    /// Whether it may have been transmitted before.
    pub retry: bool,
}

impl Chat {
    /// Queues a message for the next commit and returns at once. The outcome reaches
    /// `connection` as `Ack` or `Reject`; everybody else gets `Event` after the commit. Sends
    /// of one connection to one conversation are committed in the order of the calls.
    pub fn send(
        &self,
        _actor: &Actor,
        _connection: ConnectionId,
        _command: SendCommand,
        _now: Timestamp,
    ) {
        unimplemented!()
    }

    /// The messages from `from` to `to` that the actor may read; at most
    /// [`protocol::limits::PAGE_MESSAGES`], the newest of the range.
    ///
    /// # Errors
    /// `Refused(NotFound)` if the actor is not in the conversation; `Store`.
    pub async fn history(
        &self,
        _actor: &Actor,
        _conversation: ConversationId,
        _from: Seq,
        _to: Seq,
    ) -> Result<HistoryPage, ChatError> {
        unimplemented!()
    }

    /// The newest `limit` messages.
    ///
    /// # Errors
    /// As [`Chat::history`].
    pub async fn newest(
        &self,
        _actor: &Actor,
        _conversation: ConversationId,
        _limit: u64,
    ) -> Result<HistoryPage, ChatError> {
        unimplemented!()
    }

    /// Moves the actor's read cursor forward and tells all their connections.
    ///
    /// # Errors
    /// `Refused(NotFound)` if the actor is not in the conversation.
    pub async fn mark_read(
        &self,
        _actor: &Actor,
        _conversation: ConversationId,
        _seq: Seq,
        _now: Timestamp,
    ) -> Result<(), ChatError> {
        unimplemented!()
    }
}
