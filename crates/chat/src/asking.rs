//! Entries that are asked for without a connection, in the order of everything else that is
//! written.

use std::sync::Arc;

use protocol::{ConversationId, ErrorCode, SendId, Seq, Timestamp, UserId};
use tokio::sync::oneshot;

use crate::command::Command;
use crate::conversation_state::{Asker, Queued, Waiter};
use crate::engine::Engine;

impl Engine {
    /// Asks for an entry of somebody and waits for its place, or for why it got none.
    pub(crate) async fn ask(
        self: &Arc<Self>,
        author: UserId,
        conversation: ConversationId,
        command: Command,
        now: Timestamp,
    ) -> Result<Seq, ErrorCode> {
        let ticket = self.load.enter(command.bytes());
        let ticket = ticket.ok_or(ErrorCode::RateLimited)?;
        if self.is_draining() {
            return Err(ErrorCode::Draining);
        }
        let (call, outcome) = oneshot::channel();
        let send = Queued {
            author,
            send_id: SendId::from_parts(now, rand::random()),
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
        outcome.await.unwrap_or(Err(ErrorCode::Internal))
    }
}
