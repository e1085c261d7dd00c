//! What somebody asks to have written, checked: what a client says in an [`Intent`], with its
//! texts parsed.

use protocol::limits::ADD_MEMBERS;
use protocol::{
    Change, ChangeKind, Description, DisplayName, Emoji, ErrorCode, GroupSettings, Intent,
    Lifespan, MessageBody, Poll, Role, SlowMode, Text, Timestamp, UserId, Vote,
};

use crate::store::Expiry;

/// A checked intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A message.
    Text(Text),
    /// A poll.
    Poll(Box<Poll>),
    /// A change of an earlier message.
    Change(Change),
    /// Something happens to the group.
    Manage(Manage),
    /// The author comes by the link whose secret has this hash.
    Join([u8; 32]),
    /// A message that has waited for its time, and under which time it is found there.
    Due(Text, Option<Timestamp>),
    /// A message goes because its time is over, without anybody who asks for it.
    Expire(Expiry),
}

/// What can happen to a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manage {
    /// It gets another name.
    Rename(DisplayName),
    /// It gets another description, or none.
    Describe(Option<Description>),
    /// It gets other rules.
    Configure(GroupSettings),
    /// People come.
    Add(Vec<UserId>),
    /// Somebody is removed.
    Remove(UserId),
    /// The author leaves.
    Leave,
    /// Somebody gets another role.
    SetRole(UserId, Role),
    /// The group is deleted.
    Dissolve,
    /// The author's account is deleted. No client can ask for it.
    Depart,
    /// Its members write less often, or as often as they like.
    SlowMode(SlowMode),
    /// Messages that are written from now on stay so long.
    SetLifespan(Option<Lifespan>),
    /// The author accepts what the other one has written.
    Accept,
}

impl From<MessageBody> for Command {
    fn from(body: MessageBody) -> Self {
        Self::Text(body.into())
    }
}

impl TryFrom<Intent> for Command {
    type Error = ErrorCode;

    fn try_from(intent: Intent) -> Result<Self, ErrorCode> {
        Ok(match intent {
            Intent::Text { text, reply_to } => Self::Text(Text {
                body: MessageBody::parse(&text)?,
                reply_to,
                forwarded: false,
            }),
            Intent::Forward { text } => Self::Text(Text {
                body: MessageBody::parse(&text)?,
                reply_to: None,
                forwarded: true,
            }),
            Intent::Edit { target, text } => Self::Change(Change {
                target,
                kind: ChangeKind::Edit(MessageBody::parse(&text)?),
            }),
            Intent::Delete { target } => Self::Change(Change {
                target,
                kind: ChangeKind::Delete,
            }),
            Intent::React { target, emoji, on } => Self::Change(Change {
                target,
                kind: ChangeKind::React {
                    emoji: Emoji::parse(&emoji)?,
                    on,
                },
            }),
            Intent::Pin { target, on } => Self::Change(Change {
                target,
                kind: ChangeKind::Pin(on),
            }),
            Intent::Rename { title } => Self::Manage(Manage::Rename(DisplayName::parse(&title)?)),
            Intent::Describe { description } => {
                let description = match Description::parse(&description) {
                    Err(protocol::TextError::Empty) => None,
                    parsed => Some(parsed?),
                };
                Self::Manage(Manage::Describe(description))
            }
            Intent::Configure { settings } => Self::Manage(Manage::Configure(settings)),
            Intent::Add { users } if users.len() > ADD_MEMBERS => return Err(ErrorCode::TooMany),
            Intent::Add { users } => Self::Manage(Manage::Add(users)),
            Intent::Remove { user } => Self::Manage(Manage::Remove(user)),
            Intent::Leave => Self::Manage(Manage::Leave),
            Intent::Dissolve => Self::Manage(Manage::Dissolve),
            Intent::SetRole { user, role } => Self::Manage(Manage::SetRole(user, role)),
            Intent::SlowMode { slow_mode } => Self::Manage(Manage::SlowMode(slow_mode)),
            Intent::Poll {
                question,
                answers,
                several,
                anonymous,
                lifetime,
            } => {
                let kind = (several, anonymous);
                Self::Poll(Box::new(Poll::parse(&question, &answers, kind, lifetime)?))
            }
            Intent::Vote { target, choices } => Self::Change(Change {
                target,
                kind: ChangeKind::Vote(Vote::own(choices)),
            }),
            Intent::ClosePoll { target } => Self::Change(Change {
                target,
                kind: ChangeKind::Close,
            }),
            Intent::SetLifespan { lifespan } => Self::Manage(Manage::SetLifespan(lifespan)),
            Intent::Accept => Self::Manage(Manage::Accept),
        })
    }
}

