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

    fn react(&mut self, user: UserId, emoji: &Emoji, on: bool) {
        let at = self.reactions.iter().position(|r| r.emoji == *emoji);
        match (at.and_then(|at| self.reactions.get_mut(at)), on) {
            (Some(reaction), true) => {
                if !reaction.users.contains(&user) {
                    reaction.users.push(user);
                }
            }
            (None, true) => self.reactions.push(Reaction {
                emoji: emoji.clone(),
                users: vec![user],
            }),
            (Some(reaction), false) => {
                reaction.users.retain(|other| *other != user);
                self.reactions.retain(|r| !r.users.is_empty());
            }
            (None, false) => {}
        }
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

/// Where a change stands and whose it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Origin {
    /// Its place.
    pub seq: Seq,
    /// Who made it.
    pub author: UserId,
    /// When the server took it.
    pub at: Timestamp,
}

impl From<&Message> for Origin {
    fn from(entry: &Message) -> Self {
        Self {
            seq: entry.seq,
            author: entry.author,
            at: entry.sent_at,
        }
    }
}

impl Message {
    /// Folds a change of this message into it, unless it is in it already. Whether it was new.
    ///
    /// Changes have to come in the order of their places; whether they are permitted was
    /// decided when they got them. The server's committer and the client fold with this one
    /// function, so both come to the same.
    pub fn fold(&mut self, origin: Origin, change: &ChangeKind) -> bool {
        if origin.seq <= self.marks.version {
            return false;
        }
        match (&mut self.content, change) {
            (content, ChangeKind::Delete) if content.is_said() => {
                *content = Content::Deleted;
                self.marks = Marks {
                    thread: self.marks.thread.take(),
                    ..Marks::default()
                };
            }
            (content, ChangeKind::Expire) if content.is_said() => self.expire(),
            (Content::Text(text), ChangeKind::Edit(body)) => {
                text.body = body.clone();
                self.marks.edited_at = Some(origin.at);
            }
            (Content::Poll(poll), ChangeKind::Vote(_) | ChangeKind::Close) => {
                poll.fold(origin, change);
            }
            (content, ChangeKind::React { emoji, on }) if content.is_said() => {
                self.marks.react(origin.author, emoji, *on);
            }
            (content, ChangeKind::Pin(on)) if content.is_said() => self.marks.pinned = *on,
            _ => {}
        }
        self.marks.version = origin.seq;
        true
    }

    /// Takes away what it says, because its time is over. Only when that was is kept.
    fn expire(&mut self) {
        self.content = Content::Deleted;
        self.marks = Marks {
            version: self.marks.version,
            thread: self.marks.thread.take(),
            expires_at: self.marks.expires_at,
            ..Marks::default()
        };
    }

    /// [`Message::expire`], if its time is over by now. Whether it was said until then.
    pub fn expire_at(&mut self, now: Timestamp) -> bool {
        let is_due = self.content.is_said() && self.marks.expires_at.is_some_and(|at| at <= now);
        if is_due {
            self.expire();
        }
        is_due
    }

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

    const AUTHOR: UserId = UserId::from_bytes([1; 16]);
    const OTHER: UserId = UserId::from_bytes([2; 16]);

    fn body(text: &str) -> MessageBody {
        MessageBody::parse(text).unwrap()
    }

    fn message() -> Message {
        Message {
            conversation: ConversationId::from_bytes([7; 16]),
            seq: Seq(3),
            author: AUTHOR,
            send_id: SendId::from_bytes([9; 16]),
            sent_at: Timestamp::from_millis(1),
            content: Content::Text(body("before").into()),
            marks: Marks::default(),
        }
    }

    fn by(author: UserId, seq: u64) -> Origin {
        Origin {
            seq: Seq(seq),
            author,
            at: Timestamp::from_millis(seq * 10),
        }
    }

    fn react(emoji: &str, on: bool) -> ChangeKind {
        let emoji = Emoji::parse(emoji).unwrap();
        ChangeKind::React { emoji, on }
    }

