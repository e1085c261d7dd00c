//! What a client asks to have written.

use serde::{Deserialize, Serialize};

use crate::{Choices, GroupSettings, Lifespan, Lifetime, Role, Seq, SlowMode, UserId};

/// What a client asks to have written. Texts are bare here; the server parses them at its
/// border so that a refusal can name the `send_id` it belongs to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Intent {
    /// A message.
    Text {
        /// The text, see [`crate::MessageBody::parse`].
        text: String,
        /// The place of the message that it answers.
        reply_to: Option<Seq>,
    },
    /// Other words for a message of one's own.
    Edit {
        /// Its place.
        target: Seq,
        /// The new text.
        text: String,
    },
    /// Deletes a message for everybody.
    Delete {
        /// Its place.
        target: Seq,
    },
    /// Reacts to a message, or no longer.
    React {
        /// Its place.
        target: Seq,
        /// How, see [`crate::Emoji::parse`].
        emoji: String,
        /// Whether the reaction stands.
        on: bool,
    },
    /// Pins a message, or no longer.
    Pin {
        /// Its place.
        target: Seq,
        /// Whether it is pinned.
        on: bool,
    },
    /// Gives a group another name.
    Rename {
        /// See [`crate::DisplayName::parse`].
        title: String,
    },
    /// Gives a group another description; an empty one takes it away.
    Describe {
        /// See [`crate::Description::parse`].
        description: String,
    },
    /// Changes the rules of a group.
    Configure {
        /// The new ones.
        settings: GroupSettings,
    },
    /// Adds people to a group.
    Add {
        /// Who, at most [`crate::limits::ADD_MEMBERS`]; those who are in it are passed over.
        users: Vec<UserId>,
    },
    /// Removes somebody from a group.
    Remove {
        /// Who.
        user: UserId,
    },
    /// Leaves a group.
    Leave,
    /// Gives somebody another role.
    SetRole {
        /// Who.
        user: UserId,
        /// The role.
        role: Role,
    },
    /// A message that was written for another conversation. It mentions nobody, and is not
    /// edited.
    Forward {
        /// The text, see [`crate::MessageBody::parse`].
        text: String,
    },
    /// A poll, see [`crate::Poll::parse`].
    Poll {
        /// What is asked.
        question: String,
        /// What can be answered.
        answers: Vec<String>,
        /// Whether one person may choose several.
        several: bool,
        /// Whether nobody learns who chose what.
        anonymous: bool,
        /// How long votes are taken from the moment on when the server takes it.
        lifetime: Lifetime,
    },
    /// Votes in a poll; the choice stands for all that was chosen before.
    Vote {
        /// Its place.
        target: Seq,
        /// What is chosen; [`Choices::NONE`] takes the vote back.
        choices: Choices,
    },
    /// Lets a poll take no more votes.
    ClosePoll {
        /// Its place.
        target: Seq,
    },
    /// Deletes a group with all that is in it, for everybody.
    Dissolve,
    /// Lets the members of a group write less often, or as often as they like.
    SlowMode {
        /// How long they wait.
        slow_mode: SlowMode,
    },
    /// Messages that are written from now on are to stay so long.
    SetLifespan {
        /// How long; `None` for good.
        lifespan: Option<Lifespan>,
    },
    /// Accepts what the other one has written, see [`crate::Request`].
    Accept,
}

impl Intent {
    /// What is said, if it is a message.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Text { text, .. } | Self::Forward { text } => Some(text),
            Self::Poll { question, .. } => Some(question),
            _ => None,
        }
    }

    /// A message that answers none.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text {
            text: text.into(),
            reply_to: None,
        }
    }
}
