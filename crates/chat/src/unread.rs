//! Read cursors and what they leave unread.
//!
//! Unread is derived: the places after the cursor, less those that are *quiet* for the member:
//! their own, and changes and notices, which count for nobody. Only that second number is kept,
//! while the conversation is in memory, and it is counted from the store when it is first asked
//! for. Own messages do not move the cursor past unread ones of others, so a text written from
//! a notification does not hide what came before it.

use std::sync::Arc;

use protocol::{ConversationSummary, Preferences, Role, Seq, SlowMode, Timestamp, UserId};

use crate::store::{Dismissals, MemberRecord};

/// Places after the cursor that are counted; further behind, the number is shown as its cap,
/// whatever part of it is quiet.
pub(crate) const UNREAD_SCAN: u64 = 4_096;

/// Somebody's membership and how far they have read.
#[derive(Debug, Clone)]
pub(crate) struct Membership {
    pub(crate) user: UserId,
    pub(crate) role: Role,
    pub(crate) joined_after: Seq,
    pub(crate) joined_at: Timestamp,
    pub(crate) read_seq: Seq,
    /// The newest place that a device of theirs has said to have.
    pub(crate) delivered_seq: Seq,
    pub(crate) preferences: Preferences,
    pub(crate) wrote_at: Option<Timestamp>,
    /// What they have deleted for themselves alone, if anything.
    dismissals: Option<Arc<Dismissals>>,
    /// Whether they were told that they are in it. Before that, nothing else comes to them.
    pub(crate) told: bool,
    quiet_after: QuietAfter,
    /// Quiet places since the conversation was loaded, so that a count made meanwhile can be
    /// brought up to date.
    quiet_since_load: u64,
}

/// Quiet places after the cursor.
#[derive(Debug, Clone, Copy)]
enum QuietAfter {
    /// Not counted yet.
    Unknown,
    Known(u64),
    /// Counted as far as it matters: what is unread is at or over the cap.
    OverCap,
}

/// A count that has to be made: quiet places in `from..=to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ToCount {
    pub(crate) user: UserId,
    pub(crate) from: Seq,
    pub(crate) to: Seq,
    dismissals: Option<Arc<Dismissals>>,
    quiet_since_load: u64,
}

impl ToCount {
    /// Whether a place is quiet because they have deleted it for themselves.
    pub(crate) fn is_dismissed(&self, seq: Seq) -> bool {
        let dismissals = self.dismissals.as_ref();
        dismissals.is_some_and(|it| it.places.contains(seq))
    }
}

impl Membership {
    pub(crate) fn new(record: &MemberRecord) -> Self {
        Self {
            user: record.user,
            role: record.role,
            joined_after: record.joined_after,
            joined_at: record.joined_at,
            read_seq: record.read_seq,
            delivered_seq: record.delivered_seq,
            preferences: record.preferences,
            wrote_at: record.wrote_at,
            dismissals: record.dismissals.clone(),
            told: true,
            quiet_after: QuietAfter::Unknown,
            quiet_since_load: 0,
        }
    }

    pub(crate) fn record(&self) -> MemberRecord {
        MemberRecord {
            user: self.user,
            role: self.role,
            joined_after: self.joined_after,
            joined_at: self.joined_at,
            read_seq: self.read_seq,
            delivered_seq: self.delivered_seq,
            preferences: self.preferences,
            wrote_at: self.wrote_at,
            dismissals: self.dismissals.clone(),
        }
    }

    /// What they have deleted for themselves alone.
    pub(crate) fn dismissals(&self) -> &Dismissals {
        static NOTHING: Dismissals = Dismissals::NONE;
        self.dismissals.as_deref().unwrap_or(&NOTHING)
    }

    /// They have deleted this for themselves, and nothing else. What is unread is counted anew,
    /// unless it was so before: whoever says it again after a count keeps the count.
    pub(crate) fn dismiss(&mut self, dismissals: &Arc<Dismissals>) {
        let some = Some(dismissals).filter(|it| !it.is_empty()).cloned();
        if self.dismissals != some {
            self.dismissals = some;
            self.quiet_after = QuietAfter::Unknown;
        }
    }

