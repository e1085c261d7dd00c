//! What accounts say of themselves, and how they want to be there for others.

use async_trait::async_trait;
use protocol::UserId;

use super::StoreError;

/// Sealed profiles of accounts, as a part of the port.
#[async_trait]
pub trait Profiles: Send + Sync {
    /// The profile of an account is this from now on.
    async fn set(&self, user: UserId, sealed: &[u8]) -> Result<(), StoreError>;
    /// An account has none from now on. That it had none is no error.
    async fn delete(&self, user: UserId) -> Result<(), StoreError>;
    /// The profiles of these accounts, in any order; those without one are left out.
    /// One that cannot be read is there, empty.
    async fn of(&self, users: &[UserId]) -> Result<Vec<(UserId, Vec<u8>)>, StoreError>;
}
