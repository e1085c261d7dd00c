//! Token buckets: so many at once, then one in so much time. Pure, and bounded in memory
//! whoever asks.

use std::collections::HashMap;
use std::hash::Hash;

use protocol::Timestamp;

/// How much is let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    /// So many at once.
    pub(crate) burst: u32,
    /// Then one in so many milliseconds.
    pub(crate) every_ms: u64,
}

impl Rate {
    const fn window(self) -> u64 {
        self.every_ms.saturating_mul(self.burst as u64)
    }
}

/// A bucket for each key.
///
/// A bucket is one number, the moment at which it is full again: each token taken moves it
/// `every_ms` away, and it may lie at most `burst` times that in the future.
pub(crate) struct Limiter<K> {
    rate: Rate,
    capacity: usize,
    full_at: HashMap<K, u64>,
}

impl<K: Eq + Hash + Copy> Limiter<K> {
    /// A limiter that remembers at most `capacity` keys.
    pub(crate) fn new(rate: Rate, capacity: usize) -> Self {
        Self {
            rate,
            capacity: capacity.max(1),
            full_at: HashMap::new(),
        }
    }

    /// Takes a token.
    ///
    /// # Errors
    /// The milliseconds until there is one. Nothing is taken then.
    pub(crate) fn take(&mut self, key: K, now: Timestamp) -> Result<(), u64> {
        let now = now.millis();
        let latest = now.saturating_add(self.rate.window());
        // A bucket further away than it can be was filled before the clock was set back.
        let full_at = self
            .full_at
            .get(&key)
            .map_or(now, |at| (*at).clamp(now, latest))
            .saturating_add(self.rate.every_ms);
        if full_at > latest {
            return Err(full_at - latest);
        }
        if self.full_at.len() >= self.capacity && !self.full_at.contains_key(&key) {
            self.make_room(now);
        }
        self.full_at.insert(key, full_at);
        Ok(())
    }

    /// Returns a token that was taken.
    pub(crate) fn give_back(&mut self, key: K) {
        if let Some(full_at) = self.full_at.get_mut(&key) {
            *full_at = full_at.saturating_sub(self.rate.every_ms);
        }
    }

    /// Forgets the keys whose buckets are full again: they are as if never seen.
    pub(crate) fn forget_idle(&mut self, now: Timestamp) {
        self.full_at.retain(|_, at| *at > now.millis());
        if self.full_at.capacity() > 4 * self.full_at.len() {
            self.full_at.shrink_to(self.full_at.len() * 2);
        }
    }

    /// Drops the full buckets, and if that is not enough the quarter nearest to full, so that
    /// an attacker with many addresses pushes out those who did least, not the worst. Happens
    /// at most once in `capacity / 4` insertions, so its cost is spread.
    fn make_room(&mut self, now: u64) {
        self.full_at.retain(|_, at| *at > now);
        let surplus = (self.capacity / 4).max(1);
        if self.full_at.len() + surplus <= self.capacity {
            return;
        }
        let mut times: Vec<u64> = self.full_at.values().copied().collect();
        let (_, threshold, _) = times.select_nth_unstable(surplus - 1);
        let threshold = *threshold;
        let mut left = surplus;
        self.full_at.retain(|_, at| {
            let goes = *at <= threshold && left > 0;
            left -= usize::from(goes);
            !goes
        });
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.full_at.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RATE: Rate = Rate {
        burst: 3,
        every_ms: 1_000,
    };

    fn at(millis: u64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn lets_a_burst_through_and_then_one_at_a_time() {
        let mut limiter = Limiter::new(RATE, 10);
        for _ in 0..3 {
            assert_eq!(limiter.take("a", at(5_000)), Ok(()));
        }
        assert_eq!(limiter.take("a", at(5_000)), Err(1_000));
        assert_eq!(limiter.take("a", at(5_400)), Err(600));
        assert_eq!(limiter.take("a", at(5_999)), Err(1));
        assert_eq!(limiter.take("a", at(6_000)), Ok(()));
        assert_eq!(limiter.take("a", at(6_000)), Err(1_000));
        assert_eq!(
            limiter.take("b", at(6_000)),
            Ok(()),
            "others are not concerned"
        );
        for _ in 0..3 {
            assert_eq!(limiter.take("a", at(60_000)), Ok(()));
        }
        assert_eq!(
            limiter.take("a", at(60_000)),
            Err(1_000),
            "never more than a burst"
        );
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let mut limiter = Limiter::new(RATE, 10);
        for _ in 0..100 {
            limiter.take("a", at(0)).unwrap();
            limiter.give_back("a");
        }
        limiter.give_back("a");
        limiter.give_back("never seen");
        for _ in 0..3 {
            limiter.take("a", at(0)).unwrap();
        }
        assert_eq!(limiter.take("a", at(0)), Err(1_000));
    }

    #[test]
    fn a_clock_set_back_refuses_nobody_for_longer_than_the_window() {
        let mut limiter = Limiter::new(RATE, 10);
        limiter.take("a", at(1_000_000)).unwrap();
        assert_eq!(limiter.take("a", at(0)), Err(1_000));
        assert_eq!(limiter.take("a", at(1_000)), Err(1_000));
        limiter.forget_idle(at(2_000_000));
        assert_eq!(limiter.take("a", at(0)), Ok(()));
    }

    #[test]
    fn forgets_the_idle_only() {
        let mut limiter = Limiter::new(RATE, 10);
        limiter.take("idle", at(0)).unwrap();
        for _ in 0..3 {
            limiter.take("busy", at(0)).unwrap();
        }
        limiter.forget_idle(at(1_000));
        assert_eq!(limiter.len(), 1);
        assert_eq!(limiter.take("busy", at(0)), Err(1_000));
    }

    #[test]
    fn a_flood_of_keys_is_bounded_and_does_not_free_the_worst() {
        let mut limiter = Limiter::new(RATE, 100);
        for _ in 0..3 {
            limiter.take(u64::MAX, at(0)).unwrap();
        }
        for key in 0..100_000 {
            limiter.take(key, at(0)).unwrap();
            assert!(limiter.len() <= 100);
        }
        assert!(limiter.take(u64::MAX, at(0)).is_err());
    }

    proptest! {
        /// Whatever the pattern: in any span no more passes than the burst and one for each
        /// interval in it, and the waiting time told is exact.
        #[test]
        fn never_lets_more_through_than_agreed(
            gaps in prop::collection::vec(0_u64..3_000, 1..200),
        ) {
            let mut limiter = Limiter::new(RATE, 10);
            let mut now = 10_000;
            let mut passed = Vec::new();
            for gap in gaps {
                now += gap;
                match limiter.take((), at(now)) {
                    Ok(()) => passed.push(now),
                    Err(wait) => {
                        prop_assert!(wait > 0);
                        let mut later = Limiter::new(RATE, 10);
                        later.full_at.clone_from(&limiter.full_at);
                        prop_assert!(later.take((), at(now + wait - 1)).is_err());
                        prop_assert!(later.take((), at(now + wait)).is_ok());
                    }
                }
            }
            for (index, start) in passed.iter().enumerate() {
                for (count, end) in passed.iter().skip(index).enumerate() {
                    let allowed = u64::from(RATE.burst) + (end - start) / RATE.every_ms;
                    prop_assert!((count as u64) < allowed);
                }
            }
        }
    }
}
