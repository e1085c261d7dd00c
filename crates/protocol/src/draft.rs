//! What somebody has begun to write in a conversation. Nobody else learns of it, and all devices
//! of the account show it.

use serde::{Deserialize, Serialize};

use crate::{ConversationId, DraftBody, Seq, Timestamp};

/// What stands in the composer of a conversation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftText {
    /// The text as it was typed.
    pub text: DraftBody,
    /// The place of the message that it answers.
    pub reply_to: Option<Seq>,
}

/// A draft with where and when it was written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptDraft {
    /// In which conversation.
    pub conversation: ConversationId,
    /// What it says.
    pub draft: DraftText,
    /// When it was last written.
    pub changed_at: Timestamp,
}
