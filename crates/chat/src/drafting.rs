//! What people have begun to write: stored durably, then told to the other connections of the
//! account. Nobody else learns of it (docs/decisions/0033-drafts.md).

mod sealing;

use std::sync::Arc;

use bytes::Bytes;
use protocol::limits::DRAFTS;
use protocol::permission::Action;
use protocol::{ConversationId, DraftText, ErrorCode, KeptDraft, ServerFrame, Timestamp, UserId};

use crate::conversation_state::Fixed;
use crate::engine::{Engine, guarded};
use crate::store::DraftRecord;
use crate::{Actor, Chat, ChatError, ConnectionId};

/// What stands in somebody's composer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftCommand {
    /// The number of its answer.
    pub request: u32,
    /// In which conversation.
    pub conversation: ConversationId,
    /// All of it; `None` if there is none any more.
    pub draft: Option<DraftText>,
}

/// What is kept of a draft.
pub(crate) enum Kept {
    Nothing,
    /// One that cannot be read today, which is no reason to forget it.
    Unavailable,
    Draft(KeptDraft),
}

impl Chat {
    /// Keeps what stands in the actor's composer. When it is stored, their other connections are
    /// told; the one that asked gets its answer in the same place of its queue.
    ///
    /// # Errors
    /// `Refused(NotFound)` if the actor is not in the conversation, `Refused(TooMany)`;
    /// `RateLimited`; `Store`.
    pub async fn draft(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        command: DraftCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.accounts.check_arrange(actor.user(), now)?;
        let (engine, user) = (Arc::clone(&self.engine), actor.user());
        // In a task of its own: what is stored is told also if the caller is gone by then.
        let drafting =
            tokio::spawn(async move { engine.draft(user, connection, command, now).await });
        drafting.await.unwrap_or_else(|error| {
            tracing::error!(%error, "keeping a draft ended early");
            Err(ErrorCode::Internal.into())
        })
    }

    /// The actor's drafts that can be read, the one written last first.
    ///
    /// # Errors
    /// `Store`.
    pub async fn drafts(&self, actor: &Actor) -> Result<Vec<KeptDraft>, ChatError> {
        let (engine, user) = (&self.engine, actor.user());
        let mut drafts = Vec::new();
        for conversation in guarded(engine.store.drafts().places(user)).await? {
            let _turn = engine.arranging.turn(user).await;
            if let Kept::Draft(draft) = engine.draft_in_turn(user, conversation).await? {
                drafts.push(draft);
            }
        }
        drafts.sort_by_key(|kept| std::cmp::Reverse(kept.changed_at));
        Ok(drafts)
    }
}

impl Engine {
    async fn draft(
        self: &Arc<Self>,
        user: UserId,
        connection: ConnectionId,
        command: DraftCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let DraftCommand {
            request,
            conversation,
            draft,
        } = command;
        let _turn = self.own_turn(user).await?;
        let (fixed, joined_at) = self.drafts_in(user, conversation).await?;
        if let Some(draft) = &draft {
            let places = guarded(self.store.drafts().places(user)).await?;
            if !places.contains(&conversation) && places.len() >= DRAFTS {
                return Err(ErrorCode::TooMany.into());
            }
            let record = DraftRecord {
                user,
                conversation,
                joined_at,
                changed_at: now,
                sealed: Bytes::new(),
            };
            let record = sealing::seal(&fixed.key, &record, draft)?;
            self.written(user, self.store.drafts().put(&record)).await?;
        } else {
            let deleted = self.store.drafts().delete(user, conversation);
            self.written(user, deleted).await?;
        }
        let told = ServerFrame::Draft {
            conversation,
            draft,
        };
        let answer = (connection, &ServerFrame::DraftKept { request });
        self.hub.delivery().answer(user, &told, answer);
        Ok(())
    }

    /// What a draft is sealed with, and the membership it belongs to.
    async fn drafts_in(
        self: &Arc<Self>,
        user: UserId,
        conversation: ConversationId,
    ) -> Result<(Arc<Fixed>, Timestamp), ChatError> {
        self.with(conversation, |log, fixed| {
            let member = log.permit(user, Action::Read)?;
            Ok((Arc::clone(fixed), member.joined_at))
        })
        .await
    }

    async fn drop_draft(
        &self,
        user: UserId,
        conversation: ConversationId,
    ) -> Result<Kept, ChatError> {
        guarded(self.store.drafts().delete(user, conversation)).await?;
        Ok(Kept::Nothing)
    }

    /// What those had begun to write who are not in a conversation any more goes. Where that
    /// fails it goes with their next resume.
    pub(crate) fn forget_drafts(self: &Arc<Self>, conversation: ConversationId, gone: &[UserId]) {
        if gone.is_empty() {
            return;
        }
        let (engine, gone) = (Arc::clone(self), gone.to_vec());
        tokio::spawn(async move {
            for user in gone {
                let _turn = engine.arranging.turn(user).await;
                if let Err(error) = engine.draft_in_turn(user, conversation).await {
                    tracing::warn!(%error, %user, %conversation, "a draft is forgotten later");
                }
            }
        });
    }

    /// The draft in a conversation, where the account's turn is held. One of what the account is
    /// not in any more, or was in before, is deleted on the way.
    pub(crate) async fn draft_in_turn(
        self: &Arc<Self>,
        user: UserId,
        conversation: ConversationId,
    ) -> Result<Kept, ChatError> {
        let record = match guarded(self.store.drafts().one(user, conversation)).await {
            Ok(Some(record)) => Some(record),
            Ok(None) => return Ok(Kept::Nothing),
            Err(error) if error.is_unreadable() => {
                tracing::error!(%error, %user, %conversation, "a draft cannot be read");
                None
            }
            Err(error) => return Err(error),
        };
        let (fixed, joined_at) = match self.drafts_in(user, conversation).await {
            Ok(found) => found,
            Err(ChatError::Refused(ErrorCode::NotFound)) => {
                return self.drop_draft(user, conversation).await;
            }
            Err(error) if self.passes_over(&error) => return Ok(Kept::Unavailable),
            Err(error) => return Err(error),
        };
        let Some(record) = record else {
            return Ok(Kept::Unavailable);
        };
        if joined_at != record.joined_at {
            return self.drop_draft(user, conversation).await;
        }
        let Some(draft) = sealing::open(&fixed.key, &record) else {
            tracing::error!(%user, %conversation, "a draft cannot be opened");
            return Ok(Kept::Unavailable);
        };
        Ok(Kept::Draft(KeptDraft {
            conversation,
            draft,
            changed_at: record.changed_at,
        }))
    }
}
