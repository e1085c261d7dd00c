//! Which of a conversation's items are on the page: a stretch of them, so that a long history
//! costs no more than a short one. Pure; the scroller decides when to move it.

use client::ItemKey;

/// Items that a step towards older or newer ones adds.
pub(super) const STEP: usize = 50;
/// Items on the page when a conversation is opened at its end.
const FIRST: usize = 60;
/// Items above the unread divider when a conversation is opened at it.
const CONTEXT: usize = 20;
/// Items on the page on a screen of usual height.
const MOST: usize = 150;
/// Items on the page at most while a finger pulls older ones in.
pub(super) const MOST_HELD: usize = 200;
/// The least height of a row in pixels.
const LOWEST_ROW: f64 = 28.0;
/// The distance to the end of what is on the page, in pixels, at which more is put there.
pub(super) const REACH: i32 = 1_000;

/// The items on the page, from the first to before the last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Span {
    /// The first.
    pub(super) from: usize,
    /// The one after the last.
    pub(super) to: usize,
}

/// How many items a screen of this height may have on the page: those on it and those within
/// [`REACH`] of both its ends, with room for a step.
pub(super) fn most_items(screen: i32) -> usize {
    let pixels = f64::from(screen.max(0)) + 3.0 * f64::from(REACH);
    // A few hundred at most.
    let rows = (pixels / LOWEST_ROW).ceil() as usize;
    rows.max(MOST)
}

impl Span {
    /// The end of a conversation.
    pub(super) fn newest(keys: &[ItemKey]) -> Self {
        let to = keys.len();
        let from = with_headings(keys, to.saturating_sub(FIRST));
        Self { from, to }
    }

    /// What an opened conversation shows: from a little before its unread divider, if it has
    /// one, otherwise its end.
    pub(super) fn opened(keys: &[ItemKey]) -> Self {
        let divider = keys.iter().position(|key| *key == ItemKey::UnreadDivider);
        let Some(divider) = divider else {
            return Self::newest(keys);
        };
        let end = Self::newest(keys);
        let from = with_headings(keys, divider.saturating_sub(CONTEXT)).min(end.from);
        let to = keys.len().min(from + MOST);
        Self { from, to }
    }

    /// An item with as many before it as after it.
    pub(super) fn around(keys: &[ItemKey], at: usize, most: usize) -> Self {
        let from = with_headings(keys, at.saturating_sub(most / 2));
        let to = keys.len().min(from + most);
        Self { from, to }
    }

    /// More older items; the newest leave if there would be more than `most`.
    pub(super) fn older(self, keys: &[ItemKey], most: usize) -> Self {
        let from = with_headings(keys, self.from.saturating_sub(STEP));
        let to = self.to.min(from + most);
        Self { from, to }
    }

    /// More older items while a finger holds the list: what leaves would move what it holds, so
    /// nothing does, and with `most` items no more come.
    pub(super) fn older_held(self, keys: &[ItemKey], most: usize) -> Self {
        let least = self.to.saturating_sub(most).min(self.from);
        let from = self.from.saturating_sub(STEP).max(least);
        Self {
            from: with_headings(keys, from),
            to: self.to,
        }
    }

    /// The same place with at most `most` items: the newest leave.
    pub(super) fn trimmed(self, most: usize) -> Self {
        Self {
            from: self.from,
            to: self.to.min(self.from + most),
        }
    }

    /// More newer items; the oldest leave if there would be more than `most`.
    pub(super) fn newer(self, keys: &[ItemKey], most: usize) -> Self {
        let to = keys.len().min(self.to + STEP);
        let from = self.from.max(to.saturating_sub(most));
        Self { from, to }
    }

    /// The same rows after the items have changed. Whoever is at the end stays there; for
    /// others what is new stays off the page until they come near.
    pub(super) fn follow(
        shown: &[ItemKey],
        keys: &[ItemKey],
        is_at_end: bool,
        most: usize,
    ) -> Self {
        let place = |key: &ItemKey| {
            let is_row = matches!(key, ItemKey::Message(_) | ItemKey::Notice(_));
            is_row
                .then(|| keys.iter().rposition(|other| other == key))
                .flatten()
        };
        let first = shown.iter().find_map(place);
        let last = shown.iter().rev().find_map(place);
        let (Some(first), Some(last)) = (first, last) else {
            return Self::newest(keys);
        };
        let to = if is_at_end { keys.len() } else { last + 1 };
        let from = with_headings(keys, first.max(to.saturating_sub(most)));
        Self { from, to }
    }

    /// The heading of the day that the span begins in the middle of.
    pub(super) fn heading(self, keys: &[ItemKey]) -> Option<usize> {
        let is_day = |key: &ItemKey| matches!(key, ItemKey::Day(_));
        let begins_with_day = keys.get(self.from).is_some_and(is_day);
        let before = keys.get(..self.from)?;
        (!begins_with_day)
            .then(|| before.iter().rposition(is_day))
            .flatten()
    }
}

/// The place of the first heading or divider right before a row, which belong to it.
fn with_headings(keys: &[ItemKey], at: usize) -> usize {
    let before = keys.get(..at).unwrap_or_default();
    let headings = before
        .iter()
        .rev()
        .take_while(|key| matches!(key, ItemKey::Day(_) | ItemKey::UnreadDivider))
        .count();
    at - headings.min(at)
}

