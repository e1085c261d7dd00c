//! How fast one socket is read. A client above the rate is read more slowly, which its own
//! network turns into waiting; nothing is lost or reordered. One that keeps pushing is cut.

use std::time::Duration;

use crate::clock::Moment;

/// Frames that may come at once.
const BURST: u32 = 200;
/// Frames per second in the long run.
const PER_SECOND: u32 = 50;
/// A frame counts one more for each this many bytes.
const BYTES_PER_TOKEN: usize = 2 * 1024;
/// Being held back for this long without a pause ends the connection.
const PATIENCE: Duration = Duration::from_secs(30);

/// One token in the unit counted in: tokens per second times milliseconds.
const TOKEN: u32 = 1_000;

/// What may be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// Read on.
    Go,
    /// Read on after the time.
    Wait(Duration),
    /// The client has been pushing against the limit for too long.
    Cut,
}

/// A token bucket that may be overdrawn by one frame.
#[derive(Debug)]
pub(super) struct Bucket {
    /// May be negative: the debt has to be waited off.
    level: i64,
    at: Moment,
    pressed_since: Option<Moment>,
    pub(super) patience: Duration,
}

impl Bucket {
    pub(super) fn full(now: Moment) -> Self {
        Self {
            level: i64::from(BURST * TOKEN),
            at: now,
            pressed_since: None,
            patience: PATIENCE,
        }
    }

    /// Takes what a frame of this many bytes costs.
    pub(super) fn take(&mut self, bytes: usize, now: Moment) -> Pace {
        self.refill(now);
        let tokens = i64::try_from(1 + bytes / BYTES_PER_TOKEN).unwrap_or(i64::MAX);
        self.level = self
            .level
            .saturating_sub(tokens.saturating_mul(i64::from(TOKEN)));
        if self.level >= 0 {
            return Pace::Go;
        }
        let since = *self.pressed_since.get_or_insert(now);
        if now.since(since) > self.patience {
            return Pace::Cut;
        }
        let debt = self.level.unsigned_abs();
        Pace::Wait(Duration::from_millis(debt.div_ceil(u64::from(PER_SECOND))))
    }

    fn refill(&mut self, now: Moment) {
        let capacity = i64::from(BURST * TOKEN);
        let elapsed = i64::try_from(now.since(self.at).as_millis()).unwrap_or(i64::MAX);
        let earned = elapsed.saturating_mul(i64::from(PER_SECOND));
        self.level = self.level.saturating_add(earned).min(capacity);
        self.at = now;
        // Half full again: it did pause.
        if self.level > capacity / 2 {
            self.pressed_since = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn later(start: Moment, millis: u64) -> Moment {
        start.plus(Duration::from_millis(millis))
    }

    #[test]
    fn a_burst_passes_and_then_the_rate_holds() {
        let start = Moment::now();
        let mut bucket = Bucket::full(start);
        for _ in 0..BURST {
            assert_eq!(bucket.take(100, start), Pace::Go);
        }
        assert_eq!(
            bucket.take(100, start),
            Pace::Wait(Duration::from_millis(20))
        );
        assert_eq!(bucket.take(100, later(start, 40)), Pace::Go);
    }

    #[test]
    fn large_frames_cost_more() {
        let start = Moment::now();
        let mut bucket = Bucket::full(start);
        let mut passed = 0;
        while bucket.take(64 * 1024, start) == Pace::Go {
            passed += 1;
        }
        assert!((5..10).contains(&passed), "{passed}");
    }

    #[test]
    fn who_never_pauses_is_cut_and_who_does_is_not() {
        let start = Moment::now();
        let mut pushing = Bucket::full(start);
        let mut pausing = Bucket::full(start);
        let mut now = start;
        let mut cut = false;
        for round in 0..10_000_u64 {
            match pushing.take(100, now) {
                Pace::Go => {}
                Pace::Wait(pause) => now = now.plus(pause),
                Pace::Cut => {
                    cut = true;
                    break;
                }
            }
            if round % 300 == 299 {
                // Another client that takes the same but rests in between.
                assert_ne!(pausing.take(100, later(now, round * 100)), Pace::Cut);
            }
        }
        assert!(cut);
        assert!(now.since(start) > PATIENCE);
    }
}