/// Rows that a change may write, for the size of a transaction: its own, the changed message's,
/// and edits that are withdrawn. Those are small.
const CHANGE_WEIGHT: usize = 3;
/// The same of an answer: its own row, its root's, and its place in the thread.
const ANSWER_WEIGHT: usize = 3;

impl Command {
    /// Bytes that it holds while it waits.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Text(text) | Self::Due(text, _) => text.body.as_str().len(),
            Self::Poll(poll) => poll.words().len(),
            Self::Change(Change {
                kind: ChangeKind::Edit(body),
                ..
            }) => body.as_str().len(),
            Self::Change(_) | Self::Join(_) | Self::Expire(_) => 0,
            Self::Manage(Manage::Rename(title)) => title.as_str().len(),
            Self::Manage(Manage::Describe(description)) => {
                description.as_ref().map_or(0, |text| text.as_str().len())
            }
            Self::Manage(Manage::Add(users)) => size_of_val(users.as_slice()),
            Self::Manage(_) => 0,
        }
    }

    /// Its part of a transaction, in messages.
    pub(crate) const fn weight(&self) -> usize {
        match self {
            Self::Text(text) | Self::Due(text, _) if text.reply_to.is_some() => ANSWER_WEIGHT,
            Self::Text(_) | Self::Poll(_) | Self::Manage(_) | Self::Join(_) | Self::Due(..) => 1,
            Self::Change(_) | Self::Expire(_) => CHANGE_WEIGHT,
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::Seq;

    use super::*;

    #[test]
    fn texts_are_checked() {
        let long = "x".repeat(5_000);
        let target = Seq(1);
        let text = |text: &str| Intent::Text {
            text: text.to_owned(),
            reply_to: None,
        };
        let edit = |text: &str| Intent::Edit {
            target,
            text: text.to_owned(),
        };
        let react = |emoji: &str| Intent::React {
            target,
            emoji: emoji.to_owned(),
            on: true,
        };
        let forward = |text: &str| Intent::Forward {
            text: text.to_owned(),
        };
        let rename = |title: &str| Intent::Rename {
            title: title.to_owned(),
        };
        let describe = |description: &str| Intent::Describe {
            description: description.to_owned(),
        };
        let poll = |question: &str, answers: &[&str]| Intent::Poll {
            question: question.to_owned(),
            answers: answers.iter().map(ToString::to_string).collect(),
            several: false,
            anonymous: false,
            lifetime: protocol::Lifetime::Day,
        };
        let add = |count| Intent::Add {
            users: vec![UserId::from_bytes([1; 16]); count],
        };
        for (intent, code) in [
            (text(" "), ErrorCode::Empty),
            (text(&long), ErrorCode::TooLong),
            (forward(" "), ErrorCode::Empty),
            (forward(&long), ErrorCode::TooLong),
            (edit(""), ErrorCode::Empty),
            (edit("a\0b"), ErrorCode::ForbiddenCharacter),
            (react("x"), ErrorCode::InvalidFormat),
            (react(""), ErrorCode::Empty),
            (react("👍👍"), ErrorCode::InvalidFormat),
            (rename(""), ErrorCode::Empty),
            (rename(&long), ErrorCode::TooLong),
            (describe(&long), ErrorCode::TooLong),
            (add(ADD_MEMBERS + 1), ErrorCode::TooMany),
            (poll("", &["a", "b"]), ErrorCode::Empty),
            (poll("?", &["a"]), ErrorCode::TooShort),
            (poll("?", &["a", "a"]), ErrorCode::InvalidFormat),
            (poll(&long, &["a", "b"]), ErrorCode::TooLong),
        ] {
            assert_eq!(Command::try_from(intent.clone()), Err(code), "{intent:?}");
        }
        assert!(Command::try_from(add(ADD_MEMBERS)).is_ok());
        for blank in ["", " \n "] {
            let cleared = Command::Manage(Manage::Describe(None));
            assert_eq!(Command::try_from(describe(blank)), Ok(cleared));
        }
    }
}
