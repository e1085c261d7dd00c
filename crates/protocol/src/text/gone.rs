//! What accounts that were deleted are called.

use super::{DisplayName, Username};
use crate::UserId;

impl DisplayName {
    /// Of an account that was deleted.
    pub(crate) fn gone() -> Self {
        Self("Deleted account".to_owned())
    }
}

/// What the usernames of accounts that were deleted begin with; nobody else gets one.
const RESERVED: &str = "deleted_";
/// Characters of an id that make the rest of it, its random ones.
const RESERVED_ID: usize = 16;

impl Username {
    /// Whether it stands for an account that was deleted.
    #[must_use]
    pub fn is_reserved(&self) -> bool {
        self.0.starts_with(RESERVED)
    }

    /// Of an account that was deleted.
    pub(crate) fn gone(id: UserId) -> Self {
        let id = id.to_string().to_ascii_lowercase();
        let rest: String = id
            .chars()
            .skip(id.len().saturating_sub(RESERVED_ID))
            .collect();
        Self(format!("{RESERVED}{rest}"))
    }
}
