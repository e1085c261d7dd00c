//! Read cursors, unread counts, the unread divider, and when something counts as read.

use markup::Mentioned;
use protocol::limits::MENTION_PLACES;
use protocol::{Content, ConversationSummary, Message, Seq, UserId, Username};

use crate::Row;

/// Where "new messages" begins. Frozen when the conversation is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Divider {
    /// The read cursor at that moment.
    pub after: Seq,
    /// The newest place at that moment; what came later is new on its own.
    pub until: Seq,
}

impl Divider {
    /// Whether it may stand before this row; it stands before the first such.
    #[must_use]
    pub fn is_before(&self, row: &Row, me: UserId) -> bool {
        row.key.author != me
            && row.content.counts()
            && row
                .seq
                .is_some_and(|seq| seq > self.after && seq <= self.until)
    }
}

/// What the user can see right now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Attention {
    /// The tab is visible.
    pub visible: bool,
    /// The window has the focus.
    pub focused: bool,
    /// The timeline's end is on screen.
    pub at_end: bool,
}

/// Whether everything up to the newest place now counts as read, and the cursor to report.
#[must_use]
pub fn mark_read(attention: Attention, newest: Seq, read: Seq) -> Option<Seq> {
    let seen = attention.visible && attention.focused && attention.at_end;
    (seen && newest > read).then_some(newest)
}

/// A count as it is kept: nobody counts further than the cap.
pub(crate) fn capped(count: usize) -> u32 {
    u32::try_from(count)
        .unwrap_or(u32::MAX)
        .min(ConversationSummary::UNREAD_CAP)
}

const fn one_more(count: u32) -> u32 {
    if count < ConversationSummary::UNREAD_CAP {
        count + 1
    } else {
        count
    }
}

/// Whether an entry of a conversation mentions its reader.
#[must_use]
pub fn mentions(summary: &ConversationSummary, content: &Content, me: UserId) -> bool {
    name_of(summary, me).is_some_and(|name| Mentioned::of(summary.kind, content).includes(name))
}

fn name_of(summary: &ConversationSummary, me: UserId) -> Option<&Username> {
    let me = summary.members.iter().find(|it| it.person.id == me);
    me.map(|me| &me.person.username)
}

/// Counts exactly: these are all the messages of others after the cursor.
pub(crate) fn recount<'r>(
    summary: &mut ConversationSummary,
    unread: impl Iterator<Item = &'r Row> + Clone,
    me: UserId,
) {
    summary.unread = capped(unread.clone().count());
    let oldest = Seq(summary.last_seq.0.saturating_sub(MENTION_PLACES));
    let near = unread.filter(|row| row.seq > Some(oldest));
    let mentioning = near.filter(|row| mentions(summary, &row.content, me));
    summary.mentions = capped(mentioning.count());
}

/// An entry took its place at the end.
pub(crate) fn arrived(summary: &mut ConversationSummary, entry: &Message, me: UserId) {
    let is_unread = entry.author != me && entry.content.counts();
    if is_unread && entry.seq > summary.read_seq {
        summary.unread = one_more(summary.unread);
        if mentions(summary, &entry.content, me) {
            summary.mentions = one_more(summary.mentions);
        }
    }
    // As the server counts: who has read everything before has read their own entry too.
    let follows = entry.author == me && entry.seq == summary.read_seq.next();
    if follows && entry.content.shows_reading() {
        summary.read_seq = entry.seq;
    }
}

/// The user has seen everything up to a place; whether the cursor moved.
pub(crate) fn mark(summary: &mut ConversationSummary, seq: Seq) -> bool {
    if seq <= summary.read_seq {
        return false;
    }
    summary.read_seq = seq;
    let left = usize::try_from(summary.last_seq.since(seq)).unwrap_or(usize::MAX);
    summary.unread = summary.unread.min(capped(left));
    summary.mentions = summary.mentions.min(summary.unread);
    true
}

/// The server says where the cursor is, how many messages of others follow it, and how many of
/// them mention the reader.
pub(crate) fn told(summary: &mut ConversationSummary, seq: Seq, (unread, mentions): (u32, u32)) {
    if seq >= summary.read_seq {
        summary.read_seq = seq;
        summary.unread = unread.min(ConversationSummary::UNREAD_CAP);
        summary.mentions = mentions.min(summary.unread);
    }
}

#[cfg(test)]
#[path = "unread_tests.rs"]
mod tests;
