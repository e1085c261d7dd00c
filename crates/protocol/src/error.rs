//! The one error language at the edge: stable codes that are safe to show.

use serde::{Deserialize, Serialize};

/// Why something was refused. The names are part of the protocol: they are never changed and
/// never reused, and a client that does not know one treats it as [`ErrorCode::Internal`].
///
/// None of them carries internals or says whether something exists that the caller may not see.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Something failed on the server; the log has the cause under the request's id.
    #[error("Something went wrong on our side. Please try again.")]
    Internal,
    /// The frame or body is not what the protocol says.
    #[error("That request could not be understood.")]
    Malformed,
    /// The frame or body is larger than allowed.
    #[error("That is too large.")]
    TooLarge,
    /// The body's content type is not one the endpoint takes.
    #[error("That kind of content is not accepted here.")]
    UnsupportedMediaType,
    /// Nobody is signed in, or the session has ended.
    #[error("Please sign in.")]
    Unauthenticated,
    /// The request came from another site.
    #[error("This request came from another site and was refused.")]
    ForeignOrigin,
    /// No such thing, or none that the caller may see.
    #[error("This does not exist or is not visible to you.")]
    NotFound,
    /// The caller may see it but not do this.
    #[error("You are not allowed to do that.")]
    Forbidden,
    /// Too many requests; try again after the time given beside the code.
    #[error("Too many attempts. Please wait a moment.")]
    RateLimited,
    /// The name or address and the password do not belong together.
    #[error("The name or the password is not right.")]
    InvalidCredentials,
    /// One or more fields of a form were refused; each has its own code.
    #[error("Please check the marked fields.")]
    InvalidFields,
    /// The field is empty.
    #[error("Please fill this in.")]
    Empty,
    /// The text is shorter than allowed.
    #[error("This is too short.")]
    TooShort,
    /// The text is longer than allowed.
    #[error("This is too long.")]
    TooLong,
    /// The text has control or direction-changing characters that are not allowed there.
    #[error("This contains characters that are not allowed.")]
    ForbiddenCharacter,
    /// The text does not have the form that is asked for.
    #[error("This does not look right.")]
    InvalidFormat,
    /// Somebody else has this username.
    #[error("This username is taken.")]
    UsernameTaken,
    /// An account with this e-mail address exists.
    #[error("An account with this e-mail address exists already.")]
    EmailTaken,
    /// The password is one of the most common ones.
    #[error("This password is too easy to guess.")]
    PasswordTooCommon,
    /// The server cannot store right now (disk full, database gone). Nothing was stored;
    /// the same request may succeed later.
    #[error("The server cannot save messages right now. Your text is kept and sent later.")]
    StorageUnavailable,
    /// The server is about to stop; connect again.
    #[error("The server is restarting.")]
    Draining,
    /// The client speaks a version that this server does not.
    #[error("This version is out of date. Please reload.")]
    UnsupportedVersion,
    /// There are as many already as may be: members, pins, reactions, edits.
    #[error("There is no room for more of these.")]
    TooMany,
    /// The account of the other one was deleted.
    #[error("This account no longer exists.")]
    AccountGone,
    /// The poll takes no votes any more.
    #[error("This poll is closed.")]
    PollClosed,
    /// The time is over already, or further away than allowed.
    #[error("Choose a time between now and a year from now.")]
    TimeOutOfRange,
    /// Slow mode is on: the next message may be sent after the time given beside the code.
    #[error("Slow mode is on. Please wait before you write again.")]
    SlowMode,
    /// The other one has not answered, and as much is written as may be until then.
    #[error("They have not answered yet. You can write again when they do.")]
    NotAccepted,
}

impl ErrorCode {
    /// Whether the same request may succeed later without being changed.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Internal
                | Self::RateLimited
                | Self::StorageUnavailable
                | Self::Draining
                | Self::SlowMode
        )
    }
}

/// A field of a form.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The name others see.
    DisplayName,
    /// The unique name.
    Username,
    /// The e-mail address.
    Email,
    /// The password, or the one to be.
    Password,
    /// The password that the account has, where it is to have another.
    CurrentPassword,
    /// Username or e-mail address at sign-in.
    Login,
    /// What somebody says of themselves.
    About,
    /// The emoji of a status.
    StatusEmoji,
    /// The text of a status.
    StatusText,
}

/// A refused field and why.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct FieldError {
    /// Which field.
    pub field: Field,
    /// Why.
    pub code: ErrorCode,
}

/// Close codes of the socket (RFC 6455, 7.4). 4000–4999 are the application's own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u16)]
pub enum CloseCode {
    /// The client asked for it.
    Normal = 1000,
    /// A frame that breaks the protocol.
    ProtocolError = 1002,
    /// A frame of the wrong kind (text for binary or the other way).
    UnsupportedData = 1003,
    /// A frame larger than [`crate::limits::FRAME_BYTES`].
    TooBig = 1009,
    /// Flooding.
    PolicyViolation = 1008,
    /// The server stops; connect again after the delay given in `Draining`.
    Restart = 1012,
    /// The server is overloaded or the client read too slowly; connect again later.
    TryAgainLater = 1013,
    /// The session was signed out or revoked. Do not connect again without signing in.
    SessionEnded = 4001,
    /// No `Hello` within the time, or silence for too long.
    Timeout = 4002,
    /// The account has opened more connections than allowed and this was the oldest.
    Replaced = 4003,
}

impl CloseCode {
    /// The number on the wire.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// The inverse of [`Self::code`]; `None` for a number this protocol does not use.
    #[must_use]
    pub const fn from_code(code: u16) -> Option<Self> {
        Some(match code {
            1000 => Self::Normal,
            1002 => Self::ProtocolError,
            1003 => Self::UnsupportedData,
            1008 => Self::PolicyViolation,
            1009 => Self::TooBig,
            1012 => Self::Restart,
            1013 => Self::TryAgainLater,
            4001 => Self::SessionEnded,
            4002 => Self::Timeout,
            4003 => Self::Replaced,
            _ => return None,
        })
    }
}
