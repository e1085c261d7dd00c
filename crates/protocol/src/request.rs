//! Message requests: what somebody writes to a person with whom they share nothing, until that
//! person answers (docs/decisions/0032-message-requests.md). One rule for browser and server.

use serde::{Deserialize, Serialize};

use crate::limits::REQUEST_MESSAGES;
use crate::{ChangeKind, Content, ErrorCode, UserId};

/// That the other of two has not answered yet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Who asks.
    pub by: UserId,
    /// How many messages they have written so far. What they delete counts, and so does an edit.
    pub written: u8,
}

/// What somebody wants to write while that is so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// A message, or other words for one.
    Say,
    /// What takes a message back.
    Correct,
    /// Anything else that shows: a reaction, a pin, how long messages stay, that a request is
    /// accepted.
    Settle,
}

impl Request {
    /// Of somebody who has written nothing yet.
    #[must_use]
    pub const fn new(by: UserId) -> Self {
        Self { by, written: 0 }
    }

    /// Whether somebody is asked by it.
    #[must_use]
    pub fn is_to(self, user: UserId) -> bool {
        self.by != user
    }

    /// Messages that may still be written.
    #[must_use]
    pub const fn left(self) -> u8 {
        REQUEST_MESSAGES.saturating_sub(self.written)
    }

    /// Whether somebody may write something. Whoever is asked may, and accepts by it.
    ///
    /// # Errors
    /// [`ErrorCode::NotAccepted`].
    pub fn permits(self, author: UserId, wanted: Wanted) -> Result<(), ErrorCode> {
        let may = self.is_to(author)
            || match wanted {
                Wanted::Say => self.left() > 0,
                Wanted::Correct => true,
                Wanted::Settle => false,
            };
        may.then_some(()).ok_or(ErrorCode::NotAccepted)
    }

    /// What is left of it after an entry.
    #[must_use]
    pub fn after(self, author: UserId, content: &Content) -> Option<Self> {
        let edit = matches!(content, Content::Change(change) if matches!(change.kind, ChangeKind::Edit(_)));
        let says = content.is_said() || edit;
        let written = self.written.saturating_add(u8::from(says));
        (!self.is_to(author)).then_some(Self { written, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Change, MessageBody, Notice, Seq};

    const ASKS: UserId = UserId::from_bytes([1; 16]);
    const ASKED: UserId = UserId::from_bytes([2; 16]);

    fn said() -> Content {
        Content::Text(MessageBody::parse("hello").unwrap().into())
    }

    fn corrected() -> Content {
        Content::Change(Change {
            target: Seq(1),
            kind: ChangeKind::Delete,
        })
    }

    #[test]
    fn whoever_asks_writes_a_few_messages_and_corrects_them() {
        let mut request = Request::new(ASKS);
        for left in (1..=REQUEST_MESSAGES).rev() {
            assert_eq!(request.left(), left);
            assert_eq!(request.permits(ASKS, Wanted::Say), Ok(()));
            request = request.after(ASKS, &said()).unwrap();
        }
        let refused = Err(ErrorCode::NotAccepted);
        assert_eq!(request.permits(ASKS, Wanted::Say), refused);
        assert_eq!(request.permits(ASKS, Wanted::Correct), Ok(()));
        // What is deleted makes no room for more.
        request = request.after(ASKS, &corrected()).unwrap();
        assert_eq!(request.permits(ASKS, Wanted::Say), refused);
        assert_eq!(Request::new(ASKS).permits(ASKS, Wanted::Settle), refused);
        let most = Request {
            written: u8::MAX,
            ..request
        };
        assert_eq!(most.after(ASKS, &said()), Some(most));
        assert_eq!(most.left(), 0);
    }

    #[test]
    fn other_words_are_words() {
        let body = MessageBody::parse("hello again").unwrap();
        let edit = Content::Change(Change {
            target: Seq(1),
            kind: ChangeKind::Edit(body),
        });
        let after = Request::new(ASKS).after(ASKS, &edit);
        assert_eq!(after.unwrap().left(), REQUEST_MESSAGES - 1);
    }

    #[test]
    fn whatever_the_other_one_writes_accepts() {
        let request = Request::new(ASKS);
        assert!(request.is_to(ASKED) && !request.is_to(ASKS));
        for wanted in [Wanted::Say, Wanted::Correct, Wanted::Settle] {
            assert_eq!(request.permits(ASKED, wanted), Ok(()));
        }
        for content in [said(), corrected(), Content::Notice(Notice::Accepted)] {
            assert_eq!(request.after(ASKED, &content), None, "{content:?}");
        }
        assert_eq!(request.after(ASKS, &corrected()), Some(request));
    }
}
