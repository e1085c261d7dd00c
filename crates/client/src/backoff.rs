//! How long to wait before trying again.

/// The first range to draw from, in milliseconds; doubled with every attempt.
const FIRST_MS: u64 = 1_000;
/// The longest range.
const LONGEST_MS: u64 = 30_000;

/// Draws delays with full jitter, so that a thousand clients that lost the same server do not
/// come back in the same moment. Deterministic given its seed (`SplitMix64`).
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    state: u64,
}

impl Backoff {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The delay before an attempt, in milliseconds; the first attempt is number 0.
    pub(crate) fn delay(&mut self, attempt: u32) -> u64 {
        let range = FIRST_MS
            .saturating_mul(1_u64.checked_shl(attempt).unwrap_or(u64::MAX))
            .min(LONGEST_MS);
        self.up_to(range)
    }

    /// Anything from 0 to `most`.
    pub(crate) fn up_to(&mut self, most: u64) -> u64 {
        self.next() % most.saturating_add(1).max(1)
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_double_up_to_half_a_minute() {
        let mut backoff = Backoff::new(7);
        for attempt in [0, 1, 4, 5, 40, u32::MAX] {
            let range = match attempt {
                0 => 1_000,
                1 => 2_000,
                4 => 16_000,
                _ => 30_000,
            };
            let drawn: Vec<u64> = (0..500).map(|_| backoff.delay(attempt)).collect();
            let largest = drawn.iter().copied().max().unwrap_or(0);
            let smallest = drawn.iter().copied().min().unwrap_or(u64::MAX);
            assert!(largest <= range, "{largest} of {range}");
            assert!(largest > range * 9 / 10, "{largest} of {range}");
            assert!(smallest < range / 10, "{smallest} of {range}");
        }
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let draw = |seed| {
            let mut backoff = Backoff::new(seed);
            [backoff.delay(3), backoff.delay(3), backoff.delay(3)]
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
