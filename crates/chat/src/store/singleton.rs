//! Conversations of which there is one for the same people.

use protocol::{ConversationId, SendId, UserId};

/// What there can be only one of; creating a second returns the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Singleton {
    /// The conversation of two people; made by [`Singleton::direct`] so that the order of the
    /// two does not matter.
    Direct(UserId, UserId),
    /// Somebody's notes.
    Notes(UserId),
    /// A group that somebody asked for under this id.
    Group(UserId, SendId),
}

impl Singleton {
    /// The pair, ordered.
    #[must_use]
    pub fn direct(a: UserId, b: UserId) -> Self {
        Self::Direct(a.min(b), a.max(b))
    }
}

/// The outcome of [`super::Store::create_conversation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Created {
    /// It was made.
    New,
    /// The singleton existed already, under this id; nothing was changed.
    Existing(ConversationId),
}
