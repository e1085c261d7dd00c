//! What the rules answer with. Turned into [`ErrorCode`] in one place.

use protocol::{ErrorCode, Field, FieldError, TextError};

use crate::store::StoreError;

/// Why the product refused.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// Fields of a form were refused.
    #[error("refused fields: {0:?}")]
    Fields(Vec<FieldError>),
    /// Refused for a reason that the caller may know.
    #[error("{0:?}")]
    Refused(ErrorCode),
    /// Too often; may be tried again after the time.
    #[error("rate limited for {retry_after_ms} ms")]
    RateLimited {
        /// Milliseconds to wait.
        retry_after_ms: u64,
    },
    /// The database failed. The text is for the log.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key, hash or token operation failed that cannot fail. The text is for the log.
    #[error("security: {0}")]
    Security(String),
}

impl ChatError {
    /// A single refused field.
    #[must_use]
    pub fn field(field: Field, code: impl Into<ErrorCode>) -> Self {
        Self::Fields(vec![FieldError {
            field,
            code: code.into(),
        }])
    }

    /// A key, hash or token operation failed that cannot fail.
    pub(crate) fn security(error: impl std::fmt::Display) -> Self {
        Self::Security(error.to_string())
    }

    /// What the caller is told.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Fields(_) => ErrorCode::InvalidFields,
            Self::Refused(code) => *code,
            Self::RateLimited { .. } => ErrorCode::RateLimited,
            Self::Store(StoreError::Full(_) | StoreError::Unavailable(_)) => {
                ErrorCode::StorageUnavailable
            }
            Self::Store(StoreError::Taken(_) | StoreError::Missing | StoreError::Corrupt(_))
            | Self::Security(_) => ErrorCode::Internal,
        }
    }
}

impl ChatError {
    /// Whether what is stored of one conversation cannot be made sense of: no reason to keep
    /// anybody from the others.
    pub(crate) const fn is_unreadable(&self) -> bool {
        matches!(
            self,
            Self::Store(StoreError::Corrupt(_)) | Self::Security(_)
        )
    }
}

impl From<ErrorCode> for ChatError {
    fn from(code: ErrorCode) -> Self {
        Self::Refused(code)
    }
}

impl From<TextError> for ChatError {
    fn from(error: TextError) -> Self {
        Self::Refused(error.into())
    }
}
