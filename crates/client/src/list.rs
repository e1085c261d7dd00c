//! The conversation list.

use protocol::{ConversationSummary, Timestamp};

use crate::{Delivery, Draft};

/// A row of the conversation list.
#[derive(Clone, PartialEq, Debug)]
pub struct ListRow {
    /// The conversation as this client knows it.
    pub summary: ConversationSummary,
    /// What stands in its composer.
    pub draft: Option<Draft>,
    /// How far the newest message is, if it is the user's own; the preview is then
    /// [`ListRow::unsent`] where that is set.
    pub delivery: Option<Delivery>,
    /// The newest message not answered for, which stands below all stored ones.
    pub unsent: Option<String>,
    /// What the list is sorted by, newest first.
    pub active_at: Timestamp,
}
