//! Sessions: one per signed-in device.

use std::sync::Arc;

use protocol::{ErrorCode, SessionId, Timestamp, UserId, limits::SESSIONS_PER_USER};
use security::{AccessClaims, RefreshSecret};

use super::rotation::{self, Rotation, Shown};
use super::session_cache::Known;
use super::{Actor, SignedIn};
use crate::engine::guarded;
use crate::people::person;
use crate::{Chat, ChatError, SessionRecord, StoreError, UserRecord};

/// Longest life of an access token, whatever the configuration says.
const ACCESS_TTL_MAX_MS: u64 = 15 * 60 * 1_000;
/// How long an ended session is kept, for whoever looks into what happened.
const DEAD_KEPT_MS: u64 = 24 * 60 * 60 * 1_000;
/// Ended sessions that one sign-in deletes.
const DEAD_AT_ONCE: usize = 100;
/// Longest device name, in characters.
const DEVICE_CHARS: usize = 80;
/// Times a rotation is decided anew when another one was faster. Each loss means that somebody
/// else advanced, after which the token is a repeat or a reuse, so twice is already enough.
const ROTATION_TRIES: usize = 3;

impl Chat {
    /// Exchanges a refresh token for a new pair. A token used a second time returns the same
    /// pair within the grace period, and as long as nobody has used that; after that it
    /// revokes the session.
    ///
    /// # Errors
    /// `Refused(Unauthenticated)` for anything but the current token.
    pub async fn refresh(&self, token: &str, now: Timestamp) -> Result<SignedIn, ChatError> {
        let (id, secret) = parse_refresh(token)?;
        // Noise is refused here, before it costs the database anything.
        if !self.keys.made_refresh(id.to_bytes(), &secret) {
            return Err(ErrorCode::Unauthenticated.into());
        }
        for _ in 0..ROTATION_TRIES {
            let session = self.store.session(id).await?;
            let session = session.ok_or(ErrorCode::Unauthenticated)?;
            let known = self.accounts.sessions.get(id);
            let shown = Shown {
                generation: secret.generation(),
                valid: secret.has_hash(&session.refresh_hash),
                successor_unseen: known
                    .is_ok_and(|known| known.unseen_since == Some(session.refreshed_at)),
            };
            match rotation::decide(&session, shown, self.config.refresh_grace_ms, now) {
                Rotation::Advance => match self.advance(session, now).await {
                    Err(ChatError::Store(StoreError::Missing)) => {}
                    outcome => return outcome,
                },
                Rotation::Repeat => return self.repeat(&session, now).await,
                Rotation::Revoke => {
                    tracing::warn!(
                        session = %id, user = %session.user,
                        "a refresh token was used again; its session is revoked"
                    );
                    self.revoke(id, now).await?;
                    return Err(ErrorCode::Unauthenticated.into());
                }
                Rotation::Refuse => {
                    if session.revoked_at.is_some() {
                        // Whoever revoked it may not have learnt that it was stored.
                        self.ended(id, now);
                    }
                    return Err(ErrorCode::Unauthenticated.into());
                }
            }
        }
        Err(ErrorCode::Unauthenticated.into())
    }

    /// Checks an access token and that its session still lives.
    ///
    /// # Errors
    /// `Refused(Unauthenticated)`.
    pub async fn authenticate(
        &self,
        access_token: &str,
        now: Timestamp,
    ) -> Result<Actor, ChatError> {
        let claims = self
            .keys
            .verify_access(access_token, now.millis() / 1_000)
            .map_err(|_| ErrorCode::Unauthenticated)?;
        let user: UserId = parse(&claims.subject)?;
        let session: SessionId = parse(&claims.session)?;
        let known = match self.accounts.sessions.get(session) {
            Ok(known) => known,
            Err(read_at) => {
                let stored = self.store.session(session).await?;
                let stored = stored.ok_or(ErrorCode::Unauthenticated)?;
                let known = Known {
                    user: stored.user,
                    expires_at: stored.expires_at,
                    ended: stored.revoked_at.is_some(),
                    unseen_since: None,
                };
                self.accounts.sessions.learn(session, known, read_at);
                known
            }
        };
        if known.user != user || known.ended || known.expires_at <= now {
            return Err(ErrorCode::Unauthenticated.into());
        }
        if known.unseen_since.is_some() {
            // A second is the granularity of a token: its end, so that none is overlooked.
            let issued_at = Timestamp::from_millis((claims.issued_at + 1) * 1_000);
            self.accounts.sessions.seen(session, issued_at);
        }
        Ok(Actor {
            user,
            session,
            expires_at: known.expires_at,
        })
    }

