//! Another name on screen, and telling it to those who see it.
//!
//! Whoever shares a conversation with the account is told by a summary of it, which names its
//! members. Nobody waits for that, and it is bounded: a task in the background goes through the
//! conversations of one account after the other. Large groups are left out, because a summary
//! does not name all of their members; their members hear of the name when they next ask who
//! somebody is.

use std::collections::BTreeSet;
use std::sync::Arc;

use protocol::limits::SUMMARY_MEMBERS;
use protocol::{ConversationId, DisplayName, ErrorCode, Person, Timestamp, UserId};

use crate::engine::{Engine, guarded};
use crate::{Actor, Chat, ChatError};

/// Conversations in which one change is told, the newest first.
const TOLD: usize = 200;

/// Accounts that wait for their names to be told.
const WAITING: usize = 10_000;

/// Accounts with a name that is still to be told.
#[derive(Default)]
pub(crate) struct Renamed {
    waiting: BTreeSet<UserId>,
    /// Whether there is a task that tells.
    is_at_work: bool,
}

impl Chat {
    /// Gives the actor another name on screen. Everybody is shown it from now on; those who
    /// share a conversation are told.
    ///
    /// # Errors
    /// `RateLimited`; `Store`.
    pub async fn rename(
        &self,
        actor: &Actor,
        name: DisplayName,
        now: Timestamp,
    ) -> Result<Person, ChatError> {
        let me = self.me(actor).await?;
        if me.display_name == name {
            return Ok(me);
        }
        self.accounts.limits.rename(me.id, now)?;
        let renamed = Person {
            display_name: name.clone(),
            ..me
        };
        // In a task of its own: it is told also if the caller is gone by then.
        let engine = Arc::clone(&self.engine);
        match tokio::spawn(async move { engine.rename(renamed.id, name).await }).await {
            Ok(outcome) => outcome.map(|()| renamed),
            Err(error) => Err(ChatError::security(error)),
        }
    }
}

impl Engine {
    async fn rename(self: &Arc<Self>, user: UserId, name: DisplayName) -> Result<(), ChatError> {
        let renamed = guarded(self.store.rename_user(user, &name)).await;
        // Also after a failure: it may be stored.
        self.people.forget(user);
        renamed?;
        self.tell_name(user);
        Ok(())
    }

    /// Leaves it to the task, and begins one if there is none. Names that change again before
    /// they are told are told once.
    fn tell_name(self: &Arc<Self>, user: UserId) {
        let mut renamed = self.renamed.lock();
        if renamed.waiting.len() < WAITING {
            renamed.waiting.insert(user);
        }
        if !std::mem::replace(&mut renamed.is_at_work, true) {
            tokio::spawn(Arc::clone(self).tell_names());
        }
    }

    async fn tell_names(self: Arc<Self>) {
        while let Some(user) = self.next_renamed() {
            if let Err(error) = self.restate_all(user).await {
                tracing::warn!(%user, %error, "a new name is told at the next connections only");
            }
        }
    }

    fn next_renamed(&self) -> Option<UserId> {
        let mut renamed = self.renamed.lock();
        let next = renamed.waiting.pop_first();
        renamed.is_at_work = next.is_some();
        next
    }

    pub(super) async fn restate_all(self: &Arc<Self>, user: UserId) -> Result<(), ChatError> {
        let mut ids = self.memberships(user).await?;
        ids.truncate(TOLD);
        self.for_each(&ids, |id| self.restate_small(id)).await?;
        Ok(())
    }

    /// Whatever fails keeps none of the others waiting: the next tick tries it again.
    async fn restate_small(self: &Arc<Self>, id: ConversationId) -> Result<(), ChatError> {
        let members = self.with(id, |log, _| Ok(log.members.len())).await?;
        if members > SUMMARY_MEMBERS {
            return Ok(());
        }
        match self.restate(id).await {
            Err(ChatError::Refused(ErrorCode::NotFound)) => self.has_nothing_to_announce(id),
            Err(error) => tracing::warn!(%error, conversation = %id, "news are told later"),
            Ok(()) => {}
        }
        Ok(())
    }
}
