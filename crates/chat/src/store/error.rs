//! Why a store refuses.

/// Why the store refused.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A value that must be unique is taken. Nothing was changed.
    #[error("{0:?} is taken")]
    Taken(Unique),
    /// The row to change is not there (or not in the state the change asks for).
    #[error("no such row")]
    Missing,
    /// No room left on the device. Whether the change was made is not known; reads go on.
    #[error("no space left: {0}")]
    Full(String),
    /// The database did not answer or failed. Whether the change was made is not known.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// A stored value does not have the form it was written in.
    #[error("corrupt record: {0}")]
    Corrupt(String),
}

/// What must be unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unique {
    /// A username.
    Username,
    /// The blind index of an e-mail address.
    Email,
    /// A place in a conversation: another writer has put a message there.
    Place,
    /// An identifier that was drawn twice.
    Id,
}
