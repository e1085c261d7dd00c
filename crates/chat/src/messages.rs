//! Sending and reading messages.

use std::sync::Arc;

use protocol::limits::PAGE_MESSAGES;
use protocol::{
    ConversationId, Earlier, ErrorCode, HistoryPage, SendId, Seq, ServerFrame, Timestamp, UserId,
};
use tokio::sync::oneshot;

use crate::command::Command;
use crate::conversation_state::{Asker, Outcome, Queued, Waiter};
use crate::delivery::{RETRY_AFTER_MS, reject};
use crate::engine::Engine;
use crate::hub::{Line, encode};
use crate::load::Ticket;
use crate::{Actor, Chat, ChatError, ConnectionId};

/// A checked send.
#[derive(Debug, Clone)]
pub struct SendCommand {
    /// The author's id of it.
    pub send_id: SendId,
    /// Where to.
    pub conversation: ConversationId,
    /// What is to be written.
    pub command: Command,
    /// The newest place the author knew when it was made.
    pub after: Seq,
    /// Whether it may have been transmitted before, as far as the client knows. For a member
    /// nothing depends on it: a first transmission may arrive after its own repetition, on
    /// another way.
    pub retry: bool,
}

impl Engine {
    /// Queues something that no connection waits for; what comes of it answers the call.
    pub(crate) fn call(
        self: &Arc<Self>,
        author: UserId,
        (conversation, send_id): (ConversationId, SendId),
        command: Command,
        now: Timestamp,
    ) -> Result<oneshot::Receiver<Outcome>, ErrorCode> {
        let ticket = self.load.enter(command.bytes());
        let ticket = ticket.ok_or(ErrorCode::RateLimited)?;
        if self.is_draining() {
            return Err(ErrorCode::Draining);
        }
        let (call, outcome) = oneshot::channel();
        let send = Queued {
            author,
            send_id,
            command,
            received_at: now,
            // It is new: there is no first copy to look for.
            after: Seq(u64::MAX),
            retry: false,
            searching: false,
            waiter: Waiter {
                origin: Asker::Call(Some(call)),
                also: Vec::new(),
                _ticket: ticket,
            },
        };
        self.submit(conversation, send);
        Ok(outcome)
    }
}

impl Chat {
    /// Queues a message or a change for the next commit and returns at once. The outcome reaches
    /// `connection` as `Ack` or `Reject`; everybody else gets `Event` after the commit. Sends
    /// of one connection to one conversation are committed in the order of the calls.
    pub fn send(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        command: SendCommand,
        now: Timestamp,
    ) {
        let Some(line) = self.line_of(actor, connection) else {
            return;
        };
        let SendCommand {
            send_id,
            conversation,
            command,
            after,
            retry,
        } = command;
        let Some(ticket) = self.admit(&line, send_id, command.bytes(), now) else {
            return;
        };
        let send = Queued {
            author: actor.user(),
            send_id,
            command,
            received_at: now,
            after,
            retry,
            searching: false,
            waiter: Waiter {
                origin: Asker::Line(line),
                also: Vec::new(),
                _ticket: ticket,
            },
        };
        self.engine.submit(conversation, send);
    }

    /// A ticket for a send, or the refusal is told and there is none.
    fn admit(
        &self,
        line: &Arc<Line>,
        send_id: SendId,
        bytes: usize,
        now: Timestamp,
    ) -> Option<Ticket> {
        let engine = &self.engine;
        let pause = match self.accounts.check_send(line.user, now) {
            Ok(()) => (!line.begin_send()).then_some(RETRY_AFTER_MS),
            Err(ChatError::RateLimited { retry_after_ms }) => {
                Some(u32::try_from(retry_after_ms).unwrap_or(u32::MAX))
            }
            Err(_) => Some(RETRY_AFTER_MS),
        };
        if let Some(retry_after_ms) = pause {
            // Not one of those under way, so not settled like them.
            let frame = ServerFrame::Reject {
                send_id,
                code: ErrorCode::RateLimited,
                retry_after_ms: Some(retry_after_ms),
            };
            engine
                .hub
                .count_delivered(u64::from(line.control(encode(line.codec, &frame))));
            return None;
        }
        let Some(ticket) = engine.load.enter(bytes) else {
            reject(engine, line, send_id, ErrorCode::RateLimited);
            return None;
        };
        if engine.is_draining() {
            reject(engine, line, send_id, ErrorCode::Draining);
            return None;
        }
        Some(ticket)
    }

    /// The messages from `from` to `to` that the actor may read; at most
    /// [`protocol::limits::PAGE_MESSAGES`], the newest of the range.
    ///
    /// # Errors
    /// `Refused(NotFound)` if the actor is not in the conversation; `Store`.
    pub async fn history(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Result<HistoryPage, ChatError> {
        let range = |_| (from, to);
        self.engine.page(actor.user(), conversation, range).await
    }

    /// The newest `limit` messages.
    ///
    /// # Errors
    /// As [`Chat::history`].
    pub async fn newest(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        limit: u64,
    ) -> Result<HistoryPage, ChatError> {
        let limit = limit.min(PAGE_MESSAGES);
        let range = |last: Seq| (Seq((last.0 + 1).saturating_sub(limit)), last);
        self.engine.page(actor.user(), conversation, range).await
    }

    /// What a message of the actor's conversation said before it was edited, the first text
    /// first; empty if it was not.
    ///
    /// # Errors
    /// `Refused(NotFound)` if the actor may not read it, or there is no message that says
    /// something; `Store`.
    pub async fn edits(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        seq: Seq,
    ) -> Result<Vec<Earlier>, ChatError> {
        self.engine.edits(actor.user(), conversation, seq).await
    }

    /// Moves the actor's read cursor forward and tells all their connections.
    ///
    /// # Errors
    /// `Refused(NotFound)` if the actor is not in the conversation; `Store` if what is left
    /// unread cannot be counted.
    pub async fn mark_read(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        seq: Seq,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let engine = &self.engine;
        engine.mark_read(actor.user(), conversation, seq, now).await
    }

    /// A device of the actor has everything up to a place: the other one of a conversation of two
    /// is told. Never more than there is.
    ///
    /// # Errors
    /// `Refused(NotFound)` if the actor is not in the conversation; `Store`.
    pub async fn mark_received(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        seq: Seq,
    ) -> Result<(), ChatError> {
        let engine = &self.engine;
        engine.mark_received(actor.user(), conversation, seq).await
    }
}
