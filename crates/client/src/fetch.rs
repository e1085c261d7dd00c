//! Reading history over the socket: one request per conversation and a few in all at a time.

use std::collections::{BTreeMap, BTreeSet};

use protocol::limits::PAGE_MESSAGES;
use protocol::{ConversationId, HistoryPage, Message, Seq, Timestamp};

use crate::backoff::Backoff;

/// Requests under way at the same time.
const MOST_UNDER_WAY: usize = 4;
/// Milliseconds after which no answer is a failure.
const TIMEOUT_MS: u64 = 10_000;

/// Why places are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Purpose {
    /// To reach the newest message.
    Newer,
    /// To show more of the past.
    Older,
    /// To show a place and what stands around it.
    Around(Seq),
    /// To show more before what is shown around a place.
    WindowOlder,
    /// To show more after it.
    WindowNewer,
    /// To learn of changes that may have been missed there.
    Again,
    /// To show what is not dismissed any more.
    Shown,
}

impl Purpose {
    /// Whether it is about the newest run.
    pub(crate) const fn is_newest(self) -> bool {
        matches!(self, Self::Newer | Self::Older)
    }
}

/// A request under way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Request {
    pub(crate) conversation: ConversationId,
    pub(crate) purpose: Purpose,
    pub(crate) from: Seq,
    pub(crate) to: Seq,
    until: Timestamp,
}

impl Request {
    /// Whether a page is consecutive messages of the places that were asked for.
    pub(crate) fn is_answered_by(&self, page: &HistoryPage) -> bool {
        let range = self.from..=self.to;
        let is_asked_for = |message: &Message| {
            message.conversation == self.conversation && range.contains(&message.seq)
        };
        page.conversation == self.conversation
            && page.messages.iter().all(is_asked_for)
            && is_dense(&page.messages)
    }

    /// Whether the answer is only a part of what was asked for and of what one page could hold:
    /// it had to fit into its frame, and the rest can be asked for.
    pub(crate) fn is_cut(&self, messages: &[Message]) -> bool {
        let first = messages.first().map(|message| message.seq);
        self.to.since(self.from) < PAGE_MESSAGES && first > Some(self.from)
    }
}

/// Whether the places follow one another.
pub(crate) fn is_dense(messages: &[Message]) -> bool {
    messages
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if b.seq == a.seq.next()))
        && messages.first().is_none_or(|first| first.seq > Seq::ZERO)
}

/// All requests under way, and the conversations that want something read.
#[derive(Debug, Default)]
pub(crate) struct Fetches {
    under_way: BTreeMap<u32, Request>,
    numbers: u32,
    wanting: BTreeSet<ConversationId>,
}

impl Fetches {
    /// A conversation may need something read.
    pub(crate) fn want(&mut self, conversation: ConversationId) {
        self.wanting.insert(conversation);
    }

    pub(crate) fn is_satisfied(&mut self, conversation: ConversationId) {
        self.wanting.remove(&conversation);
    }

    /// Conversations that may need something, `first` in front.
    pub(crate) fn wanting(&self, first: Option<ConversationId>) -> Vec<ConversationId> {
        first
            .into_iter()
            .chain(self.wanting.iter().copied().filter(|id| Some(*id) != first))
            .collect()
    }

    pub(crate) fn has_room(&self) -> bool {
        self.under_way.len() < MOST_UNDER_WAY
    }

    /// A number that no request had: whatever is asked for is of one row.
    pub(crate) fn number(&mut self) -> u32 {
        self.numbers = self.numbers.wrapping_add(1);
        self.numbers
    }

    /// Notes a request; returns its number.
    pub(crate) fn begin(
        &mut self,
        conversation: ConversationId,
        purpose: Purpose,
        (from, to): (Seq, Seq),
        now: Timestamp,
    ) -> u32 {
        let number = self.number();
        self.under_way.insert(
            number,
            Request {
                conversation,
                purpose,
                from,
                to,
                until: now.plus_millis(TIMEOUT_MS),
            },
        );
        number
    }

    /// A request was answered.
    pub(crate) fn answered(&mut self, number: u32) -> Option<Request> {
        self.under_way.remove(&number)
    }

    pub(crate) fn under_way(&self, conversation: ConversationId) -> Option<Purpose> {
        self.under_way
            .values()
            .find(|request| request.conversation == conversation)
            .map(|request| request.purpose)
    }

    /// Takes out what got no answer.
    pub(crate) fn expire(&mut self, now: Timestamp) -> Vec<Request> {
        let late: Vec<u32> = self
            .under_way
            .iter()
            .filter(|(_, request)| request.until <= now)
            .map(|(number, _)| *number)
            .collect();
        late.into_iter()
            .filter_map(|number| self.answered(number))
            .collect()
    }

    /// Nothing of a conversation is wanted any more, whatever is answered.
    pub(crate) fn forget(&mut self, conversation: ConversationId) {
        self.is_satisfied(conversation);
        self.under_way
            .retain(|_, request| request.conversation != conversation);
    }

    /// The connection is gone; nothing will be answered. Returns what was asked.
    pub(crate) fn reset(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.under_way).into_values().collect()
    }

    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        self.under_way.values().map(|request| request.until).min()
    }
}

/// When a conversation may ask again after a failure.
#[derive(Debug, Default)]
pub(crate) struct Patience {
    failures: u32,
    not_before: Option<Timestamp>,
    given_up: bool,
}

impl Patience {
    pub(crate) fn failed(&mut self, for_good: bool, backoff: &mut Backoff, now: Timestamp) {
        self.given_up |= for_good;
        let delay = backoff.delay(self.failures).max(250);
        self.failures = self.failures.saturating_add(1);
        self.not_before = Some(now.plus_millis(delay));
    }

    pub(crate) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// Somebody asked, or the connection is new.
    pub(crate) fn renew(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.failures > 0
    }

    pub(crate) const fn failures(&self) -> u32 {
        self.failures
    }

    pub(crate) fn may_ask(&self, now: Timestamp) -> bool {
        !self.given_up && self.not_before.is_none_or(|at| at <= now)
    }

    pub(crate) fn deadline(&self, now: Timestamp) -> Option<Timestamp> {
        self.not_before.filter(|at| !self.given_up && *at > now)
    }
}
