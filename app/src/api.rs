//! The server functions. Each is a name, its arguments and one call into [`backend`], the one
//! module that exists on the server only.
//!
//! They speak [`ApiError`], whose codes are safe to show. Reading goes by GET, changing by
//! POST, and every change also works as a plain form without any script: the server then
//! redirects back, with the error in the query (`__path`, `__err`), where the form finds it.

pub mod account;
pub mod auth;
#[cfg(feature = "ssr")]
pub mod backend;
pub mod blocks;
pub mod caller;
pub mod conversations;
pub mod cookies;
pub mod device;
pub mod groups;
pub mod invites;
pub mod loading;
pub mod messages;
pub mod people;
pub mod preferences;
pub mod privacy;
pub mod profile;
pub mod reminders;
pub mod reports;
pub mod saved;
pub mod scheduled;
pub mod search;
pub mod sessions;

use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use protocol::{ErrorCode, Field, FieldError};
use serde::{Deserialize, Serialize};

/// Why a server function refused.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ApiError {
    /// Why.
    pub code: ErrorCode,
    /// The refused fields of a form, each with its own reason.
    #[serde(default)]
    pub fields: Vec<FieldError>,
    /// Milliseconds to wait before another attempt, where the server knows.
    #[serde(default)]
    pub retry_after_ms: Option<u64>,
    /// The server did not answer at all. Made in the browser only.
    #[serde(skip)]
    pub unreachable: bool,
}

impl ApiError {
    /// Refused as a whole.
    #[must_use]
    pub const fn new(code: ErrorCode) -> Self {
        Self {
            code,
            fields: Vec::new(),
            retry_after_ms: None,
            unreachable: false,
        }
    }

    /// There was no answer at all.
    #[must_use]
    pub fn unreachable() -> Self {
        Self {
            unreachable: true,
            ..Self::new(ErrorCode::Internal)
        }
    }

    /// Refused because of fields.
    #[must_use]
    pub const fn fields(fields: Vec<FieldError>) -> Self {
        Self {
            code: ErrorCode::InvalidFields,
            fields,
            retry_after_ms: None,
            unreachable: false,
        }
    }

    /// Why a field was refused, if it was.
    #[must_use]
    pub fn field(&self, field: Field) -> Option<ErrorCode> {
        self.fields
            .iter()
            .find(|error| error.field == field)
            .map(|error| error.code)
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    /// What goes wrong below the functions themselves. The texts of these errors are for
    /// developers and are never shown.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::unreachable(),
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => Self::new(ErrorCode::Malformed),
            _ => Self::new(ErrorCode::Internal),
        }
    }
}
