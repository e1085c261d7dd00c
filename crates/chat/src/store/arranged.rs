//! How members arrange conversations.

use protocol::{ConversationId, Preferences, Timestamp, UserId};

/// How a member has arranged a conversation, to be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArrangedRecord {
    /// Where.
    pub conversation: ConversationId,
    /// Who.
    pub user: UserId,
    /// When the membership began that this belongs to.
    pub joined_at: Timestamp,
    /// All of it, as it is from now on.
    pub preferences: Preferences,
}
