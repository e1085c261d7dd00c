//! Accounts and sessions.

mod actor;
mod closing;
mod devices;
mod hashing;
mod limits;
mod links;
mod login;
mod passwords;
mod renaming;
mod rotation;
mod session_cache;
mod sessions;

use core::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use protocol::{
    DisplayName, EmailAddress, ErrorCode, Field, FieldError, Password, Person, SessionId,
    Timestamp, UserId, Username,
};

use crate::people::person;
use crate::{Chat, ChatError, Config, Metrics, StoreError, Unique, UserRecord};
use hashing::{Hashing, Verdict};
use limits::Limits;
use login::Login;
use session_cache::SessionCache;

pub use actor::Actor;
pub use passwords::{PasswordChange, PasswordChanged};
pub(crate) use renaming::Renamed;

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

/// A session that begins or goes on. Its `Debug` hides the tokens.
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// The session.
    pub session: SessionId,
    /// The signed access token (JWT) for the cookie or the bearer header.
    pub access_token: String,
    /// When the access token ends.
    pub access_expires_at: Timestamp,
    /// The refresh token: `<session id>.<base64url of its generation and 256 bits>`.
    pub refresh_token: String,
    /// When the session ends unless it is refreshed before.
    pub refresh_expires_at: Timestamp,
}

impl SignedIn {
    /// Who it is. Not the same as authenticating with the access token, which shows that the
    /// answer with the tokens has arrived.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor {
            user: self.person.id,
            session: self.session,
            expires_at: self.refresh_expires_at,
        }
    }
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn")
            .field("person", &self.person.id)
            .field("session", &self.session)
            .field("access_token", &"***")
            .field("access_expires_at", &self.access_expires_at)
            .field("refresh_token", &"***")
            .field("refresh_expires_at", &self.refresh_expires_at)
            .finish()
    }
}

/// An account as its owner sees it.
// Not to be printed: addresses are personal.
pub struct Account {
    /// As others see it.
    pub person: Person,
    /// The address; `None` if it cannot be read.
    pub email: Option<String>,
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
pub(crate) struct Accounts {
    hashing: Hashing,
    limits: Limits,
    sessions: SessionCache,
    sign_ins: AtomicU64,
    refused: AtomicU64,
}

impl Accounts {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            hashing: Hashing::new(config),
            limits: Limits::new(config.rate_limits),
            sessions: SessionCache::new(),
            sign_ins: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    /// Counts a search for people against the account's limit.
    pub(crate) fn check_search(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.limits.search(user, now)
    }

    /// Counts a search for messages against the account's limit.
    pub(crate) fn check_message_search(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.limits.search_messages(user, now)
    }

    /// Counts the opening of a conversation against the account's limit.
    pub(crate) fn check_open(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.limits.open(user, now)
    }

    /// Counts an export against the account's limit.
    pub(crate) fn check_export(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.limits.export(user, now)
    }

    /// Counts a message against the account's limit.
    pub(crate) fn check_send(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.limits.send(user, now)
    }

    /// Counts the arranging of a conversation against the account's limit.
    pub(crate) fn check_arrange(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.limits.arrange(user, now)
    }

    /// Counts a report against the account's limit.
    pub(crate) fn check_report(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.limits.report(user, now)
    }

    /// Forgets rate limits that are idle. Cheap to call often.
    pub(crate) fn forget_idle(&self, now: Timestamp) {
        self.limits.forget_idle(now);
    }

    /// Fills in the counters of accounts.
    pub(crate) fn report(&self, metrics: &mut Metrics) {
        metrics.sign_ins = self.sign_ins.load(Ordering::Relaxed);
        metrics.sign_ins_refused = self.refused.load(Ordering::Relaxed);
        metrics.rate_limited = self.limits.refused();
    }

    /// A full queue of password hashes is a limit too.
    fn count<T>(&self, outcome: Result<T, ChatError>) -> Result<T, ChatError> {
        outcome.inspect_err(|error| {
            if matches!(error, ChatError::RateLimited { .. }) {
                self.limits.count_refused();
            }
        })
    }
}

impl Chat {
    /// Makes an account and signs it in.
    ///
    /// A form tells whether a username or an address is in use, both at once. For the address
    /// ASVS 5.0 (V6.3.8) would rather have a mail sent; without mail there is no other way to
    /// tell a person what is wrong, so it is only limited how often an address may ask.
    ///
    /// # Errors
    /// `Fields` with `UsernameTaken` or `EmailTaken`; `RateLimited`; `Store`.
    pub async fn sign_up(
        &self,
        form: SignUp,
        device: Device,
        now: Timestamp,
    ) -> Result<SignedIn, ChatError> {
        self.accounts.limits.sign_up(device.address, now)?;
        let email_index = self.keys.email_index(&form.email.fold());
        if form.username.is_reserved() {
            return Err(ChatError::Fields(vec![taken(Field::Username)]));
        }
        // Before the costly hash; the unique indexes decide when two ask at once.
        self.refuse_taken(&form.username, &email_index).await?;
        let id = UserId::from_parts(now, rand::random());
        let email_sealed = self
            .keys
            .seal_email(id.to_bytes(), form.email.as_str())
            .map_err(ChatError::security)?;
        let hashed = self.accounts.hashing.hash(form.password).await;
        let user = UserRecord {
            id,
            username: form.username,
            display_name: form.display_name,
            email_index,
            email_sealed,
            password_hash: self.accounts.count(hashed)?,
            created_at: now,
        };
        if let Err(error) = self.store.insert_user(&user).await {
            let field = match error {
                StoreError::Taken(Unique::Username) => taken(Field::Username),
                StoreError::Taken(Unique::Email) => taken(Field::Email),
                other => return Err(other.into()),
            };
            self.refuse_taken(&user.username, &email_index).await?;
            return Err(ChatError::Fields(vec![field]));
        }
        self.begin_session(&user, &device.name, now).await
    }

