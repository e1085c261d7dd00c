//! Who blocks whom.

use async_trait::async_trait;
use protocol::UserId;

use super::StoreError;

/// Blocks, as a part of the port.
#[async_trait]
pub trait Blocks: Send + Sync {
    /// Whether somebody blocks another from now on.
    async fn set(&self, user: UserId, other: UserId, blocks: bool) -> Result<(), StoreError>;
    /// Whom somebody blocks, by user id.
    async fn of(&self, user: UserId) -> Result<Vec<UserId>, StoreError>;
    /// By whom somebody is blocked, by user id.
    async fn against(&self, user: UserId) -> Result<Vec<UserId>, StoreError>;
}
