//! Who asks.

use protocol::{SessionId, Timestamp, UserId};

/// Who is asking, and from which device. Made by [`authenticate`](crate::Chat::authenticate)
/// and of a [`SignedIn`](crate::SignedIn) only, so that holding one is proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    pub(super) user: UserId,
    pub(super) session: SessionId,
    pub(super) expires_at: Timestamp,
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

    /// When the device's session ends unless it is refreshed before.
    pub(crate) const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}
