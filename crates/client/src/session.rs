//! The life of the connection.

/// Why there will be no further connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EndReason {
    /// The session was signed out, revoked or expired.
    SignedOut,
    /// The server does not speak this version any more; reload.
    Outdated,
}