    /// Closes the connections of sessions that were not refreshed in time. Whether one was is
    /// asked when its time has come: nearly all were.
    pub(crate) async fn end_expired(&self, now: Timestamp) {
        let hub = &self.engine.hub;
        for session in hub.expired(now) {
            match guarded(self.store.session(session)).await {
                Ok(Some(stored)) if stored.revoked_at.is_none() && stored.expires_at > now => {
                    hub.extend(session, stored.expires_at);
                }
                Ok(_) => self.close_session(session, now),
                Err(error) => {
                    tracing::warn!(%session, %error, "whether a session has expired is asked again");
                }
            }
        }
    }

    /// New tokens for the actor's session, whatever it was given before.
    pub(super) async fn rotate(
        &self,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<SignedIn, ChatError> {
        for _ in 0..ROTATION_TRIES {
            let session = self.store.session(actor.session).await?;
            let living = session.filter(|session| session.revoked_at.is_none());
            match self
                .advance(living.ok_or(ErrorCode::Unauthenticated)?, now)
                .await
            {
                Err(ChatError::Store(StoreError::Missing)) => {}
                outcome => return outcome,
            }
        }
        Err(ErrorCode::Unauthenticated.into())
    }

    /// Makes a session for somebody whose password was right.
    pub(super) async fn begin_session(
        &self,
        user: &UserRecord,
        device: &str,
        now: Timestamp,
    ) -> Result<SignedIn, ChatError> {
        let id = SessionId::from_parts(now, rand::random());
        let secret = self.keys.refresh_secret(id.to_bytes(), 0);
        let session = SessionRecord {
            id,
            user: user.id,
            refresh_hash: secret.hash(),
            generation: 0,
            created_at: now,
            refreshed_at: now,
            expires_at: now.plus_millis(self.config.session_ttl_ms),
            revoked_at: None,
            device: device_name(device),
        };
        self.store.insert_session(&session).await?;
        self.forget_dead(user.id, now).await;
        self.revoke_surplus(user.id, now).await?;
        self.signed_in(user, &session, &secret, now)
    }

    /// Deletes sessions of an account that ended long ago: more of them than a sign-in adds, so
    /// that what a sign-in reads stays bounded. An old token is refused with its session's row
    /// and without it.
    async fn forget_dead(&self, user: UserId, now: Timestamp) {
        let until = Timestamp::from_millis(now.millis().saturating_sub(DEAD_KEPT_MS));
        let forgotten = self.store.forget_sessions(user, until, DEAD_AT_ONCE);
        if let Err(error) = guarded(forgotten).await {
            tracing::warn!(%user, %error, "ended sessions are deleted later");
        }
    }

    /// Revokes the oldest sessions beyond what an account may have. After the insertion, so
    /// that several sign-ins at once cannot pass the limit together.
    async fn revoke_surplus(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        let sessions = self.store.sessions_of(user, now).await?;
        let surplus = sessions.len().saturating_sub(SESSIONS_PER_USER);
        for session in sessions.iter().take(surplus) {
            self.revoke(session.id, now).await?;
        }
        Ok(())
    }

    async fn advance(&self, session: SessionRecord, now: Timestamp) -> Result<SignedIn, ChatError> {
        let user = self.owner(&session).await?;
        let before = session.generation;
        let generation = before.checked_add(1).ok_or(ErrorCode::Unauthenticated)?;
        let secret = self.keys.refresh_secret(session.id.to_bytes(), generation);
        let session = SessionRecord {
            refresh_hash: secret.hash(),
            generation,
            refreshed_at: now,
            expires_at: now.plus_millis(self.config.session_ttl_ms),
            ..session
        };
        let read_at = self.accounts.sessions.endings();
        self.store.rotate_session(&session, before).await?;
        let known = Known {
            user: session.user,
            expires_at: session.expires_at,
            ended: false,
            unseen_since: Some(now),
        };
        self.accounts.sessions.refreshed(session.id, known, read_at);
        self.signed_in(&user, &session, &secret, now)
    }

    async fn repeat(&self, session: &SessionRecord, now: Timestamp) -> Result<SignedIn, ChatError> {
        let user = self.owner(session).await?;
        let secret = self
            .keys
            .stored_refresh(
                session.id.to_bytes(),
                session.generation,
                &session.refresh_hash,
            )
            .ok_or(ErrorCode::Unauthenticated)?;
        self.signed_in(&user, session, &secret, now)
    }

    async fn owner(&self, session: &SessionRecord) -> Result<UserRecord, ChatError> {
        let user = self.store.user(session.user).await?;
        let user = user.filter(|user| !user.is_closed());
        user.ok_or_else(|| ErrorCode::Unauthenticated.into())
    }

    fn signed_in(
        &self,
        user: &UserRecord,
        session: &SessionRecord,
        secret: &RefreshSecret,
        now: Timestamp,
    ) -> Result<SignedIn, ChatError> {
        let ttl = self.config.access_ttl_ms.min(ACCESS_TTL_MAX_MS);
        let end = now.plus_millis(ttl).min(session.expires_at);
        let claims = AccessClaims {
            subject: user.id.to_string(),
            session: session.id.to_string(),
            issued_at: now.millis() / 1_000,
            expires_at: end.millis() / 1_000,
        };
        let access_token = self
            .keys
            .sign_access(&claims)
            .map_err(ChatError::security)?;
        Ok(SignedIn {
            person: person(user),
            session: session.id,
            access_token,
            access_expires_at: Timestamp::from_millis(claims.expires_at * 1_000),
            refresh_token: format!("{}.{}", session.id, secret.encode()),
            refresh_expires_at: session.expires_at,
        })
    }

    /// Revokes a session: first in the database, then here, then its sockets are closed. The
    /// caller may go away in the middle (a browser that signs out often does), so the write
    /// runs by itself and what follows is done in any case. Also after a failure: it may be
    /// stored, and whoever wanted the session ended did not want its sockets to stay.
    pub(super) async fn revoke(&self, session: SessionId, now: Timestamp) -> Result<(), ChatError> {
        let mut ending = Ending {
            chat: self,
            session,
            now,
            certain: true,
        };
        let store = Arc::clone(&self.store);
        let write = tokio::spawn(async move { store.revoke_session(session, now).await });
        let written = match write.await {
            Ok(written) => written.map_err(ChatError::from),
            Err(error) => Err(ChatError::security(error)),
        };
        ending.certain = written.is_ok();
        written
    }

    /// A session is revoked in the database.
    fn ended(&self, session: SessionId, now: Timestamp) {
        self.accounts.sessions.end(session);
        self.close_session(session, now);
    }
}

/// What follows a revocation, also when its caller has gone.
struct Ending<'a> {
    chat: &'a Chat,
    session: SessionId,
    now: Timestamp,
    certain: bool,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        if self.certain {
            self.chat.ended(self.session, self.now);
        } else {
            self.chat.accounts.sessions.forget(self.session);
            self.chat.close_session(self.session, self.now);
        }
    }
}