#[cfg(test)]
mod tests {
    use client::RowKey;
    use protocol::{SendId, Timestamp, UserId};

    use super::*;

    fn row(number: usize) -> ItemKey {
        let at = Timestamp::from_millis(number as u64);
        ItemKey::Message(RowKey {
            author: UserId::from_parts(at, 1),
            send_id: SendId::from_parts(at, 1),
        })
    }

    /// A heading and rows with these numbers.
    fn rows(numbers: std::ops::Range<usize>) -> Vec<ItemKey> {
        std::iter::once(ItemKey::Day(1))
            .chain(numbers.map(row))
            .collect()
    }

    fn shown(keys: &[ItemKey], span: Span) -> Vec<ItemKey> {
        keys.get(span.from..span.to).unwrap_or_default().to_vec()
    }

    #[test]
    fn a_conversation_opens_at_its_end_or_at_its_divider() {
        let mut keys = rows(0..1_000);
        let span = Span::opened(&keys);
        assert_eq!((span.from, span.to), (1_001 - FIRST, 1_001));

        keys.insert(900, ItemKey::UnreadDivider);
        let span = Span::opened(&keys);
        assert_eq!((span.from, span.to), (900 - CONTEXT, 1_002));

        // Further back than what is on the page at once.
        keys.remove(900);
        keys.insert(100, ItemKey::UnreadDivider);
        let span = Span::opened(&keys);
        assert_eq!((span.from, span.to), (100 - CONTEXT, 100 - CONTEXT + MOST));

        let few = rows(0..3);
        assert_eq!(Span::opened(&few), Span { from: 0, to: 4 });
        assert_eq!(Span::opened(&[]), Span { from: 0, to: 0 });
    }

    #[test]
    fn paging_to_the_start_and_back_never_has_more_than_the_most() {
        let keys = rows(0..1_000);
        let mut span = Span::newest(&keys);
        for _ in 0..30 {
            span = span.older(&keys, MOST);
            assert!(span.to - span.from <= MOST);
        }
        assert_eq!(span, Span { from: 0, to: MOST });
        for _ in 0..30 {
            let before = span;
            span = span.newer(&keys, MOST);
            assert!(span.to - span.from <= MOST && span.from <= before.to);
        }
        assert_eq!(span.to, keys.len());
    }

    #[test]
    fn a_jump_leads_into_the_middle() {
        let keys = rows(0..1_000);
        assert_eq!(Span::around(&keys, 500, 100), Span { from: 450, to: 550 });
        assert_eq!(Span::around(&keys, 20, 100), Span { from: 0, to: 100 });
        assert_eq!(
            Span::around(&keys, 990, 100),
            Span {
                from: 940,
                to: 1_001
            }
        );
    }

    #[test]
    fn nothing_leaves_under_a_finger() {
        let keys = rows(0..1_000);
        let mut span = Span::newest(&keys);
        for _ in 0..30 {
            span = span.older_held(&keys, MOST_HELD);
            assert_eq!(span.to, keys.len());
        }
        assert_eq!(span.to - span.from, MOST_HELD);
        assert_eq!(span.trimmed(MOST).to, span.from + MOST);
        assert_eq!(
            Span { from: 3, to: 5 }.trimmed(MOST),
            Span { from: 3, to: 5 }
        );
    }

    #[test]
    fn older_items_that_arrive_move_the_span_along() {
        let before = rows(500..600);
        let span = Span { from: 0, to: 101 };
        let after = rows(450..600);
        let moved = Span::follow(&shown(&before, span), &after, false, MOST);
        // The heading of the day now stands before older rows, which are off the page.
        assert_eq!(moved, Span { from: 51, to: 151 });
        assert_eq!(moved.heading(&after), Some(0));
    }

    #[test]
    fn new_items_appear_at_once_only_at_the_end() {
        let before = rows(0..200);
        let span = Span { from: 51, to: 201 };
        let after = rows(0..210);
        let shown = shown(&before, span);
        let away = Span::follow(&shown, &after, false, MOST);
        assert_eq!(away, span);
        let at_end = Span::follow(&shown, &after, true, MOST);
        assert_eq!(at_end, Span { from: 61, to: 211 });
    }

    #[test]
    fn rows_that_vanish_take_nothing_along() {
        let before = rows(0..10);
        let shown = shown(&before, Span { from: 0, to: 11 });
        let mut after = before.clone();
        after.pop();
        after.remove(1);
        assert_eq!(
            Span::follow(&shown, &after, false, MOST),
            Span { from: 0, to: 9 }
        );
        let others = rows(100..102);
        assert_eq!(
            Span::follow(&shown, &others, false, MOST),
            Span { from: 0, to: 3 }
        );
    }

    #[test]
    fn headings_and_the_divider_stay_with_their_row() {
        let keys = [
            ItemKey::Day(1),
            row(1),
            ItemKey::Day(2),
            ItemKey::UnreadDivider,
            row(2),
        ];
        assert_eq!(with_headings(&keys, 4), 2);
        assert_eq!(with_headings(&keys, 1), 0);
        assert_eq!(with_headings(&keys, 0), 0);
        assert_eq!(Span { from: 2, to: 5 }.heading(&keys), None);
    }

    #[test]
    fn tall_screens_have_more_on_the_page() {
        assert_eq!(most_items(0), MOST);
        assert_eq!(most_items(900), MOST);
        assert!((180..200).contains(&most_items(2_160)));
    }
}
