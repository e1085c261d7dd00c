//! Polls: a question with answers to choose from, and what was chosen
//! (docs/decisions/0025-polls.md).
//!
//! A poll is the content of an entry; votes are changes of it. What is stored says who chose
//! what. What is told to somebody is made of it by [`crate::Message::told_to`].

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::limits::{POLL_ANSWERS_MAX, POLL_ANSWERS_MIN};
use crate::{ChangeKind, Lifetime, Origin, PollAnswer, PollQuestion, TextError, Timestamp, UserId};

/// Stands where it is not told who has voted.
pub const NOBODY: UserId = UserId::from_bytes([0; 16]);

/// A set of answers: the lowest bit stands for the first one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Choices(pub u16);

impl Choices {
    /// No answer: whoever chooses it takes their vote back.
    pub const NONE: Self = Self(0);

    /// Just this answer; none beyond those that a poll can have.
    #[must_use]
    pub fn one(answer: usize) -> Self {
        let bit = u32::try_from(answer)
            .ok()
            .and_then(|at| 1_u16.checked_shl(at));
        Self(bit.unwrap_or(0))
    }

    /// Whether an answer is among them.
    #[must_use]
    pub fn has(self, answer: usize) -> bool {
        self.0 & Self::one(answer).0 != 0
    }

    /// With an answer more, or less.
    #[must_use]
    pub fn with(self, answer: usize, on: bool) -> Self {
        let bit = Self::one(answer).0;
        Self(if on { self.0 | bit } else { self.0 & !bit })
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// How many there are.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }
}

impl fmt::Debug for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Choices({:#b})", self.0)
    }
}

/// Who chose what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ballot(pub UserId, pub Choices);

/// A vote as it stands in the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// What is chosen from now on.
    pub choices: Choices,
    /// What the same person had chosen before; not said of one's own.
    pub before: Choices,
    /// Whether only its author may know whose it is; not said of one's own.
    pub secret: bool,
}

impl Vote {
    /// As its author knows it.
    #[must_use]
    pub const fn own(choices: Choices) -> Self {
        Self {
            choices,
            before: Choices::NONE,
            secret: false,
        }
    }
}

/// A poll and how it stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Poll {
    /// What is asked.
    pub question: PollQuestion,
    /// What can be answered.
    pub answers: Vec<PollAnswer>,
    /// Whether one person may choose several.
    pub several: bool,
    /// Whether nobody learns who chose what.
    pub anonymous: bool,
    /// How long votes are taken.
    pub lifetime: Lifetime,
    /// When somebody closed it.
    pub closed_at: Option<Timestamp>,
    /// How many people have voted.
    pub voters: u32,
    /// How many chose each answer.
    pub tally: Vec<u32>,
    /// Who chose what, whoever voted first in the first place; to a client, as far as it may
    /// know: its own account's always, those of the others unless the poll is anonymous, and at
    /// most [`crate::limits::POLL_NAMED`] of them.
    pub ballots: Vec<Ballot>,
}

impl Poll {
    /// A poll that nobody has voted in.
    ///
    /// # Errors
    /// As its texts; [`TextError::TooShort`] and [`TextError::TooLong`] also for too few and too
    /// many answers, [`TextError::InvalidFormat`] for two that are alike.
    pub fn parse(
        question: &str,
        answers: &[String],
        (several, anonymous): (bool, bool),
        lifetime: Lifetime,
    ) -> Result<Self, TextError> {
        let question = PollQuestion::parse(question)?;
        if answers.len() < POLL_ANSWERS_MIN {
            return Err(TextError::TooShort);
        }
        if answers.len() > POLL_ANSWERS_MAX {
            return Err(TextError::TooLong);
        }
        let answers: Vec<PollAnswer> = answers
            .iter()
            .map(|answer| PollAnswer::parse(answer))
            .collect::<Result<_, _>>()?;
        let is_repeated = |(at, answer)| answers.iter().take(at).any(|other| other == answer);
        if answers.iter().enumerate().any(is_repeated) {
            return Err(TextError::InvalidFormat);
        }
        Ok(Self {
            tally: vec![0; answers.len()],
            question,
            answers,
            several,
            anonymous,
            lifetime,
            closed_at: None,
            voters: 0,
            ballots: Vec::new(),
        })
    }

    /// Whether something can be chosen in it: only what there is, and one unless several may be.
    #[must_use]
    pub fn takes(&self, choices: Choices) -> bool {
        let all = Choices::one(self.answers.len()).0.wrapping_sub(1);
        choices.0 & !all == 0 && (self.several || choices.count() <= 1)
    }

    /// When it ends by itself, of one that was asked at a moment.
    #[must_use]
    pub const fn ends_at(&self, asked_at: Timestamp) -> Option<Timestamp> {
        self.lifetime.end(asked_at)
    }

    /// Whether votes are taken, of one that was asked at a moment.
    #[must_use]
    pub fn is_open(&self, asked_at: Timestamp, now: Timestamp) -> bool {
        self.closed_at.is_none() && self.ends_at(asked_at).is_none_or(|end| now < end)
    }

    /// What somebody has chosen, as far as that is known here.
    #[must_use]
    pub fn ballot(&self, user: UserId) -> Option<Choices> {
        let mut ballots = self.ballots.iter();
        ballots
            .find(|ballot| ballot.0 == user)
            .map(|ballot| ballot.1)
    }

    /// Question and answers, one on each line: what is searched, exported and listed.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words = self.question.as_str().to_owned();
        for answer in &self.answers {
            words.push('\n');
            words.push_str(answer.as_str());
        }
        words
    }

    /// Folds a change into it.
    pub(crate) fn fold(&mut self, origin: Origin, change: &ChangeKind) {
        match change {
            ChangeKind::Vote(vote) => self.vote(origin.author, *vote),
            ChangeKind::Close => {
                self.closed_at.get_or_insert(origin.at);
            }
            _ => {}
        }
    }

    fn vote(&mut self, voter: UserId, vote: Vote) {
        let before = self.ballot(voter).unwrap_or(vote.before);
        for (at, count) in self.tally.iter_mut().enumerate() {
            *count = count.saturating_sub(u32::from(before.has(at)));
            *count = count.saturating_add(u32::from(vote.choices.has(at)));
        }
        self.voters = self.voters.saturating_sub(u32::from(!before.is_none()));
        self.voters = self
            .voters
            .saturating_add(u32::from(!vote.choices.is_none()));
        if voter == NOBODY {
            return;
        }
        let at = self.ballots.iter().position(|ballot| ballot.0 == voter);
        match (at.and_then(|at| self.ballots.get_mut(at)), vote.choices) {
            (_, Choices::NONE) => self.ballots.retain(|ballot| ballot.0 != voter),
            (Some(ballot), choices) => ballot.1 = choices,
            (None, choices) => self.ballots.push(Ballot(voter, choices)),
        }
    }
}

#[cfg(test)]
mod tests;