    #[test]
    fn an_edit_replaces_the_text_and_keeps_what_it_answers() {
        let mut message = message();
        message.content = Content::Text(Text {
            body: body("before"),
            reply_to: Some(Seq(1)),
            forwarded: false,
        });
        assert!(message.fold(by(AUTHOR, 4), &ChangeKind::Edit(body("after"))));
        let Content::Text(text) = &message.content else {
            panic!("{message:?}");
        };
        assert_eq!(text.body, body("after"));
        assert_eq!(text.reply_to, Some(Seq(1)));
        assert_eq!(message.marks.edited_at, Some(Timestamp::from_millis(40)));
        assert_eq!(message.marks.version, Seq(4));
    }

    #[test]
    fn what_is_over_says_nothing_and_what_is_deleted_before_is_a_tombstone() {
        let at = Timestamp::from_millis(100);
        let mut message = message();
        message.marks.expires_at = Some(at);
        message.fold(by(OTHER, 4), &react("👍", true));
        let mut here = message.clone();
        assert!(!here.expire_at(Timestamp::from_millis(99)));
        assert_eq!(here, message);
        assert!(here.expire_at(at) && here.is_over());
        assert!(!here.expire_at(at), "only once");
        // What a client did by its own clock and what the server says come to the same.
        let mut told = message.clone();
        for message in [&mut here, &mut told] {
            assert!(message.fold(by(AUTHOR, 6), &ChangeKind::Expire));
        }
        assert_eq!(here, told);
        assert_eq!(told.marks.expires_at, Some(at));
        assert_eq!(told.marks.reactions, []);

        message.fold(by(AUTHOR, 5), &ChangeKind::Delete);
        assert!(!message.is_over() && !message.expire_at(at));
    }

    #[test]
    fn what_is_in_it_already_is_passed_over() {
        let mut message = message();
        assert!(message.fold(by(OTHER, 5), &react("👍", true)));
        let once = message.clone();
        assert!(!message.fold(by(OTHER, 5), &react("👍", true)));
        assert!(!message.fold(by(AUTHOR, 4), &ChangeKind::Delete));
        assert_eq!(message, once);
    }

    #[test]
    fn a_reaction_is_counted_once_for_each_person() {
        let mut message = message();
        let (thumb, heart) = (Emoji::parse("👍").unwrap(), Emoji::parse("❤️").unwrap());
        for (seq, who, change) in [
            (4, AUTHOR, react("👍", true)),
            (5, OTHER, react("👍", true)),
            (6, OTHER, react("👍", true)),
            (7, OTHER, react("❤️", true)),
            (8, AUTHOR, react("👍", false)),
            (9, AUTHOR, react("😡", false)),
        ] {
            assert!(message.fold(by(who, seq), &change));
        }
        assert_eq!(message.marks.reaction_count(), 2);
        assert!(message.marks.has_reacted(OTHER, &thumb));
        assert!(!message.marks.has_reacted(AUTHOR, &thumb));
        message.fold(by(OTHER, 10), &react("👍", false));
        let left: Vec<_> = message.marks.reactions.iter().map(|r| &r.emoji).collect();
        assert_eq!(left, [&heart]);
    }

    #[test]
    fn deletion_leaves_nothing_and_nothing_follows_it() {
        let mut message = message();
        message.fold(by(OTHER, 4), &react("👍", true));
        message.fold(by(AUTHOR, 5), &ChangeKind::Pin(true));
        message.fold(by(AUTHOR, 6), &ChangeKind::Delete);
        message.fold(by(OTHER, 7), &react("👍", true));
        message.fold(by(AUTHOR, 8), &ChangeKind::Edit(body("again")));
        assert_eq!(message.content, Content::Deleted);
        let nothing = Marks {
            version: Seq(8),
            ..Marks::default()
        };
        assert_eq!(message.marks, nothing);
    }

    #[test]
    fn only_messages_count_as_unread() {
        let change = Change {
            target: Seq(1),
            kind: ChangeKind::Delete,
        };
        let counts = [
            (Content::Text(body("x").into()), true),
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
