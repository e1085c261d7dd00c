//! How many bytes of messages are held, by one conversation and by all of them together: a
//! number that is kept, so that nobody has to ask each conversation for its part.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The bytes of all conversations.
#[derive(Clone, Default)]
pub(crate) struct HeldBytes(Arc<AtomicU64>);

/// One conversation's part of them, until it is dropped.
#[derive(Default)]
pub(super) struct Held {
    all: HeldBytes,
    own: usize,
}

impl HeldBytes {
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn part(&self) -> Held {
        Held {
            all: self.clone(),
            own: 0,
        }
    }
}

impl Held {
    pub(super) const fn get(&self) -> usize {
        self.own
    }

    pub(super) fn add(&mut self, bytes: usize) {
        self.own += bytes;
        self.all.0.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn take(&mut self, bytes: usize) {
        self.own -= bytes;
        self.all.0.fetch_sub(bytes as u64, Ordering::Relaxed);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.take(self.own);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_the_sum_of_the_parts_that_are_there() {
        let all = HeldBytes::default();
        let (mut a, mut b) = (all.part(), all.part());
        a.add(10);
        b.add(5);
        a.take(3);
        assert_eq!((a.get(), b.get(), all.get()), (7, 5, 12));
        drop(a);
        assert_eq!(all.get(), 5);
        drop(b);
        assert_eq!(all.get(), 0);
    }
}
