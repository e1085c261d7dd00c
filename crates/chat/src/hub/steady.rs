//! Time that never goes back. Times come in from the wall clock, which may be set back; what
//! is measured between two of them must not become an hour long by that.

use parking_lot::Mutex;
use protocol::Timestamp;

/// Callers take the time before they are served, so it may come a little out of order.
const DISORDER_MS: u64 = 1_000;

#[derive(Default)]
pub(super) struct Steady(Mutex<State>);

#[derive(Default)]
struct State {
    latest: Timestamp,
    /// By how much the wall clock was set back in all.
    ahead_ms: u64,
}

impl Steady {
    /// The latest of them.
    pub(super) fn now(&self) -> Timestamp {
        let state = self.0.lock();
        state.latest.plus_millis(state.ahead_ms)
    }

    /// A time of the wall clock as one that stands not before any earlier one.
    pub(super) fn time(&self, now: Timestamp) -> Timestamp {
        let mut state = self.0.lock();
        let back = state.latest.millis_since(now);
        if back > DISORDER_MS {
            state.ahead_ms += back;
            state.latest = now;
        }
        state.latest = state.latest.max(now);
        state.latest.plus_millis(state.ahead_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn is_the_wall_clock_while_that_goes_forward() {
        let steady = Steady::default();
        for millis in [5_000, 5_000, 6_000, 5_999, 6_001, 9_000_000] {
            let expected = if millis == 5_999 { 6_000 } else { millis };
            assert_eq!(steady.time(at(millis)), at(expected));
        }
    }

    #[test]
    fn stands_when_the_wall_clock_is_set_back_and_goes_on_with_it() {
        let steady = Steady::default();
        steady.time(at(10_000_000));
        assert_eq!(steady.time(at(6_000_000)), at(10_000_000));
        assert_eq!(steady.time(at(6_004_000)), at(10_004_000));
        assert_eq!(steady.time(at(1_000)), at(10_004_000));
        assert_eq!(steady.time(at(1_001)), at(10_004_001));
    }
}