    /// Signs in by username or e-mail address.
    ///
    /// # Errors
    /// `Refused(InvalidCredentials)` whatever was wrong, after the same work; `RateLimited`.
    pub async fn sign_in(
        &self,
        form: SignIn,
        device: Device,
        now: Timestamp,
    ) -> Result<SignedIn, ChatError> {
        let login = Login::parse(&form.login);
        let attempt = self.accounts.limits.sign_in(device.address, &login, now)?;
        match self.check_password(&login, form.password.clone()).await {
            Ok(user) => {
                self.accounts.limits.forgive(&attempt);
                let signed_in = self.begin_session(&user, &device.name, now).await?;
                self.confirm_sign_in(&user, form.password, signed_in.session, now)
                    .await?;
                self.accounts.sign_ins.fetch_add(1, Ordering::Relaxed);
                Ok(signed_in)
            }
            Err(error) => {
                if matches!(error, ChatError::Refused(ErrorCode::InvalidCredentials)) {
                    self.accounts.refused.fetch_add(1, Ordering::Relaxed);
                } else {
                    self.accounts.limits.forgive(&attempt);
                }
                Err(error)
            }
        }
    }

    /// The actor as others see them.
    ///
    /// # Errors
    /// `Refused(Unauthenticated)` if the account is gone.
    pub async fn me(&self, actor: &Actor) -> Result<Person, ChatError> {
        let user = self.store.user(actor.user).await?;
        let user = user.filter(|user| !user.is_closed());
        Ok(person(&user.ok_or(ErrorCode::Unauthenticated)?))
    }

    /// The actor's account.
    ///
    /// # Errors
    /// `Refused(Unauthenticated)` if the account is gone.
    pub async fn account(&self, actor: &Actor) -> Result<Account, ChatError> {
        let user = self.store.user(actor.user).await?;
        let user = user.ok_or(ErrorCode::Unauthenticated)?;
        let email = self
            .keys
            .open_email(user.id.to_bytes(), &user.email_sealed)
            .inspect_err(|error| tracing::error!(user = %user.id, %error, "an address is sealed"));
        Ok(Account {
            person: person(&user),
            email: email.ok(),
        })
    }

    async fn check_password(
        &self,
        login: &Login,
        typed: Password,
    ) -> Result<UserRecord, ChatError> {
        let found = match login {
            Login::Username(name) => self.store.user_by_username(name).await?,
            Login::Email(folded) => {
                let index = self.keys.email_index(folded);
                self.store.user_by_email(&index).await?
            }
            Login::Nobody(_) => None,
        };
        // Like an unknown name.
        let user = found.filter(|user| !user.is_closed());
        let stored = user.as_ref().map(|user| user.password_hash.clone());
        let verified = self.accounts.hashing.verify(typed, stored).await;
        let (Some(mut user), Verdict::Right { rehashed }) = (user, self.accounts.count(verified)?)
        else {
            return Err(ErrorCode::InvalidCredentials.into());
        };
        if let Some(hash) = rehashed {
            // The old hash works as well; the next sign-in tries again.
            let was = &user.password_hash;
            match self.store.set_password_hash(user.id, was, &hash).await {
                Ok(()) => user.password_hash = hash,
                Err(error) => {
                    tracing::warn!(user = %user.id, %error, "could not store a new password hash");
                }
            }
        }
        Ok(user)
    }

    async fn refuse_taken(
        &self,
        username: &Username,
        email_index: &[u8; 32],
    ) -> Result<(), ChatError> {
        let mut fields = Vec::new();
        if self.store.user_by_username(username).await?.is_some() {
            fields.push(taken(Field::Username));
        }
        if self.store.user_by_email(email_index).await?.is_some() {
            fields.push(taken(Field::Email));
        }
        if fields.is_empty() {
            Ok(())
        } else {
            Err(ChatError::Fields(fields))
        }
    }
}

const fn taken(field: Field) -> FieldError {
    let code = match field {
        Field::Email => ErrorCode::EmailTaken,
        _ => ErrorCode::UsernameTaken,
    };
    FieldError { field, code }
}