    /// How far others are told that they have read. What they cleared unread is nobody's to know.
    pub(crate) fn shown_read(&self) -> Seq {
        self.read_seq.max(self.joined_after)
    }

    /// Where unread begins: after what was read, and after what is not theirs to read or was all
    /// cleared by them.
    pub(crate) fn seen(&self) -> Seq {
        self.shown_read().max(self.dismissals().places.up_to())
    }

    /// The member wrote the message at `seq`, the newest. Whether it moved their cursor.
    pub(crate) fn wrote(&mut self, seq: Seq) -> bool {
        let follows = self.seen() == seq.prev();
        self.passed();
        if follows {
            self.read_seq = seq;
            self.quiet_after = QuietAfter::Known(0);
        }
        follows
    }

    /// The member wrote at a moment. Whether that is to be remembered.
    pub(crate) fn paced(&mut self, slow_mode: SlowMode, at: Timestamp) -> bool {
        let slowed = slow_mode.slows(self.role);
        if slowed {
            self.wrote_at = Some(at);
        }
        slowed
    }

    /// The newest place is quiet.
    pub(crate) fn passed(&mut self) {
        self.quiet_since_load += 1;
        if let QuietAfter::Known(quiet) = &mut self.quiet_after {
            *quiet += 1;
        }
    }

    /// Moves the cursor forward. Whether it moved.
    pub(crate) fn read(&mut self, seq: Seq) -> bool {
        if seq <= self.read_seq {
            return false;
        }
        if seq > self.seen() {
            self.quiet_after = QuietAfter::Unknown;
        }
        self.read_seq = seq;
        true
    }

    /// A device of theirs has everything up to a place. Whether that is news: what they have read
    /// is with them, too.
    pub(crate) fn received(&mut self, seq: Seq) -> bool {
        let is_news = seq > self.shown_read().max(self.delivered_seq);
        if is_news {
            self.delivered_seq = seq;
        }
        is_news
    }

    /// How far others are told that their devices are, where that is further than they have read.
    pub(crate) fn shown_delivered(&self) -> Option<Seq> {
        Some(self.delivered_seq).filter(|seq| *seq > self.shown_read())
    }

    /// Messages of others after the cursor, or what is to be counted first. `quiet` is the
    /// number of quiet places after [`Self::seen`], where it is at hand.
    pub(crate) fn unread(&mut self, last: Seq, quiet: Option<u64>) -> Result<u32, ToCount> {
        const CAP: u32 = ConversationSummary::UNREAD_CAP;
        let after = last.since(self.seen());
        if let (QuietAfter::Unknown, Some(quiet)) = (self.quiet_after, quiet) {
            self.quiet_after = QuietAfter::Known(quiet);
        }
        match self.quiet_after {
            _ if after == 0 => Ok(0),
            QuietAfter::Known(quiet) => {
                let unread = after.saturating_sub(quiet);
                Ok(u32::try_from(unread).unwrap_or(CAP).min(CAP))
            }
            QuietAfter::OverCap => Ok(CAP),
            QuietAfter::Unknown if after > UNREAD_SCAN => Ok(CAP),
            QuietAfter::Unknown => Err(ToCount {
                user: self.user,
                from: self.seen().next(),
                to: last,
                dismissals: self.dismissals.clone(),
                quiet_since_load: self.quiet_since_load,
            }),
        }
    }

