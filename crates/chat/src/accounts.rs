//! Accounts and sessions.

use std::net::IpAddr;

use protocol::{
    DisplayName, EmailAddress, Password, Person, SessionId, Timestamp, UserId, Username,
};

use crate::{Chat, ChatError};

/// Who is asking, and from which device. Made by [`Chat::authenticate`] only, so that holding
/// one is proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    user: UserId,
    session: SessionId,
}

impl Actor {
    /// The account.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// The device.
    #[must_use]
    pub const fn session(&self) -> SessionId {
        self.session
    }
}

/// Where a request comes from.
#[derive(Debug, Clone)]
pub struct Device {
    /// The address, for rate limits; taken from a proxy's header only where that is trusted.
    pub address: IpAddr,
    /// What the device calls itself (user agent); shortened and stripped when stored.
    pub name: String,
}

/// A checked sign-up form.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// The name on screen.
    pub display_name: DisplayName,
    /// The unique name.
    pub username: Username,
    /// The address.
    pub email: EmailAddress,
    /// The password.
    pub password: Password,
}

/// A checked sign-in form.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Username or e-mail address as typed; bounded by the caller to 254 bytes.
    pub login: String,
    /// The password.
    pub password: Password,
}

/// A session that begins or goes on. Its `Debug` must not print the tokens.
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// The session.
    pub session: SessionId,
    /// The signed access token (JWT) for the cookie or the bearer header.
    pub access_token: String,
    /// When the access token ends.
    pub access_expires_at: Timestamp,
    /// The refresh token: `<session id>.<base64url of 32 bytes>`.
    pub refresh_token: String,
    /// When the session ends unless it is refreshed before.
    pub refresh_expires_at: Timestamp,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInfo {
    /// Its id.
    pub id: SessionId,
    /// What the device calls itself.
    pub device: String,
    /// When it was signed in.
    pub created_at: Timestamp,
    /// When it was last refreshed.
    pub refreshed_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// What accounts and sessions hold in memory.
pub(crate) struct Accounts {}

impl Accounts {
    pub(crate) fn new(_config: &crate::Config) -> Self {
        Self {}
    }
}

impl Chat {
    /// Makes an account and signs it in.
    ///
    /// # Errors
    /// `Fields` with `UsernameTaken` or `EmailTaken`; `RateLimited`; `Store`.
    pub async fn sign_up(
        &self,
        _form: SignUp,
        _device: Device,
        _now: Timestamp,
    ) -> Result<SignedIn, ChatError> {
        unimplemented!()
    }

    /// Signs in by username or e-mail address.
    ///
    /// # Errors
    /// `Refused(InvalidCredentials)` whatever was wrong, after the same work; `RateLimited`.
    pub async fn sign_in(
        &self,
        _form: SignIn,
        _device: Device,
        _now: Timestamp,
    ) -> Result<SignedIn, ChatError> {
        unimplemented!()
    }

    /// Exchanges a refresh token for a new pair. A token used a second time after the grace
    /// period revokes the session.
    ///
    /// # Errors
    /// `Refused(Unauthenticated)` for anything but the current token.
    pub async fn refresh(&self, _token: &str, _now: Timestamp) -> Result<SignedIn, ChatError> {
        unimplemented!()
    }

    /// Checks an access token and that its session still lives.
    ///
    /// # Errors
    /// `Refused(Unauthenticated)`.
    pub async fn authenticate(
        &self,
        _access_token: &str,
        _now: Timestamp,
    ) -> Result<Actor, ChatError> {
        unimplemented!()
    }

    /// The actor as others see them.
    ///
    /// # Errors
    /// `Refused(Unauthenticated)` if the account is gone.
    pub async fn me(&self, _actor: &Actor) -> Result<Person, ChatError> {
        unimplemented!()
    }

    /// The actor's living sessions, newest first.
    ///
    /// # Errors
    /// `Store`.
    pub async fn sessions(
        &self,
        _actor: &Actor,
        _now: Timestamp,
    ) -> Result<Vec<SessionInfo>, ChatError> {
        unimplemented!()
    }

    /// Ends a session of the actor (its own or another device's) and closes its sockets.
    ///
    /// # Errors
    /// `Refused(NotFound)` for anybody else's; `Store`.
    pub async fn end_session(
        &self,
        _actor: &Actor,
        _session: SessionId,
        _now: Timestamp,
    ) -> Result<(), ChatError> {
        unimplemented!()
    }
}
