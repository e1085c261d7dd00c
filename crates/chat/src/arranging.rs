//! How members arrange conversations for themselves: stored durably, then told to all
//! connections of the account. What the changes mean is decided by [`protocol::Preferences`].

use std::sync::Arc;

use protocol::permission::Action;
use protocol::{
    Arrangement, ConversationId, ErrorCode, Preferences, Seq, ServerFrame, Timestamp, UserId,
};
use tokio::sync::{Mutex, MutexGuard};

use crate::conversation_state::Log;
use crate::engine::{Engine, guarded};
use crate::store::ArrangedRecord;
use crate::unread::Membership;
use crate::{Actor, Chat, ChatError, ConnectionId, StoreError};

/// Accounts that share a turn.
const TURNS: usize = 32;

/// One change of an account at a time, from its reading to its telling: two devices cannot
/// undo each other's, and what is told is what is stored. It is waited for with no other lock
/// held.
#[derive(Default)]
pub(crate) struct Turn([Mutex<()>; TURNS]);

impl Turn {
    async fn of(&self, user: UserId) -> Option<MutexGuard<'_, ()>> {
        let [.., last] = user.to_bytes();
        let turn = self.0.get(usize::from(last) % TURNS)?;
        Some(turn.lock().await)
    }
}

/// A change that a connection asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArrangeCommand {
    /// The number of its answer.
    pub request: u32,
    /// Which conversation.
    pub conversation: ConversationId,
    /// What is to be different.
    pub change: Arrangement,
}

impl Chat {
    /// Arranges a conversation for the actor. When it is stored, every connection of theirs is
    /// told; the one that asked gets the answer in the same place of its queue.
    ///
    /// # Errors
    /// `Refused(NotFound)` if the actor is not in the conversation, `Refused(Malformed)` for an
    /// end too far away; `RateLimited`; `Store`.
    pub async fn arrange(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        command: ArrangeCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.accounts.check_arrange(actor.user(), now)?;
        let (engine, user) = (Arc::clone(&self.engine), actor.user());
        // In a task of its own: what is stored is told also if the caller is gone by then.
        let arranging =
            tokio::spawn(async move { engine.arrange(user, connection, command, now).await });
        arranging.await.unwrap_or_else(|error| {
            tracing::error!(%error, "arranging a conversation ended early");
            Err(ErrorCode::Internal.into())
        })
    }
}

impl Engine {
    async fn arrange(
        self: &Arc<Self>,
        user: UserId,
        connection: ConnectionId,
        command: ArrangeCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let _turn = self.arranging.of(user).await;
        let id = command.conversation;
        let decided = self.with(id, |log, _| {
            let member = log.permit(user, Action::Read)?;
            let before = (member.joined_at, member.preferences);
            let change = command.change.checked(log.committed, now)?;
            let preferences = before.1.arranged(change, shown(log, member), now);
            Ok((before, preferences))
        });
        let ((joined_at, before), preferences) = decided.await?;
        if preferences != before {
            let arranged = ArrangedRecord {
                conversation: id,
                user,
                joined_at,
                preferences,
            };
            match guarded(self.store.arrange(&arranged)).await {
                // They have left meanwhile.
                Err(ChatError::Store(StoreError::Missing)) => {
                    return Err(ErrorCode::NotFound.into());
                }
                outcome => outcome?,
            }
        }
        self.with(id, |log, _| {
            let member = log.permit(user, Action::Read)?;
            if member.joined_at != joined_at {
                return Err(ErrorCode::NotFound.into());
            }
            log.arrange(user, preferences);
            let frame = |request| ServerFrame::Arranged {
                request,
                conversation: id,
                preferences,
            };
            let answer = (connection, &frame(Some(command.request)));
            self.hub.delivery().answer(user, &frame(None), answer);
            Ok(())
        })
        .await
    }
}

/// The place of the newest entry that a list shows to a member.
fn shown(log: &Log, member: &Membership) -> Seq {
    log.preview()
        .filter(|message| message.seq > member.joined_after)
        .map_or(Seq::ZERO, |message| message.seq)
}
