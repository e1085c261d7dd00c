//! What the places of a conversation hold: messages, changes of earlier messages, and notices
//! of what happened to the conversation (docs/decisions/0011-changes-are-entries.md).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    ConversationId, Description, DisplayName, Emoji, GroupSettings, Lifespan, MessageBody, Poll,
    Role, SendId, Seq, SlowMode, Thread, Timestamp, UserId, Vote,
};

/// What an entry holds. Later kinds are added at the end: the binary codec counts them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A message.
    Text(Text),
    /// The stored entry cannot be read (damaged or moved in the database). It keeps its
    /// place so that everything around it stays readable.
    Unavailable,
    /// A message whose text was deleted for everybody.
    Deleted,
    /// Changes an earlier message; not shown by itself.
    Change(Change),
    /// Something happened to the conversation.
    Notice(Notice),
    /// A question with answers to choose from.
    Poll(Box<Poll>),
    /// The reader has deleted it for themselves alone. It is told so to them and stored as what
    /// it is.
    Dismissed,
}

impl Content {
    /// Whether it counts as unread for those who did not write it.
    #[must_use]
    pub const fn counts(&self) -> bool {
        matches!(
            self,
            Self::Text(_) | Self::Unavailable | Self::Deleted | Self::Poll(_)
        )
    }

    /// Whether somebody said it, and it was not deleted.
    #[must_use]
    pub const fn is_said(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Poll(_))
    }

    /// Whether whoever writes it has read everything before it. Of a vote that would tell whose
    /// it is, and nobody writes that a message is over.
    #[must_use]
    pub const fn shows_reading(&self) -> bool {
        !matches!(
            self,
            Self::Change(Change {
                kind: ChangeKind::Vote(_) | ChangeKind::Expire,
                ..
            })
        )
    }

    /// All that is said, to be searched; markup only of a message.
    #[must_use]
    pub fn words(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text.body.as_str())),
            Self::Poll(poll) => Some(Cow::Owned(poll.words())),
            _ => None,
        }
    }

    /// The text, where there is one to read.
    #[must_use]
    pub const fn body(&self) -> Option<&MessageBody> {
        match self {
            Self::Text(text) => Some(&text.body),
            _ => None,
        }
    }
}

/// A text and what it answers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// What it says.
    pub body: MessageBody,
    /// The place of the message that it answers.
    pub reply_to: Option<Seq>,
    /// Whether it was written by somebody for another conversation. Who and where is not said.
    #[serde(default)]
    pub forwarded: bool,
}

impl From<MessageBody> for Text {
    fn from(body: MessageBody) -> Self {
        Self {
            body,
            reply_to: None,
            forwarded: false,
        }
    }
}

/// A change of an earlier message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The place of the message.
    pub target: Seq,
    /// What changes.
    pub kind: ChangeKind,
}

/// What changes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Its text, by its author.
    Edit(MessageBody),
    /// It is deleted for everybody.
    Delete,
    /// The author of the change reacts to it, or no longer.
    React {
        /// How.
        emoji: Emoji,
        /// Whether the reaction stands.
        on: bool,
    },
    /// It is pinned, or no longer.
    Pin(bool),
    /// An edit of a message that was deleted since, or that its reader may not read: without its
    /// text.
    Withdrawn,
    /// The author of the change votes in a poll, or votes otherwise than before.
    Vote(Vote),
    /// A poll takes no votes any more.
    Close,
    /// Its time is over: it goes as if it was deleted. Nobody asks for it; the author is that of
    /// the message.
    Expire,
}

/// Something that happened to a conversation. Whoever did it is the entry's author.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The group was made.
    Created {
        /// Under this name.
        title: DisplayName,
    },
    /// It has another name.
    Renamed {
        /// The new one.
        title: DisplayName,
    },
    /// It has another description, or none.
    Described {
        /// The new one.
        description: Option<Description>,
    },
    /// Its rules changed.
    Configured {
        /// The new ones.
        settings: GroupSettings,
    },
    /// People came.
    Added {
        /// Who.
        users: Vec<UserId>,
    },
    /// Somebody was removed.
    Removed {
        /// Who.
        user: UserId,
    },
    /// The author left.
    Left {
        /// Who owns the group now, where its owner left.
        successor: Option<UserId>,
    },
    /// Somebody may do more or less than before.
    RoleChanged {
        /// Who.
        user: UserId,
        /// Their role from now on.
        role: Role,
    },
    /// The author came by a link.
    Joined {
        /// Whose link it was.
        by: UserId,
    },
    /// The group is deleted. Nobody is in it after this, and nothing is left of it soon.
    Dissolved,
    /// Members write less often, or as often as they like.
    Slowed {
        /// How long they wait.
        slow_mode: SlowMode,
    },
    /// Messages that are written from now on stay so long.
    Lifespan {
        /// How long; `None` for good.
        lifespan: Option<Lifespan>,
    },
    /// The author, to whom the other one had written, accepts that.
    Accepted,
}

/// An entry that is stored for good.
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
    /// What it says now.
    pub content: Content,
    /// What later entries have made of it.
    pub marks: Marks,
}

/// What later entries have made of a message.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// The place of the newest change in it; [`Seq::ZERO`] without any.
    pub version: Seq,
    /// When the text was last edited.
    pub edited_at: Option<Timestamp>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Reactions, in the order of their first use.
    pub reactions: Vec<Reaction>,
    /// What it is to a thread.
    pub thread: Option<Thread>,
    /// When its time is over; of a message that is over, when it was.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// Who reacted in one way.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reaction {
    /// How.
    pub emoji: Emoji,
    /// Who, the first one first.
    pub users: Vec<UserId>,
}

impl Marks {
    /// Reactions of all people together.
    #[must_use]
    pub fn reaction_count(&self) -> usize {
        self.reactions.iter().map(|r| r.users.len()).sum()
    }

    /// Whether somebody has reacted like this.
    #[must_use]
    pub fn has_reacted(&self, user: UserId, emoji: &Emoji) -> bool {
        let of_kind = self.reactions.iter().find(|r| r.emoji == *emoji);
        of_kind.is_some_and(|reaction| reaction.users.contains(&user))
    }
}

/// What a message said before it was edited.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// When it was written.
    pub at: Timestamp,
    /// The text.
    pub body: MessageBody,
}

impl Message {
    /// Whether nothing of it is shown: its time is over, or the reader has dismissed it.
    #[must_use]
    pub fn is_out_of_sight(&self) -> bool {
        self.is_over() || self.content == Content::Dismissed
    }

    /// Whether it was said, and its time is over: nothing of it is shown.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.content == Content::Deleted && self.marks.expires_at.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_messages_count_as_unread() {
        let body = MessageBody::parse("x").unwrap();
        let change = Change {
            target: Seq(1),
            kind: ChangeKind::Delete,
        };
        let counts = [
            (Content::Text(body.into()), true),
            (Content::Unavailable, true),
            (Content::Deleted, true),
            (Content::Dismissed, false),
            (Content::Change(change), false),
            (Content::Notice(Notice::Left { successor: None }), false),
        ];
        for (content, expected) in counts {
            assert_eq!(content.counts(), expected, "{content:?}");
        }
    }
}
