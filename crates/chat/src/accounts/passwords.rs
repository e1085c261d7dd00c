//! Another password.
//!
//! The password is replaced first and the other sessions end after it. Between the two a sign-in
//! with the old password may be under way: it looks at the password again once its session is
//! stored, so either the session is found here or the sign-in finds the new password.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use protocol::{ErrorCode, Field, Password, SessionId, Timestamp, UserId};

use super::hashing::Verdict;
use super::login::Login;
use super::{Actor, SignedIn};
use crate::{Chat, ChatError, StoreError, UserRecord};

/// A checked form for another password.
#[derive(Debug, Clone)]
pub struct PasswordChange {
    /// The one that the account has.
    pub current: Password,
    /// The one that it is to have.
    pub new: Password,
}

/// What came of another password.
#[derive(Debug)]
pub struct PasswordChanged {
    /// New tokens for the device that asked; `None` if they could not be made, and the old ones
    /// go on.
    pub signed_in: Option<SignedIn>,
    /// How many other devices were signed out; `None` if some may be signed in still.
    pub ended: Option<usize>,
}

impl Chat {
    /// Replaces the actor's password, ends all other sessions and rotates the refresh token of
    /// this one. Guesses at the current password count like failed sign-ins.
    ///
    /// # Errors
    /// `Fields` with `InvalidCredentials` at the current password; `RateLimited`; `Store`.
    pub async fn change_password(
        self: &Arc<Self>,
        actor: &Actor,
        change: PasswordChange,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<PasswordChanged, ChatError> {
        let user = self.store.user(actor.user).await?;
        let login = Login::Username(user.ok_or(ErrorCode::Unauthenticated)?.username);
        let limits = &self.accounts.limits;
        let attempt = limits.sign_in(address, &login, now)?;
        // In a task of its own: the other sessions end also if the caller is gone by then.
        let (chat, actor) = (Arc::clone(self), *actor);
        let changing = tokio::spawn(async move {
            chat.replace_password(actor.user, change).await?;
            Ok(chat.settle_devices(&actor, now).await)
        });
        let changed = match changing.await {
            Ok(changed) => changed,
            Err(error) => Err(ChatError::security(error)),
        };
        if let Err(ChatError::Fields(_)) = changed {
            self.accounts.refused.fetch_add(1, Ordering::Relaxed);
        } else {
            limits.forgive(&attempt);
        }
        changed
    }

    async fn replace_password(
        &self,
        user: UserId,
        change: PasswordChange,
    ) -> Result<(), ChatError> {
        let PasswordChange { current, new } = change;
        let was = self.verified(user, current.clone()).await?;
        let hash = self.accounts.count(self.accounts.hashing.hash(new).await)?;
        let replaced = self.store.set_password_hash(user, &was, &hash).await;
        if !matches!(replaced, Err(StoreError::Missing)) {
            return Ok(replaced?);
        }
        // Another change was faster, or a sign-in that hashed the same password anew.
        let was = self.verified(user, current).await?;
        Ok(self.store.set_password_hash(user, &was, &hash).await?)
    }

    /// The stored hash of the password, if it is the right one.
    pub(super) async fn verified(
        &self,
        user: UserId,
        current: Password,
    ) -> Result<String, ChatError> {
        let user = self.store.user(user).await?;
        let user = user.filter(|user| !user.is_closed());
        let hash = user.ok_or(ErrorCode::Unauthenticated)?.password_hash;
        let verified = self.accounts.hashing.verify(current, Some(hash.clone()));
        match self.accounts.count(verified.await)? {
            Verdict::Right { .. } => Ok(hash),
            Verdict::Wrong => Err(ChatError::field(
                Field::CurrentPassword,
                ErrorCode::InvalidCredentials,
            )),
        }
    }

    /// After the password: nothing that fails here takes it back.
    async fn settle_devices(&self, actor: &Actor, now: Timestamp) -> PasswordChanged {
        let ended = self.end_other_sessions(actor, now).await;
        let signed_in = self.rotate(actor, now).await;
        let told = |error: &ChatError| {
            tracing::error!(user = %actor.user, %error, "the password is changed, and not all sessions");
        };
        PasswordChanged {
            ended: ended.inspect_err(told).ok(),
            signed_in: signed_in.inspect_err(told).ok(),
        }
    }

    /// Ends a session that has just begun if the password it began with is none any more.
    pub(super) async fn confirm_sign_in(
        &self,
        signed_in_as: &UserRecord,
        typed: Password,
        session: SessionId,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let confirmed = self.is_still_right(signed_in_as, typed).await;
        if !matches!(confirmed, Ok(true))
            && let Err(error) = self.revoke(session, now).await
        {
            tracing::warn!(%session, %error, "a session that nobody was given is left behind");
        }
        confirmed?
            .then_some(())
            .ok_or_else(|| ErrorCode::InvalidCredentials.into())
    }

    async fn is_still_right(&self, known: &UserRecord, typed: Password) -> Result<bool, ChatError> {
        let user = self.store.user(known.id).await?;
        let user = user.filter(|user| !user.is_closed());
        let hash = user.map(|user| user.password_hash);
        if hash.as_ref() == Some(&known.password_hash) {
            return Ok(true);
        }
        let verified = self.accounts.hashing.verify(typed, hash).await;
        Ok(self.accounts.count(verified)? != Verdict::Wrong)
    }
}
