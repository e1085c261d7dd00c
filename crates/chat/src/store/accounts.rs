//! Accounts and their devices, as they are stored.

use protocol::{DisplayName, SessionId, Timestamp, UserId, Username};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRecord {
    /// Its id.
    pub id: UserId,
    /// The unique name.
    pub username: Username,
    /// The name on screen.
    pub display_name: DisplayName,
    /// Keyed hash (HMAC-SHA-256) of the folded address: unique, and finds the account.
    pub email_index: [u8; 32],
    /// The address, sealed.
    pub email_sealed: Vec<u8>,
    /// Argon2id in PHC string format; empty for an account that was deleted.
    pub password_hash: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A signed-in device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// SHA-256 of the refresh token now valid.
    pub refresh_hash: [u8; 32],
    /// How often the refresh token was rotated.
    pub generation: u32,
    /// When it was signed in.
    pub created_at: Timestamp,
    /// When the refresh token was last rotated.
    pub refreshed_at: Timestamp,
    /// When it ends unless it is refreshed before.
    pub expires_at: Timestamp,
    /// When it was signed out or revoked.
    pub revoked_at: Option<Timestamp>,
    /// What the device calls itself, shortened.
    pub device: String,
}