/// Takes a refresh token apart; nothing longer than one is looked at.
fn parse_refresh(token: &str) -> Result<(SessionId, RefreshSecret), ChatError> {
    let (id, secret) = token.split_once('.').ok_or(ErrorCode::Unauthenticated)?;
    let secret = RefreshSecret::parse(secret).map_err(|_| ErrorCode::Unauthenticated)?;
    Ok((parse(id)?, secret))
}

fn parse<T: core::str::FromStr>(text: &str) -> Result<T, ChatError> {
    text.parse().map_err(|_| ErrorCode::Unauthenticated.into())
}

/// What a device calls itself, fit to be shown: one line, no control or direction-changing
/// characters, shortened.
fn device_name(text: &str) -> String {
    let unfit = |c: &char| {
        c.is_control()
            || matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    // Bounded before it is worked on: it comes from a header.
    let shown: String = text.chars().take(4_096).filter(|c| !unfit(c)).collect();
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = words.chars().take(DEVICE_CHARS).collect();
    if name.is_empty() {
        "Unknown device".to_owned()
    } else {
        name.trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn device_names_are_fit_to_be_shown() {
        let long = format!("Mozilla/5.0 {}", "x".repeat(1 << 20));
        for (given, shown) in [
            ("Firefox on Linux", "Firefox on Linux"),
            ("  a\r\nSet-Cookie: x\u{0}\t b ", "aSet-Cookie: x b"),
            ("\u{202E}gnp.exe\u{2066}\u{200B}", "gnp.exe"),
            ("", "Unknown device"),
            ("\u{0}\u{202E} \n", "Unknown device"),
            ("मीरा का फ़ोन", "मीरा का फ़ोन"),
            (long.as_str(), &long[..DEVICE_CHARS]),
        ] {
            assert_eq!(device_name(given), shown);
        }
    }

    #[test]
    fn refresh_tokens_are_taken_apart_only_when_well_formed() {
        let id = "01HZZZZZZZZZZZZZZZZZZZZZZZ";
        let secret = "A".repeat(RefreshSecret::ENCODED);
        assert!(parse_refresh(&format!("{id}.{secret}")).is_ok());
        for bad in [
            String::new(),
            ".".to_owned(),
            id.to_owned(),
            format!("{id}."),
            format!(".{secret}"),
            format!("{id}{secret}"),
            format!("{id}.{secret}."),
            format!("{id}..{secret}"),
            format!("{id}.{secret}A"),
            format!("{} .{secret}", &id[1..]),
            format!("../../x.{secret}"),
            format!("user:x OR 1.{secret}"),
            "x".repeat(1 << 20),
        ] {
            assert!(parse_refresh(&bad).is_err(), "{bad:.80}");
        }
    }
}
