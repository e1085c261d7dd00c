//! The only place that reads a clock or sleeps. Everything else is given the time.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use protocol::Timestamp;
use tokio::time::{Instant, Interval, MissedTickBehavior, Sleep};

/// The time of day. Clones share one clock.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicU64>,
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
