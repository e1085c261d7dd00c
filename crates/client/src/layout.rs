//! How rows stand on the screen: day headings, the unread divider, groups of one author.

use protocol::{Content, Timestamp, UserId};

use crate::{Divider, Row, RowKey};

/// A longer pause begins a new group.
const GROUP_MS: u64 = 5 * 60 * 1_000;

/// One thing in the column of messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Item<'a> {
    /// The heading of a day.
    Day {
        /// The number that `local_day` gave.
        day: i64,
        /// A moment in it.
        at: Timestamp,
    },
    /// "New messages".
    UnreadDivider,
    /// A message.
    Message {
        /// The row.
        row: &'a Row,
        /// Whether it shows author and time.
        first_of_group: bool,
        /// Whether the next row is not of the same group.
        last_of_group: bool,
    },
    /// Something that happened to the conversation. It parts the messages around it.
    Notice {
        /// The row; its content is [`Content::Notice`].
        row: &'a Row,
    },
}

/// The identity of an item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ItemKey {
    /// A day's heading.
    Day(i64),
    /// The divider.
    UnreadDivider,
    /// A message.
    Message(RowKey),
    /// A notice.
    Notice(RowKey),
}

impl Item<'_> {
    /// Its identity.
    #[must_use]
    pub const fn key(&self) -> ItemKey {
        match self {
            Self::Day { day, .. } => ItemKey::Day(*day),
            Self::UnreadDivider => ItemKey::UnreadDivider,
            Self::Message { row, .. } => ItemKey::Message(row.key),
            Self::Notice { row } => ItemKey::Notice(row.key),
        }
    }
}

/// How a day's heading reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayLabel {
    /// Today.
    Today,
    /// Yesterday.
    Yesterday,
    /// The name of the weekday, for the week before today.
    Weekday,
    /// The whole date.
    Date,
}

/// Chooses the wording of a day's heading.
#[must_use]
pub const fn day_label(day: i64, today: i64) -> DayLabel {
    match today.saturating_sub(day) {
        0 => DayLabel::Today,
        1 => DayLabel::Yesterday,
        2..=6 => DayLabel::Weekday,
        _ => DayLabel::Date,
    }
}

/// Arranges rows. `local_day` numbers the days of the reader's time zone, one apart.
///
/// A group is what one author wrote on one day without a longer pause and without anything
/// between: no notice, no unread divider, and no row that answers another, which begins a new
/// one because it has more to show. A clock that runs backwards never makes a second heading for the same day.
#[must_use]
pub fn layout<'a>(
    rows: impl IntoIterator<Item = &'a Row>,
    me: UserId,
    divider: Option<Divider>,
    local_day: impl Fn(Timestamp) -> i64,
) -> Vec<Item<'a>> {
    let mut items: Vec<Item<'a>> = Vec::new();
    let mut before: Option<(&Row, i64)> = None;
    let mut divider = divider;
    for row in rows {
        let mut day = local_day(row.sent_at);
        let mut first_of_group = true;
        if let Some((previous, previous_day)) = before {
            day = day.max(previous_day);
            first_of_group = day != previous_day || !goes_on(previous, row);
        }
        if before.is_none_or(|(_, previous_day)| previous_day != day) {
            items.push(Item::Day {
                day,
                at: row.sent_at,
            });
        }
        if divider.is_some_and(|divider| divider.is_before(row, me)) {
            divider = None;
            first_of_group = true;
            items.push(Item::UnreadDivider);
        }
        if first_of_group {
            close_group(&mut items);
        }
        items.push(if is_notice(row) {
            Item::Notice { row }
        } else {
            Item::Message {
                row,
                first_of_group,
                last_of_group: false,
            }
        });
        before = Some((row, day));
    }
    close_group(&mut items);
    items
}

/// Whether a row may belong to the group of the one before it.
fn goes_on(before: &Row, row: &Row) -> bool {
    let answers = matches!(&row.content, Content::Text(text) if text.reply_to.is_some());
    before.key.author == row.key.author
        && row.sent_at.millis_since(before.sent_at) < GROUP_MS
        && !answers
        && !is_notice(before)
        && !is_notice(row)
}

const fn is_notice(row: &Row) -> bool {
    matches!(row.content, Content::Notice(_))
}

/// Marks the last message so far as the end of its group.
fn close_group(items: &mut [Item<'_>]) {
    let last = items.iter_mut().rev().find_map(|item| match item {
        Item::Message { last_of_group, .. } => Some(last_of_group),
        Item::Day { .. } | Item::UnreadDivider | Item::Notice { .. } => None,
    });
    if let Some(last) = last {
        *last = true;
    }
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