    /// The result of a count, unless the cursor has moved or something was dismissed meanwhile: quiet places in the
    /// range, or `None` if the others reach the cap.
    pub(crate) fn counted(&mut self, asked: &ToCount, quiet: Option<u64>) {
        let is_so = asked.from == self.seen().next() && asked.dismissals == self.dismissals;
        if is_so && matches!(self.quiet_after, QuietAfter::Unknown) {
            let since = self.quiet_since_load - asked.quiet_since_load;
            self.quiet_after = quiet.map_or(QuietAfter::OverCap, |quiet| {
                QuietAfter::Known(quiet + since)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn member(joined_after: u64, read: u64) -> Membership {
        Membership::new(&MemberRecord {
            user: UserId::from_bytes([1; 16]),
            role: Role::Member,
            joined_after: Seq(joined_after),
            joined_at: Timestamp::default(),
            read_seq: Seq(read),
            delivered_seq: Seq::ZERO,
            preferences: Preferences::default(),
            wrote_at: None,
            dismissals: None,
        })
    }

    proptest! {
        /// Whatever is written, read and counted in whatever order: unread is what a count
        /// over the whole history gives.
        #[test]
        fn agrees_with_a_count_over_history(
            joined in 0..3u64,
            steps in prop::collection::vec((0..6u8, 0..40u64), 0..60),
        ) {
            // Whether a place is quiet.
            let mut quiet: Vec<bool> = vec![false; joined as usize];
            let mut member = member(joined, 0);
            let mut read = 0;
            let mut pending: Option<ToCount> = None;
            for (step, n) in steps {
                match step {
                    0 | 1 => quiet.push(false),
                    2 => {
                        quiet.push(true);
                        let place = quiet.len() as u64;
                        member.wrote(Seq(place));
                        if read.max(joined) == place - 1 {
                            read = place;
                        }
                    }
                    3 => {
                        quiet.push(true);
                        member.passed();
                    }
                    4 => {
                        let to = n.min(quiet.len() as u64);
                        prop_assert_eq!(member.read(Seq(to)), to > read);
                        read = read.max(to);
                    }
                    _ => {
                        if let Some(asked) = pending.take() {
                            let range = asked.from.0 as usize - 1..asked.to.0 as usize;
                            let found = quiet[range].iter().filter(|q| **q).count();
                            member.counted(&asked, Some(found as u64));
                        }
                    }
                }
                prop_assert_eq!(member.read_seq, Seq(read));
                let others = quiet[read.max(joined) as usize..].iter().filter(|q| !**q).count();
                match member.unread(Seq(quiet.len() as u64), None) {
                    Ok(unread) => prop_assert_eq!(unread as usize, others),
                    Err(asked) => pending = Some(asked),
                }
            }
        }
    }

    #[test]
    fn stops_at_the_cap() {
        let cap = ConversationSummary::UNREAD_CAP;
        assert_eq!(member(0, 0).unread(Seq(999), Some(0)), Ok(999));
        assert_eq!(member(0, 0).unread(Seq(50_000), Some(0)), Ok(cap));
        assert_eq!(member(0, 0).unread(Seq(50_000), Some(49_000)), Ok(cap));
        assert_eq!(member(0, 0).unread(Seq(50_000), Some(49_500)), Ok(500));
        assert_eq!(member(0, 0).unread(Seq(UNREAD_SCAN + 1), None), Ok(cap));
        assert!(member(0, 0).unread(Seq(UNREAD_SCAN), None).is_err());
        let mut member = member(0, 0);
        let asked = member.unread(Seq(4_000), None).unwrap_err();
        member.counted(&asked, None);
        assert_eq!(member.unread(Seq(4_001), None), Ok(cap));
        member.read(Seq(4_000));
        assert_eq!(member.unread(Seq(4_001), Some(0)), Ok(1));
    }

    #[test]
    fn what_devices_have_moves_forward_and_what_was_read_is_with_them() {
        let mut member = member(0, 2);
        assert_eq!(member.shown_delivered(), None);
        for (seq, is_news) in [(1, false), (2, false), (5, true), (4, false), (5, false)] {
            assert_eq!(member.received(Seq(seq)), is_news, "{seq}");
        }
        assert_eq!(member.shown_delivered(), Some(Seq(5)));
        member.read(Seq(4));
        assert_eq!(member.shown_delivered(), Some(Seq(5)));
        member.read(Seq(7));
        assert_eq!(member.shown_delivered(), None);
        assert!(!member.received(Seq(6)));
        assert!(member.received(Seq(8)));
    }

    #[test]
    fn a_late_count_does_not_overwrite_a_moved_cursor() {
        let mut member = member(0, 0);
        let asked = member.unread(Seq(10), None).unwrap_err();
        member.read(Seq(8));
        member.counted(&asked, Some(7));
        assert!(member.unread(Seq(10), None).is_err());
    }
}
