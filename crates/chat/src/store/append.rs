//! What one transaction of the log writes.

use protocol::ConversationId;

use super::{
    AnswerRecord, Bar, Checkpoint, Details, Expiry, MemberChange, MessageRow, Redeemed,
    ScheduledKey,
};

/// What one transaction of the log writes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Append {
    /// New rows, in places that are not taken.
    pub rows: Vec<MessageRow>,
    /// Checkpoints of conversations in `rows`.
    pub checkpoints: Vec<Checkpoint>,
    /// Rows that are there already, as they are from now on; each place once.
    pub rewritten: Vec<MessageRow>,
    /// Memberships that change; each member of a conversation once.
    pub members: Vec<(ConversationId, MemberChange)>,
    /// Details of conversations from now on; each conversation once.
    pub details: Vec<(ConversationId, Details)>,
    /// Links by which somebody came; each once.
    pub redeemed: Vec<Redeemed>,
    /// Who may not come by links from now on, and who may again; each once.
    pub bars: Vec<Bar>,
    /// Conversations that nobody is in any more: noted until they are erased.
    pub emptied: Vec<ConversationId>,
    /// What waited for its time, and is sent with these rows; each once.
    pub sent: Vec<ScheduledKey>,
    /// Which of the new rows are in threads.
    pub answers: Vec<AnswerRecord>,
    /// When messages of these rows are over.
    pub expiring: Vec<Expiry>,
    /// What was to be over and is, by these rows.
    pub expired: Vec<Expiry>,
}

impl Append {
    /// Whether there is nothing to write.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
            && self.checkpoints.is_empty()
            && self.rewritten.is_empty()
            && self.members.is_empty()
            && self.details.is_empty()
            && self.redeemed.is_empty()
            && self.bars.is_empty()
            && self.emptied.is_empty()
            && self.sent.is_empty()
            && self.answers.is_empty()
            && self.expiring.is_empty()
            && self.expired.is_empty()
    }
}
