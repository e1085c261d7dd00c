//! Entries that are asked for without a connection, in the order of everything else that is
//! written.

use std::sync::Arc;

use protocol::{ConversationId, ErrorCode, SendId, Seq, Timestamp, UserId};

use crate::command::Command;
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
        let to = (conversation, SendId::from_parts(now, rand::random()));
        let outcome = self.call(author, to, command, now)?;
        outcome.await.unwrap_or(Err(ErrorCode::Internal))
    }
}
