//! What accounts hide from others.

use async_trait::async_trait;
use protocol::{Privacy, UserId};

use super::StoreError;

/// What accounts hide, as a part of the port.
#[async_trait]
pub trait Privacies: Send + Sync {
    /// What an account hides from now on.
    async fn set(&self, user: UserId, privacy: Privacy) -> Result<(), StoreError>;
    /// What these accounts hide, in any order; those that never chose anything are left out.
    /// Whose choice cannot be read hides everything.
    async fn of(&self, users: &[UserId]) -> Result<Vec<(UserId, Privacy)>, StoreError>;
}
