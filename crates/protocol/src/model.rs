//! What a screen shows.

use serde::{Deserialize, Serialize};

use crate::{ConversationId, DisplayName, MessageBody, SendId, Seq, Timestamp, UserId, Username};

/// A person as others see them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The account.
    pub id: UserId,
    /// The unique name.
    pub username: Username,
    /// The name on screen.
    pub display_name: DisplayName,
}

/// What a conversation is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// Two people; unique per pair.
    Direct,
    /// One person's notes; unique per person.
    Notes,
    /// Any number of people under a name.
    Group,
}

/// What a member may do in a conversation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads and writes.
    Member,
    /// Manages members too.
    Admin,
    /// May do everything, delete included.
    Owner,
}

/// Somebody's membership.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// What they may do.
    pub role: Role,
}

/// What a message holds. Later kinds are added at the end: the binary codec counts them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Plain text.
    Text(MessageBody),
    /// The stored message cannot be read (damaged or moved in the database). It keeps its
    /// place so that everything around it stays readable.
    Unavailable,
}

/// A message that is stored for good.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Where it stands: with `seq` its identity.
    pub conversation: ConversationId,
    /// Its place.
    pub seq: Seq,
    /// Who wrote it.
    pub author: UserId,
    /// The author's own id of it.
    pub send_id: SendId,
    /// When the server took it.
    pub sent_at: Timestamp,
    /// What it says.
    pub content: Content,
}

/// One row of the conversation list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConversationSummary {
    /// Which conversation.
    pub id: ConversationId,
    /// What it is.
    pub kind: ConversationKind,
    /// A group's name.
    pub title: Option<DisplayName>,
    /// Everybody in it (at most the first 100 of a group), the caller included.
    pub members: Vec<Member>,
    /// When it was made.
    pub created_at: Timestamp,
    /// The newest place; [`Seq::ZERO`] while nothing was written.
    pub last_seq: Seq,
    /// The newest message.
    pub last_message: Option<Message>,
    /// The caller's read cursor: the newest place they have seen.
    pub read_seq: Seq,
    /// Messages of others after `read_seq`; counts at most [`ConversationSummary::UNREAD_CAP`].
    pub unread: u32,
}

impl ConversationSummary {
    /// Where counting unread messages stops; shown as "999+".
    pub const UNREAD_CAP: u32 = 1_000;

    /// What the list is sorted by, newest first: the last message's time, or the creation's.
    #[must_use]
    pub fn active_at(&self) -> Timestamp {
        self.last_message
            .as_ref()
            .map_or(self.created_at, |message| message.sent_at)
    }
}

/// Consecutive messages of a conversation, oldest first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryPage {
    /// Which conversation.
    pub conversation: ConversationId,
    /// The messages, each `seq` one more than the one before.
    pub messages: Vec<Message>,
    /// The newest place of the conversation when the page was read.
    pub last_seq: Seq,
}

/// Whether somebody is connected.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// At least one connection is open.
    Online,
    /// None is, since the time given.
    Offline {
        /// When the last connection closed; `None` if not known.
        since: Option<Timestamp>,
    },
}
