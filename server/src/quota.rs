//! How much one account or client may ask for: so much at once, then so much a second.
//!
//! What an answer costs is known when it is made, so it is paid for afterwards and may leave a
//! debt. Whoever is in debt waits. The limits on guessing and writing are the product's
//! (`chat`); these keep one asker from taking all of the server's time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::{Moment, pause};

/// Askers that are remembered; who comes when it is full is let through.
const ASKERS: usize = 100_000;

/// How much is let through, in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    /// So many at once.
    pub(crate) burst: u32,
    /// Then so many a second.
    pub(crate) per_second: u32,
}

/// What a client address may ask for: enough for an office behind one address.
pub(crate) const REQUESTS: Rate = Rate {
    burst: 2_000,
    per_second: 200,
};
/// What an account may read: 6 MB at once, then 640 KB a second, in answers of any size.
pub(crate) const READING: Rate = Rate {
    burst: 400,
    per_second: 40,
};
/// Bytes of an answer that cost as much as asking.
const BYTES_PER_TOKEN: u64 = 16 * 1024;

/// A bucket for each asker, kept as the moment at which it is full again.
pub(crate) struct Quota<K> {
    enabled: bool,
    token: Duration,
    /// What fills a bucket.
    window: Duration,
    full_at: Mutex<HashMap<K, Moment>>,
}

impl<K: Eq + Hash + Copy> Quota<K> {
    /// With `enabled` off nobody is refused.
    pub(crate) fn new(rate: Rate, enabled: bool) -> Self {
        let token = Duration::from_secs(1) / rate.per_second.max(1);
        Self {
            enabled,
            token,
            window: token * rate.burst,
            full_at: Mutex::default(),
        }
    }

    /// Takes one token.
    ///
    /// # Errors
    /// The time until there is one. Nothing is taken then.
    pub(crate) fn take(&self, asker: K, now: Moment) -> Result<(), Duration> {
        if !self.enabled {
            return Ok(());
        }
        let mut askers = self.askers();
        let full_at = full_at(&askers, &asker, now).plus(self.token);
        let wait = full_at.since(now.plus(self.window));
        if wait.is_zero() {
            set(&mut askers, asker, full_at);
            Ok(())
        } else {
            Err(wait)
        }
    }

    /// Takes one token as soon as there is one.
    pub(crate) async fn wait(&self, asker: K) {
        while let Err(wait) = self.take(asker, Moment::now()) {
            pause(wait).await;
        }
    }

    /// Takes what an answer of so many bytes costs, whether there is as much or not.
    pub(crate) fn pay(&self, asker: K, bytes: u64, now: Moment) {
        if self.enabled {
            let tokens = u32::try_from(bytes / BYTES_PER_TOKEN).unwrap_or(u32::MAX);
            let mut askers = self.askers();
            let full_at = full_at(&askers, &asker, now);
            set(
                &mut askers,
                asker,
                full_at.plus(self.token.saturating_mul(tokens)),
            );
        }
    }

    /// Forgets whose buckets are full again.
    pub(crate) fn forget_idle(&self, now: Moment) {
        let mut askers = self.askers();
        askers.retain(|_, at| *at > now);
        if askers.capacity() > 4 * askers.len() {
            let wanted = askers.len() * 2;
            askers.shrink_to(wanted);
        }
    }

    fn askers(&self) -> MutexGuard<'_, HashMap<K, Moment>> {
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn full_at<K: Eq + Hash>(askers: &HashMap<K, Moment>, asker: &K, now: Moment) -> Moment {
    askers.get(asker).map_or(now, |at| now.max(*at))
}

fn set<K: Eq + Hash>(askers: &mut HashMap<K, Moment>, asker: K, full_at: Moment) {
    if askers.len() < ASKERS || askers.contains_key(&asker) {
        askers.insert(asker, full_at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        burst: 3,
        per_second: 10,
    };
    const TOKEN: Duration = Duration::from_millis(100);

    #[test]
    fn a_burst_passes_and_then_the_rate_holds() {
        let (quota, start) = (Quota::new(RATE, true), Moment::now());
        for _ in 0..3 {
            assert_eq!(quota.take("meera", start), Ok(()));
        }
        assert_eq!(quota.take("meera", start), Err(TOKEN));
        assert_eq!(
            quota.take("meera", start),
            Err(TOKEN),
            "asking costs nothing"
        );
        assert_eq!(quota.take("zoya", start), Ok(()));
        assert_eq!(quota.take("meera", start.plus(TOKEN)), Ok(()));
        assert_eq!(quota.take("meera", start.plus(TOKEN)), Err(TOKEN));
        let later = start.plus(TOKEN * 1_000);
        for _ in 0..3 {
            assert_eq!(quota.take("meera", later), Ok(()));
        }
        assert_eq!(quota.take("meera", later), Err(TOKEN));
    }

    #[test]
    fn a_large_answer_is_paid_for_afterwards() {
        let (quota, start) = (Quota::new(RATE, true), Moment::now());
        quota.take("meera", start).unwrap();
        quota.pay("meera", BYTES_PER_TOKEN - 1, start);
        quota.take("meera", start).unwrap();
        quota.pay("meera", 10 * BYTES_PER_TOKEN, start);
        assert_eq!(quota.take("meera", start), Err(TOKEN * 10));
        assert_eq!(quota.take("meera", start.plus(TOKEN * 10)), Ok(()));
    }

    #[test]
    fn whose_bucket_is_full_is_forgotten() {
        let (quota, start) = (Quota::new(RATE, true), Moment::now());
        quota.take("meera", start).unwrap();
        quota.take("zoya", start.plus(TOKEN)).unwrap();
        quota.forget_idle(start.plus(TOKEN));
        assert_eq!(quota.askers().len(), 1);
        quota.forget_idle(start.plus(TOKEN * 2));
        assert_eq!(quota.askers().len(), 0);
    }

    #[test]
    fn a_flood_of_askers_is_bounded_and_frees_nobody() {
        let (quota, start) = (Quota::new(RATE, true), Moment::now());
        for _ in 0..3 {
            quota.take(0, start).unwrap();
        }
        for asker in 0..2 * ASKERS {
            let _ = quota.take(asker, start);
        }
        assert_eq!(quota.askers().len(), ASKERS);
        assert!(quota.take(0, start).is_err());
    }

    #[test]
    fn switched_off_nobody_waits() {
        let (quota, start) = (Quota::new(RATE, false), Moment::now());
        for _ in 0..100 {
            quota.pay("meera", BYTES_PER_TOKEN, start);
            assert_eq!(quota.take("meera", start), Ok(()));
        }
    }
}
