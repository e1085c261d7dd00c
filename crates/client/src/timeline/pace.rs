//! Slow mode: what of somebody's counts in a run.

use protocol::{Content, Notice, Seq, SlowMode, Timestamp, UserId};

use super::Timeline;
use crate::Row;

impl Timeline {
    /// When somebody wrote last or came, among the entries since a moment, if slow mode was on
    /// then.
    pub(crate) fn newest_slowed(&self, user: UserId, since: Timestamp) -> Option<Timestamp> {
        let mut rows = self.entries().rev().take_while(|row| row.sent_at >= since);
        let newest = rows.find(|row| counts(row, user))?;
        self.was_slow_at(newest.seq).then_some(newest.sent_at)
    }

    /// Whether slow mode was on at a place, in a group where it is on now.
    fn was_slow_at(&self, place: Option<Seq>) -> bool {
        let told = self.entries().filter_map(|row| match &row.content {
            Content::Notice(Notice::Slowed { slow_mode }) => Some((row.seq, *slow_mode)),
            _ => None,
        });
        let (before, after): (Vec<_>, Vec<_>) = told.partition(|(seq, _)| *seq < place);
        // What is not held was long ago.
        before
            .last()
            .map_or(after.is_empty(), |(_, slow)| *slow != SlowMode::Off)
    }
}

/// Whether an entry is a message of somebody's, or their coming, which counts like one.
fn counts(row: &Row, user: UserId) -> bool {
    let is_author = row.key.author == user;
    match &row.content {
        Content::Notice(Notice::Joined { .. }) => is_author,
        Content::Notice(Notice::Added { users }) => users.contains(&user),
        content => is_author && content.counts(),
    }
}
