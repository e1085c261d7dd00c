//! Messages that somebody has saved to look at again. Nobody else learns of it, and all devices
//! of the account agree on it.

use serde::{Deserialize, Serialize};

use crate::{ConversationId, Message, Seq, Timestamp};

/// Where a saved message is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedPlace {
    /// Which conversation.
    pub conversation: ConversationId,
    /// The message's place in it.
    pub seq: Seq,
}

/// A saved message as the list of them shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedMessage {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Its place in it.
    pub seq: Seq,
    /// When it was saved. No two of an account have the same.
    pub saved_at: Timestamp,
    /// The message as it is now, also where it was deleted; `None` where the account may not
    /// read it any more.
    pub message: Option<Message>,
}

/// A part of the saved messages.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedPage {
    /// At most [`crate::limits::SAVED_PAGE`], the one saved last first.
    pub items: Vec<SavedMessage>,
    /// Where it goes on: what was saved before this. `None` at the end.
    pub next: Option<Timestamp>,
}
