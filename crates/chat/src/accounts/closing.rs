//! The end of an account.
//!
//! First the account is closed in one step: nobody signs in to it or finds it any more, and
//! nothing is left of name, address and password. Then its sessions end. What follows takes
//! longer and goes on in the background, also after a restart: whoever shares a conversation
//! is told, the account leaves its conversations, and what was its alone is erased. Each of
//! these may be done twice.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use protocol::permission::Action;
use protocol::{ConversationId, ConversationKind, ErrorCode, Password, Timestamp, UserId};
use tokio::sync::MutexGuard;

use super::Actor;
use super::login::Login;
use crate::backlog::WAITING;
use crate::command::{Command, Manage};
use crate::engine::{Engine, guarded};
use crate::{Chat, ChatError};

/// Conversations of one account.
const CONVERSATIONS: usize = 100_000;

/// Sessions that one step deletes.
const SESSIONS: usize = 256;

impl Chat {
    /// Closes the actor's account and ends its sessions. Guesses at the password count like
    /// failed sign-ins.
    ///
    /// # Errors
    /// `Fields` with `InvalidCredentials` at the current password; `RateLimited`; `Store`.
    pub async fn delete_account(
        self: &Arc<Self>,
        actor: &Actor,
        password: Password,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let user = self.store.user(actor.user).await?;
        let user = user.filter(|user| !user.is_closed());
        let login = Login::Username(user.ok_or(ErrorCode::Unauthenticated)?.username);
        let limits = &self.accounts.limits;
        let attempt = limits.sign_in(address, &login, now)?;
        // In a task of its own: its sessions end also if the caller is gone by then.
        let (chat, actor) = (Arc::clone(self), *actor);
        let closing = tokio::spawn(async move {
            chat.verified(actor.user, password).await?;
            chat.close_account(actor.user, now).await
        });
        let closed = match closing.await {
            Ok(closed) => closed,
            Err(error) => Err(ChatError::security(error)),
        };
        if let Err(ChatError::Fields(_)) = closed {
            self.accounts.refused.fetch_add(1, Ordering::Relaxed);
        } else {
            limits.forgive(&attempt);
        }
        closed
    }

    async fn close_account(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        let closed = guarded(self.store.close_account(user)).await;
        // Also after a failure: it may be stored.
        self.engine.people.forget(user);
        closed?;
        tracing::info!(%user, "an account is deleted");
        let ended = self.end_sessions_of_closed(user, now).await;
        self.engine.leave_later(user, now);
        ended
    }

    /// A sign-in that is under way finds no password, and ends its own.
    async fn end_sessions_of_closed(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        for session in self.store.sessions_of(user, now).await? {
            self.revoke(session.id, now).await?;
        }
        Ok(())
    }

    /// Goes on with the accounts that were leaving when the last process ended.
    pub(crate) async fn go_on_leaving(&self, now: Timestamp) -> Result<(), ChatError> {
        for user in guarded(self.store.closing_accounts(WAITING)).await? {
            self.end_sessions_of_closed(user, now).await?;
            self.engine.leave_later(user, now);
        }
        Ok(())
    }
}

impl Engine {
    /// Leaves it to the task, and begins one if there is none.
    fn leave_later(self: &Arc<Self>, user: UserId, now: Timestamp) {
        self.leaving.push(user);
        self.leave_on(now);
    }

    /// Goes on with what waits, if nobody does. What failed is tried again by the next tick.
    pub(crate) fn leave_on(self: &Arc<Self>, now: Timestamp) {
        if !self.leaving.begin() {
            return;
        }
        let engine = Arc::clone(self);
        tokio::spawn(async move {
            let mut failed = BTreeSet::new();
            while let Some(user) = engine.leaving.pop() {
                if let Err(error) = guarded(engine.leave_all(user, now)).await {
                    tracing::warn!(%user, %error, "a deleted account leaves later");
                    failed.insert(user);
                }
            }
            engine.leaving.end(failed);
        });
    }

