//! Which messages are selected. Pure.

use std::collections::BTreeSet;

use client::RowKey;

/// Messages that can be selected at once.
pub(super) const MOST: usize = 100;

/// The selected ones, and where one was last.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Chosen {
    keys: BTreeSet<RowKey>,
    /// From here Shift reaches.
    from: Option<RowKey>,
    last: Option<RowKey>,
}

impl Chosen {
    /// One.
    #[must_use]
    pub fn of(key: RowKey) -> Self {
        let mut chosen = Self::default();
        chosen.toggle(key);
        chosen
    }

    /// Whether it is among them.
    #[must_use]
    pub fn contains(&self, key: RowKey) -> bool {
        self.keys.contains(&key)
    }

    /// Whether there is no room for another.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.keys.len() >= MOST
    }

    /// The one that was last selected, or no longer.
    #[must_use]
    pub const fn last(&self) -> Option<RowKey> {
        self.last
    }

    /// Takes one in, if there is room, or out.
    pub fn toggle(&mut self, key: RowKey) {
        if !self.keys.remove(&key) && !self.is_full() {
            self.keys.insert(key);
        }
        (self.from, self.last) = (Some(key), Some(key));
    }

    /// Takes in everything from where one was to `key`, as far as there is room. `rows` are all
    /// that can be selected, in their order.
    pub fn reach(&mut self, rows: &[RowKey], key: RowKey) {
        let place = |key: RowKey| rows.iter().position(|row| *row == key);
        let from = self.from.unwrap_or(key);
        let (Some(here), Some(there)) = (place(from), place(key)) else {
            return;
        };
        let between = rows.get(here.min(there)..=here.max(there));
        let between = between.unwrap_or_default().iter();
        // What is nearest to where one was comes first.
        let mut between: Vec<RowKey> = between.copied().collect();
        if there < here {
            between.reverse();
        }
        for row in between {
            if !self.is_full() {
                self.keys.insert(row);
            }
        }
        self.from = Some(from);
        self.last = Some(key);
    }
}

#[cfg(test)]
mod tests {
    use protocol::{SendId, UserId};

    use super::*;

    fn key(n: u8) -> RowKey {
        RowKey {
            author: UserId::from_bytes([1; 16]),
            send_id: SendId::from_bytes([n; 16]),
        }
    }

    fn rows() -> Vec<RowKey> {
        // In an order that is not that of the keys.
        (0..150).rev().map(key).collect()
    }

    fn chosen(it: &Chosen) -> Vec<u8> {
        (0..=u8::MAX).filter(|n| it.contains(key(*n))).collect()
    }

    #[test]
    fn one_is_taken_in_and_out() {
        let mut it = Chosen::of(key(3));
        it.toggle(key(5));
        assert_eq!(chosen(&it), [3, 5]);
        it.toggle(key(3));
        assert_eq!((chosen(&it), it.last()), (vec![5], Some(key(3))));
    }

    #[test]
    fn shift_reaches_from_where_one_was_in_either_direction() {
        let mut it = Chosen::of(key(10));
        it.reach(&rows(), key(12));
        assert_eq!(chosen(&it), [10, 11, 12]);
        it.reach(&rows(), key(9));
        assert_eq!(chosen(&it), [9, 10, 11, 12]);
        assert_eq!(it.last(), Some(key(9)));
        // What is not among the rows, or no longer, reaches nowhere.
        it.reach(&rows(), key(200));
        assert_eq!(chosen(&it), [9, 10, 11, 12]);
    }

    #[test]
    fn there_is_room_for_so_many_and_the_nearest_come_first() {
        let mut it = Chosen::of(key(0));
        it.reach(&rows(), key(149));
        assert!(it.is_full());
        assert_eq!(chosen(&it), (0..100).collect::<Vec<u8>>());
        it.toggle(key(120));
        assert!(!it.contains(key(120)));
        it.toggle(key(50));
        it.toggle(key(120));
        assert!(it.contains(key(120)) && it.is_full());
    }
}
