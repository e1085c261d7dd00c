//! What changes make of the message that they are of.

use crate::{ChangeKind, Content, Emoji, Marks, Message, Reaction, Seq, Timestamp, UserId};

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
}

impl Marks {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MessageBody, Text};

    const AUTHOR: UserId = UserId::from_bytes([1; 16]);
    const OTHER: UserId = UserId::from_bytes([2; 16]);

    fn body(text: &str) -> MessageBody {
        MessageBody::parse(text).unwrap()
    }

    fn message() -> Message {
        crate::fixtures::message(3, AUTHOR, Content::Text(body("before").into()))
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
}
