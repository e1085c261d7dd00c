//! What members have deleted for themselves alone.

use std::collections::BTreeMap;

use protocol::limits::DISMISSED_RUNS;
use protocol::{
    ConversationId, Dismissal, Dismissed, ErrorCode, Message, PackError, Seq, Timestamp, UserId,
    pack, unpack,
};

/// What a member has dismissed of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dismissals {
    /// The places.
    pub places: Dismissed,
    /// How many of the answers in a thread are among them, by the place of its root.
    pub answers: BTreeMap<Seq, u32>,
}

/// What a member has dismissed of a conversation, to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DismissedRecord {
    /// Where.
    pub conversation: ConversationId,
    /// Who.
    pub user: UserId,
    /// When the membership began that this belongs to.
    pub joined_at: Timestamp,
    /// All of it, as it is from now on.
    pub dismissals: Dismissals,
}

impl Dismissals {
    /// Nothing.
    pub(crate) const NONE: Self = Self {
        places: Dismissed::NONE,
        answers: BTreeMap::new(),
    };

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Does something with a place, which is an answer under a root or none. Whether anything is
    /// different for it. What was refused is not to be kept.
    pub(crate) fn apply(
        &mut self,
        seq: Seq,
        dismissal: Dismissal,
        root: Option<Seq>,
    ) -> Result<bool, ErrorCode> {
        let is_different = self.places.apply(seq, dismissal)?;
        let cleared = self.places.up_to();
        // Of a root that is dismissed nobody counts the answers.
        self.answers.retain(|root, _| *root > cleared);
        match (root.filter(|root| *root > cleared), dismissal) {
            (Some(root), Dismissal::This) if is_different => {
                if self.answers.len() >= DISMISSED_RUNS && !self.answers.contains_key(&root) {
                    return Err(ErrorCode::TooMany);
                }
                *self.answers.entry(root).or_default() += 1;
            }
            (Some(root), Dismissal::Show) if is_different => {
                if let Some(count) = self.answers.get_mut(&root) {
                    *count = count.saturating_sub(1);
                }
                self.answers.retain(|_, count| *count > 0);
            }
            _ => {}
        }
        Ok(is_different)
    }

    /// A message as it is told to whoever has dismissed these.
    pub(crate) fn told(&self, message: Message, user: UserId, joined_after: Seq) -> Message {
        let mut message = message.told_to(user, joined_after);
        if !self.is_empty() {
            message.dismiss(&self.places);
            if let Some(answers) = self.answers.get(&message.seq) {
                message.uncount_answers(*answers);
            }
        }
        message
    }

    /// The bytes that a store keeps of it; none where it is nothing.
    ///
    /// # Errors
    /// [`PackError`], which these types never are.
    pub fn to_bytes(&self) -> Result<Option<Vec<u8>>, PackError> {
        if self.is_empty() {
            return Ok(None);
        }
        pack(&(&self.places, &self.answers)).map(Some)
    }

    /// The same back.
    ///
    /// # Errors
    /// [`PackError`] for bytes that are none of these.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PackError> {
        let (places, answers) = unpack(bytes)?;
        Ok(Self { places, answers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(steps: &[(u64, Dismissal, Option<u64>)]) -> Dismissals {
        let mut it = Dismissals::NONE;
        for (seq, dismissal, root) in steps {
            it.apply(Seq(*seq), *dismissal, root.map(Seq)).unwrap();
        }
        it
    }

    #[test]
    fn answers_are_counted_once_each_and_given_back() {
        use Dismissal::{Show, This, ThisAndBefore};
        let two = [(5, This, Some(2)), (5, This, Some(2)), (7, This, Some(2))];
        let mut it = done(&two);
        assert_eq!(it.answers, [(Seq(2), 2)].into());
        it.apply(Seq(7), Show, Some(Seq(2))).unwrap();
        it.apply(Seq(7), Show, Some(Seq(2))).unwrap();
        assert_eq!(it.answers, [(Seq(2), 1)].into());
        it.apply(Seq(9), This, Some(Seq(8))).unwrap();
        it.apply(Seq(5), ThisAndBefore, None).unwrap();
        assert_eq!(it.answers, [(Seq(8), 1)].into(), "the other root is gone");
        it.apply(Seq(9), Show, Some(Seq(8))).unwrap();
        assert_eq!(it.answers, [].into());
    }

    #[test]
    fn of_so_many_threads_answers_are_counted_and_of_those_that_were_cleared_none() {
        use Dismissal::{This, ThisAndBefore};
        let roots = DISMISSED_RUNS as u64;
        let mut it = Dismissals::NONE;
        // Answers next to each other, so that they are one run.
        for root in 1..=roots {
            let answer = Seq(10_000 + root);
            it.apply(answer, This, Some(Seq(root))).unwrap();
        }
        let next = Seq(10_001 + roots);
        let further = |it: &Dismissals, root| it.clone().apply(next, This, Some(Seq(root)));
        let one_more = further(&it, roots + 1);
        assert_eq!(one_more, Err(ErrorCode::TooMany));
        assert_eq!(further(&it, roots), Ok(true), "it is counted already");
        assert_eq!(it.clone().apply(next, This, None), Ok(true));
        it.apply(Seq(1), ThisAndBefore, None).unwrap();
        assert_eq!(it.answers.len(), DISMISSED_RUNS - 1);
        assert_eq!(further(&it, roots + 1), Ok(true), "there is room again");
        // The answer is dismissed, and under a root that is too.
        it.apply(next, This, Some(Seq(1))).unwrap();
        assert_eq!(it.answers.len(), DISMISSED_RUNS - 1);
    }

    #[test]
    fn comes_back_from_its_bytes() {
        let it = done(&[
            (5, Dismissal::ThisAndBefore, None),
            (900, Dismissal::This, Some(80)),
        ]);
        let bytes = it.to_bytes().unwrap().unwrap();
        assert_eq!(Dismissals::from_bytes(&bytes).unwrap(), it);
        assert!(Dismissals::from_bytes(&bytes[1..]).is_err());
        assert_eq!(Dismissals::NONE.to_bytes().unwrap(), None);
    }
}