    async fn leave_all(self: &Arc<Self>, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        // Who is left behind sees the name change, and the status go, before the account does.
        self.restate_all(user).await?;
        self.hub.set_status(user, None);
        self.hub.tell_status(user, None);
        // One that cannot be left now keeps neither the others nor what is the account's own.
        let mut kept = None;
        for id in guarded(self.store.conversations_of(user, CONVERSATIONS)).await? {
            match self.leave_one(user, id, now).await {
                Ok(()) | Err(ChatError::Refused(ErrorCode::NotFound)) => {}
                Err(error) if self.passes_over(&error) => {}
                Err(error) => kept = Some(error),
            }
        }
        self.forget_own(user).await?;
        if let Some(error) = kept {
            return Err(error);
        }
        guarded(
            self.store
                .forget_sessions(user, Timestamp::from_millis(u64::MAX), SESSIONS),
        )
        .await?;
        guarded(self.store.account_closed(user)).await
    }

    /// The turn in which an account changes what is its own alone. Of one that is deleted nothing is
    /// stored any more: what comes before [`Engine::forget_own`] has its turn goes with the rest.
    pub(crate) async fn own_turn(
        &self,
        user: UserId,
    ) -> Result<Option<MutexGuard<'_, ()>>, ChatError> {
        let turn = self.arranging.turn(user).await;
        self.check_living(user).await?;
        Ok(turn)
    }

    /// Refuses what an account asks for that is deleted by now.
    pub(crate) async fn check_living(&self, user: UserId) -> Result<(), ChatError> {
        let person = self.persons([user]).await?.remove(&user);
        if person.is_some_and(|person| person.is_gone()) {
            return Err(ErrorCode::Unauthenticated.into());
        }
        Ok(())
    }

    /// What only the account itself could see. What is still being changed of it is waited for,
    /// and what comes later is refused, so that nothing is stored after this.
    async fn forget_own(&self, user: UserId) -> Result<(), ChatError> {
        self.forget_blocks(user).await?;
        self.forget_scheduled(user).await?;
        let store = &self.store;
        let _turn = self.arranging.turn(user).await;
        guarded(store.profiles().delete(user)).await?;
        for saved in guarded(store.saved().of(user)).await? {
            guarded(store.saved().forget(user, saved.place)).await?;
        }
        for reminder in guarded(store.reminders().of(user)).await? {
            guarded(store.reminders().delete(&reminder)).await?;
        }
        for conversation in guarded(store.drafts().places(user)).await? {
            guarded(store.drafts().delete(user, conversation)).await?;
        }
        for folder in guarded(store.folders().of(user)).await? {
            guarded(store.folders().delete(user, folder.id)).await?;
        }
        for seen in guarded(store.threads().seen(user)).await? {
            guarded(store.threads().forget_seen(user, seen.thread.root)).await?;
        }
        Ok(())
    }

    async fn forget_blocks(&self, user: UserId) -> Result<(), ChatError> {
        let _one = self.blocking.lock().await;
        for other in self.blocked_by(user).await? {
            guarded(self.store.blocks().set(user, other, false)).await?;
        }
        Ok(())
    }

    async fn forget_scheduled(&self, user: UserId) -> Result<(), ChatError> {
        let _turn = self.scheduling.lock().await;
        let schedule = self.store.schedule();
        for waiting in guarded(schedule.of(user)).await? {
            guarded(schedule.delete(waiting.key())).await?;
        }
        Ok(())
    }

    /// Leaves a conversation, or erases what nobody else can be in. A group is left also by its
    /// last member: from that entry on nobody comes by a link any more, and erasing follows.
    async fn leave_one(
        self: &Arc<Self>,
        user: UserId,
        id: ConversationId,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let state = self.with(id, |log, fixed| {
            log.permit(user, Action::Read)?;
            Ok((fixed.kind, log.members.len()))
        });
        let (kind, members) = state.await?;
        let is_alone = match kind {
            ConversationKind::Notes => true,
            ConversationKind::Direct => members == 1,
            ConversationKind::Group => false,
        };
        if is_alone {
            return self.erase(id).await;
        }
        let departs = Command::Manage(Manage::Depart);
        self.ask(user, id, departs, now).await?;
        Ok(())
    }
}
