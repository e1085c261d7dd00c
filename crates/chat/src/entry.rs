//! An entry as it is stored: what everybody sees of it, and what only the server keeps.

use protocol::{Change, ChangeKind, Content, Message, MessageBody, Origin, Seq, Thread};

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) message: Message,
    /// Of a message that was edited.
    pub(crate) past: Option<Box<Past>>,
}

/// How a message came to say what it says. The texts between the first and the present one
/// stand in the entries that wrote them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Past {
    /// What it said first.
    pub(crate) original: MessageBody,
    /// The places of its edits, the first one first.
    pub(crate) edits: Vec<Seq>,
}

impl From<Message> for Entry {
    fn from(message: Message) -> Self {
        Self {
            message,
            past: None,
        }
    }
}

impl Entry {
    /// Folds a change into it. Returns the places of edits whose texts are to be withdrawn,
    /// because the message was deleted.
    pub(crate) fn fold(&mut self, origin: Origin, change: &ChangeKind) -> Vec<Seq> {
        let before = match (change, &self.past) {
            (ChangeKind::Edit(_), None) => self.message.content.body().cloned(),
            _ => None,
        };
        if !self.message.fold(origin, change) {
            return Vec::new();
        }
        match change {
            ChangeKind::Edit(_) => {
                if let Some(original) = before {
                    let edits = Vec::new();
                    self.past = Some(Box::new(Past { original, edits }));
                }
                if let Some(past) = &mut self.past {
                    past.edits.push(origin.seq);
                }
                Vec::new()
            }
            ChangeKind::Delete | ChangeKind::Expire => {
                self.past.take().map_or_else(Vec::new, |past| past.edits)
            }
            _ => Vec::new(),
        }
    }

    /// It edited a message that was deleted since.
    pub(crate) fn withdraw(&mut self, target: Seq) {
        let kind = ChangeKind::Withdrawn;
        self.message.content = Content::Change(Change { target, kind });
    }

    /// How often it was edited.
    pub(crate) fn edits(&self) -> &[Seq] {
        self.past.as_ref().map_or(&[], |past| &past.edits)
    }

    /// Bytes that it takes in memory.
    pub(crate) fn weight(&self) -> usize {
        let past = self.past.as_ref().map_or(0, |past| {
            size_of::<Past>() + past.original.as_str().len() + size_of_val(past.edits.as_slice())
        });
        weight(&self.message) + size_of::<Self>() - size_of::<Message>() + past
    }
}

/// Bytes that a message takes in memory.
pub(crate) fn weight(message: &Message) -> usize {
    let text = match &message.content {
        Content::Text(text) => text.body.as_str().len(),
        Content::Poll(poll) => {
            let answers = poll
                .answers
                .iter()
                .map(|it| size_of_val(it) + it.as_str().len());
            size_of::<protocol::Poll>()
                + poll.question.as_str().len()
                + answers.sum::<usize>()
                + size_of_val(poll.tally.as_slice())
                + size_of_val(poll.ballots.as_slice())
        }
        Content::Change(Change {
            kind: ChangeKind::Edit(body),
            ..
        }) => body.as_str().len(),
        _ => 0,
    };
    let reactions = message.marks.reactions.iter().map(|reaction| {
        size_of_val(reaction)
            + reaction.emoji.as_str().len()
            + size_of_val(reaction.users.as_slice())
    });
    let authors = match &message.marks.thread {
        Some(Thread::Root(answers)) => {
            size_of_val(&**answers) + size_of_val(answers.authors.as_slice())
        }
        _ => 0,
    };
    size_of::<Message>() + text + reactions.sum::<usize>() + authors
}

#[cfg(test)]
mod tests {
    use protocol::{ConversationId, Emoji, Marks, SendId, Timestamp, UserId};

    use super::*;

    fn body(text: &str) -> MessageBody {
        MessageBody::parse(text).unwrap()
    }

    fn entry() -> Entry {
        Entry::from(Message {
            conversation: ConversationId::from_bytes([1; 16]),
            seq: Seq(3),
            author: UserId::from_bytes([2; 16]),
            send_id: SendId::from_bytes([3; 16]),
            sent_at: Timestamp::from_millis(4),
            content: Content::Text(body("first").into()),
            marks: Marks::default(),
        })
    }

    fn by_author(seq: u64) -> Origin {
        Origin {
            seq: Seq(seq),
            author: UserId::from_bytes([2; 16]),
            at: Timestamp::from_millis(seq),
        }
    }

    fn edit(text: &str) -> ChangeKind {
        ChangeKind::Edit(body(text))
    }

    #[test]
    fn the_first_text_is_kept_and_the_places_of_the_edits() {
        let mut entry = entry();
        assert_eq!(entry.edits(), []);
        for (seq, text) in [(5, "second"), (9, "third")] {
            assert_eq!(entry.fold(by_author(seq), &edit(text)), []);
        }
        assert_eq!(entry.edits(), [Seq(5), Seq(9)]);
        let past = entry.past.as_ref().unwrap();
        assert_eq!(past.original, body("first"));
        assert_eq!(entry.message.content.body(), Some(&body("third")));
        // Something that is in it already.
        assert_eq!(entry.fold(by_author(9), &edit("again")), []);
        assert_eq!(entry.edits(), [Seq(5), Seq(9)]);
    }

    #[test]
    fn deletion_forgets_the_past_and_names_what_is_to_be_withdrawn() {
        let mut entry = entry();
        entry.fold(by_author(5), &edit("second"));
        entry.fold(by_author(9), &edit("third"));
        let withdrawn = entry.fold(by_author(10), &ChangeKind::Delete);
        assert_eq!(withdrawn, [Seq(5), Seq(9)]);
        assert_eq!(entry.past, None);
        assert_eq!(entry.message.content, Content::Deleted);
        assert_eq!(entry.fold(by_author(11), &edit("too late")), []);
        assert_eq!(entry.past, None);
    }

    #[test]
    fn everything_that_grows_has_weight() {
        let mut entry = entry();
        let bare = entry.weight();
        entry.fold(by_author(5), &edit(&"x".repeat(1_000)));
        let edited = entry.weight();
        assert!(edited >= bare + 1_000);
        let emoji = Emoji::parse("👍").unwrap();
        entry.fold(by_author(6), &ChangeKind::React { emoji, on: true });
        assert!(entry.weight() > edited);
        entry.withdraw(Seq(1));
        assert!(entry.weight() < edited);
    }
}
