//! When something is to be done at a time: the rule, and what wakes whoever waits for it.
//!
//! The server has one task that calls [`crate::Chat::run_timers`] and waits until the time that
//! it returns, or until [`crate::Chat::earlier_timer`] completes. What is due is found by a range
//! of times, so nothing is looked at before its time comes.

use parking_lot::Mutex;
use protocol::Timestamp;
use tokio::sync::Notify;

/// What is done in one pass at most.
pub(crate) const BATCH: usize = 64;

/// Milliseconds until what failed for now is tried again.
const RETRY_MS: u64 = 30_000;

/// When to try again what failed for now.
pub(crate) const fn again(now: Timestamp) -> Timestamp {
    now.plus_millis(RETRY_MS)
}

/// When the next pass is. `first` is the earliest time that something waits for; it may be over,
/// where a pass was full. `failed` says that the store did not do what it was asked.
pub(crate) fn next(first: Option<Timestamp>, failed: bool, now: Timestamp) -> Option<Timestamp> {
    if failed {
        return Some(again(now));
    }
    first.map(|first| first.max(now))
}

/// Until when the task waits.
#[derive(Default)]
pub(crate) struct Timer {
    until: Mutex<Option<Timestamp>>,
    earlier: Notify,
}

impl Timer {
    /// A pass begins: whatever comes meanwhile and is not seen by it wakes the next.
    pub(crate) fn begin(&self) {
        *self.until.lock() = None;
    }

    /// The task is going to wait until then.
    pub(crate) fn wait_until(&self, next: Option<Timestamp>) {
        let mut until = self.until.lock();
        // What came while the pass ran has left its wake.
        *until = match (*until, next) {
            (Some(came), Some(next)) => Some(came.min(next)),
            (came, next) => came.or(next),
        };
    }

    /// Something waits for this time from now on.
    pub(crate) fn comes(&self, at: Timestamp) {
        let mut until = self.until.lock();
        if until.is_none_or(|until| at < until) {
            *until = Some(at);
            self.earlier.notify_one();
        }
    }

    /// [`Timer::comes`], for each.
    pub(crate) fn come(&self, times: impl IntoIterator<Item = Timestamp>) {
        if let Some(at) = times.into_iter().min() {
            self.comes(at);
        }
    }

    /// Completes when something has come that is earlier than what was waited for.
    pub(crate) async fn earlier(&self) {
        self.earlier.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn at(millis: u64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn the_next_pass_is_when_something_is_due() {
        for (first, failed, expected) in [
            (None, false, None),
            (Some(at(700)), false, Some(at(700))),
            // A pass was full, and more is due.
            (Some(at(300)), false, Some(at(500))),
            (Some(at(300)), true, Some(again(at(500)))),
            (None, true, Some(again(at(500)))),
        ] {
            assert_eq!(next(first, failed, at(500)), expected, "{first:?} {failed}");
        }
    }

    #[tokio::test]
    async fn only_what_is_earlier_wakes() {
        let timer = Timer::default();
        let woken = || timer.earlier().now_or_never().is_some();
        timer.begin();
        timer.wait_until(Some(at(500)));
        timer.comes(at(500));
        timer.comes(at(900));
        assert!(!woken());
        timer.comes(at(499));
        assert!(woken());
        assert!(!woken());
        timer.begin();
        timer.wait_until(None);
        timer.comes(at(1_000));
        assert!(woken(), "nothing was waited for");
    }

    #[tokio::test]
    async fn what_comes_during_a_pass_wakes_the_next() {
        let timer = Timer::default();
        timer.begin();
        timer.comes(at(100));
        timer.wait_until(Some(at(500)));
        assert!(timer.earlier().now_or_never().is_some());
        timer.comes(at(200));
        assert!(timer.earlier().now_or_never().is_none());
    }
}
