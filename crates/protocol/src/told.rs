//! What somebody is told of a message. What is stored says more: who chose what in a poll, and
//! what was said before they came.

use crate::limits::POLL_NAMED;
use crate::poll::NOBODY;
use crate::{ChangeKind, Content, Message, Poll, Seq, UserId, Vote};

impl Message {
    /// Whether something in it is not for everybody.
    #[must_use]
    pub fn is_confidential(&self) -> bool {
        match &self.content {
            Content::Poll(poll) => poll.concerns().next().is_some(),
            Content::Change(change) => matches!(change.kind, ChangeKind::Vote(_)),
            _ => false,
        }
    }

    /// Those to whom more of it is told than to [`NOBODY`].
    #[must_use]
    pub fn confidants(&self) -> Vec<UserId> {
        match &self.content {
            Content::Poll(poll) => poll.concerns().collect(),
            Content::Change(_) if self.is_confidential() => vec![self.author],
            _ => Vec::new(),
        }
    }

    /// The place of an earlier message whose words it says anew.
    #[must_use]
    pub fn rewords(&self) -> Option<Seq> {
        match &self.content {
            Content::Change(change) if matches!(change.kind, ChangeKind::Edit(_)) => {
                Some(change.target)
            }
            _ => None,
        }
    }

    /// It, as far as somebody may know it who reads what comes after a place: an edit of what
    /// was said before has no words for them.
    #[must_use]
    pub fn told_to(mut self, viewer: UserId, joined_after: Seq) -> Self {
        let own = self.author == viewer;
        match &mut self.content {
            Content::Poll(poll) => **poll = poll.told_to(viewer),
            Content::Change(change) => {
                let is_before = change.target <= joined_after;
                match &mut change.kind {
                    ChangeKind::Vote(vote) if own => *vote = Vote::own(vote.choices),
                    ChangeKind::Vote(vote) if vote.secret => self.author = NOBODY,
                    kind @ ChangeKind::Edit(_) if is_before => *kind = ChangeKind::Withdrawn,
                    _ => {}
                }
            }
            _ => {}
        }
        self
    }
}

impl Poll {
    /// Those who are told more than everybody.
    fn concerns(&self) -> impl Iterator<Item = UserId> {
        let from = if self.anonymous { 0 } else { POLL_NAMED };
        self.ballots.iter().skip(from).map(|ballot| ballot.0)
    }

    fn told_to(&self, viewer: UserId) -> Self {
        let named = if self.anonymous { 0 } else { POLL_NAMED };
        let ballots = self.ballots.iter().enumerate();
        let told = ballots.filter(|(at, ballot)| *at < named || ballot.0 == viewer);
        Self {
            ballots: told.map(|(_, ballot)| *ballot).collect(),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::message;
    use crate::{Change, MessageBody};

    const AUTHOR: UserId = UserId::from_bytes([1; 16]);
    const MEERA: UserId = UserId::from_bytes([2; 16]);

    #[test]
    fn words_of_before_somebody_came_are_not_for_them() {
        let kind = ChangeKind::Edit(MessageBody::parse("at six").unwrap());
        let target = Seq(3);
        let edit = message(9, AUTHOR, Content::Change(Change { target, kind }));
        assert_eq!(edit.rewords(), Some(target));
        for (joined_after, knows) in [(0, true), (2, true), (3, false), (8, false)] {
            let told = edit.clone().told_to(MEERA, Seq(joined_after));
            assert_eq!(told == edit, knows, "{joined_after}");
            assert_eq!(told.rewords().is_some(), knows, "{joined_after}");
            assert_eq!((told.seq, told.author), (edit.seq, edit.author));
        }
    }
}
