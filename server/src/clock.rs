//! The only place that reads a clock or sleeps. Everything else is given the time.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use protocol::Timestamp;
use tokio::sync::Notify;
use tokio::time::{Instant, Interval, MissedTickBehavior, Sleep};

/// How long somebody waits for a time of day before they look at the clock again: the time of
/// day may be set anew, and a machine may have slept.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// The time of day. Clones share one clock.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicU64>,
    moved: Arc<Notify>,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// Now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        let millis = u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX);
        Timestamp::from_millis(millis).plus_millis(self.ahead_ms.load(Ordering::Relaxed))
    }

    /// Sets this clock further ahead of the system's, so that a test need not wait until
    /// something expires.
    pub fn advance(&self, by: Duration) {
        let millis = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.ahead_ms.fetch_add(millis, Ordering::Relaxed);
        self.moved.notify_waiters();
    }

    /// Completes when it is this time of day, at once if that has passed.
    pub(crate) async fn reach(&self, at: Timestamp) {
        loop {
            // From before the look on, so that no advance is missed.
            let moved = self.moved.notified();
            let left = at.millis_since(self.now());
            if left == 0 {
                return;
            }
            let wait = Duration::from_millis(left).min(LOOK_AGAIN);
            // Either way it is looked at anew.
            let _ = within(wait, moved).await;
        }
    }
}

/// A point of the monotonic clock, which deadlines are measured by: the time of day may jump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(Instant);

impl Moment {
    pub(crate) fn now() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn plus(self, duration: Duration) -> Self {
        Self(self.0 + duration)
    }

    pub(crate) fn since(self, earlier: Self) -> Duration {
        self.0.saturating_duration_since(earlier.0)
    }
}

/// Rings once at a moment that can be moved.
pub(crate) struct Alarm(Pin<Box<Sleep>>);

impl Alarm {
    pub(crate) fn at(moment: Moment) -> Self {
        Self(Box::pin(tokio::time::sleep_until(moment.0)))
    }

    pub(crate) fn set(&mut self, moment: Moment) {
        self.0.as_mut().reset(moment.0);
    }

    /// Completes at the moment, and at once when it has passed.
    pub(crate) async fn ring(&mut self) {
        self.0.as_mut().await;
    }
}

/// The time given ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimedOut;

/// Runs a future for at most `limit`.
pub(crate) async fn within<F: Future>(limit: Duration, future: F) -> Result<F::Output, TimedOut> {
    tokio::time::timeout(limit, future)
        .await
        .map_err(|_| TimedOut)
}

/// Waits.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub(crate) async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// Ticks at a steady pace; ticks that were missed are not made up for.
pub(crate) fn every(period: Duration) -> Interval {
    let mut interval = tokio::time::interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Skip);
    interval
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_time_of_day_is_reached_when_the_clock_is_set_ahead() {
        let clock = Clock::system();
        let day = Duration::from_secs(24 * 60 * 60);
        let at = clock.now().plus_millis(day.as_millis() as u64);
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.reach(at).await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        clock.advance(day / 2);
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        clock.advance(day);
        waiting.await.unwrap();
        // What has passed is not waited for.
        clock.reach(at).await;
    }
}
