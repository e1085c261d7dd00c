//! Read cursors, the unread divider, and when something counts as read.

use protocol::{Seq, UserId};

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
