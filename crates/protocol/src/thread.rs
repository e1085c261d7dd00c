//! Threads: a message, its *root*, and everything that answers it or one of its answers
//! (docs/decisions/0026-threads.md). What belongs to one is decided once, when an answer gets
//! its place, and by the same functions on both sides.

use serde::{Deserialize, Serialize};

use crate::limits::THREAD_AUTHORS;
use crate::{Content, ConversationId, Message, Origin, SavedPlace, Seq, Timestamp, UserId};

/// What a message is to the thread that it is in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thread {
    /// One of the answers; the place of the root.
    Under(Seq),
    /// The root.
    Root(Box<Answers>),
}

/// What the row of a root says of its answers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// How many there are, those that were deleted too: they keep their places.
    pub count: u32,
    /// The place of the newest.
    pub last: Seq,
    /// When the server took that one.
    pub last_at: Timestamp,
    /// Who wrote the newest ones, the newest first, each once; at most
    /// [`crate::limits::THREAD_AUTHORS`].
    pub authors: Vec<UserId>,
}

/// A part of a thread.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThreadPage {
    /// Which conversation.
    pub conversation: ConversationId,
    /// The place of the root.
    pub root: Seq,
    /// The root as it is now; `None` where it stands before what the reader may see.
    pub message: Option<Message>,
    /// At most [`crate::limits::THREAD_PAGE`] answers, the newest of those that were asked for,
    /// oldest first.
    pub answers: Vec<Message>,
    /// Whether there are answers before these.
    pub more: bool,
    /// The newest place of the conversation when it was read.
    pub last_seq: Seq,
}

/// How far the answers of a thread were seen by an account, in the thread itself. What was read
/// of the conversation counts too: an answer is new if it comes after both.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenThread {
    /// Where the root of the thread is.
    pub root: SavedPlace,
    /// The newest place that was seen.
    pub seen: Seq,
}

impl Answers {
    /// One more counts that may be older than the newest. As long as fewer authors are named than
    /// could be, those of all that count are; otherwise an older one names nobody.
    pub(crate) fn recount(&mut self, answer: Origin) {
        self.count = self.count.saturating_add(1);
        if answer.seq > self.last {
            (self.last, self.last_at) = (answer.seq, answer.at);
            self.authors.retain(|user| *user != answer.author);
            self.authors.insert(0, answer.author);
        } else if !self.authors.contains(&answer.author) {
            self.authors.push(answer.author);
        }
        self.authors.truncate(THREAD_AUTHORS);
    }
}

impl Message {
    /// The root of the thread that an answer to this is in. There is none under what says
    /// nothing, or cannot be read.
    #[must_use]
    pub const fn root(&self) -> Option<Seq> {
        match (&self.marks.thread, &self.content) {
            (Some(Thread::Under(root)), _) => Some(*root),
            (_, Content::Text(_) | Content::Poll(_) | Content::Deleted) => Some(self.seq),
            _ => None,
        }
    }

    /// Folds an answer in its thread into this root, unless it is in it already. Whether it was
    /// new. Answers and changes come in the order of their places, see [`Message::fold`].
    pub fn answered(&mut self, answer: Origin) -> bool {
        if answer.seq <= self.marks.version || self.content == Content::Unavailable {
            return false;
        }
        let before = match self.marks.thread.take() {
            Some(Thread::Root(answers)) => Some(answers),
            _ => None,
        };
        let (count, authors) = before.map_or((0, Vec::new()), |it| (it.count, it.authors));
        let others = authors.into_iter().filter(|user| *user != answer.author);
        self.marks.thread = Some(Thread::Root(Box::new(Answers {
            count: count.saturating_add(1),
            last: answer.seq,
            last_at: answer.at,
            authors: std::iter::once(answer.author)
                .chain(others)
                .take(THREAD_AUTHORS)
                .collect(),
        })));
        self.marks.version = answer.seq;
        true
    }
}

#[cfg(test)]
mod tests {
    use crate::{ChangeKind, Marks, MessageBody, Notice};

    use super::*;

    const ME: UserId = UserId::from_bytes([1; 16]);

    fn user(n: u8) -> UserId {
        UserId::from_bytes([n; 16])
    }

    fn message(seq: u64, content: Content) -> Message {
        crate::fixtures::message(seq, ME, content)
    }

    fn text() -> Content {
        Content::Text(MessageBody::parse("tea?").unwrap().into())
    }

    fn by(author: u8, seq: u64) -> Origin {
        Origin {
            seq: Seq(seq),
            author: user(author),
            at: Timestamp::from_millis(seq * 10),
        }
    }

    fn answers(message: &Message) -> &Answers {
        match &message.marks.thread {
            Some(Thread::Root(answers)) => answers,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_answer_to_an_answer_is_in_the_same_thread() {
        let mut answer = message(5, text());
        assert_eq!(answer.root(), Some(Seq(5)));
        answer.marks.thread = Some(Thread::Under(Seq(3)));
        assert_eq!(answer.root(), Some(Seq(3)));
        // Also when it is deleted by then.
        answer.fold(by(1, 6), &ChangeKind::Delete);
        assert_eq!(answer.root(), Some(Seq(3)));
    }

    #[test]
    fn a_root_stays_one_when_it_has_answers_and_when_it_is_deleted() {
        let mut root = message(3, text());
        root.answered(by(2, 4));
        assert_eq!(root.root(), Some(Seq(3)));
        root.fold(by(1, 5), &ChangeKind::Delete);
        assert_eq!(root.root(), Some(Seq(3)));
        assert!(root.answered(by(2, 6)));
        assert_eq!(answers(&root).count, 2);
    }

    #[test]
    fn nothing_begins_under_what_says_nothing() {
        let left = Content::Notice(Notice::Left { successor: None });
        for content in [left, Content::Unavailable] {
            assert_eq!(message(3, content).root(), None);
        }
        let mut damaged = message(3, Content::Unavailable);
        assert!(!damaged.answered(by(2, 4)));
        assert_eq!(damaged.marks, Marks::default());
    }

    #[test]
    fn a_root_says_how_many_answers_it_has_and_who_wrote_the_newest() {
        let mut root = message(3, text());
        for (seq, author) in [(4, 2), (5, 3), (7, 2), (8, 4), (9, 5)] {
            assert!(root.answered(by(author, seq)));
        }
        let expected = Answers {
            count: 5,
            last: Seq(9),
            last_at: Timestamp::from_millis(90),
            authors: vec![user(5), user(4), user(2)],
        };
        assert_eq!(*answers(&root), expected);
        assert_eq!(root.marks.version, Seq(9));
    }

    #[test]
    fn an_answer_counts_once_among_other_changes() {
        let mut root = message(3, text());
        assert!(root.answered(by(2, 4)));
        root.fold(by(2, 5), &ChangeKind::Pin(true));
        let once = root.clone();
        for seq in [4, 5] {
            assert!(!root.answered(by(2, seq)));
        }
        assert_eq!(root, once);
        assert!(root.answered(by(2, 6)));
        assert!(root.marks.pinned);
        assert_eq!(answers(&root).count, 2);
    }
}
