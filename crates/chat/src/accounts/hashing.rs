//! Password hashing on blocking threads, so many at once and so many waiting.

use std::sync::{Arc, OnceLock};

use protocol::Password;
use security::{PasswordError, PasswordParams, password};
use tokio::sync::Semaphore;

use crate::{ChatError, Config};

/// What a caller who finds the queue full is told to wait, in milliseconds.
const RETRY_MS: u64 = 2_000;

/// The machine's capacity for password hashes.
pub(crate) struct Hashing {
    /// Places for those who are served and those who wait.
    places: Arc<Semaphore>,
    /// Places for those who are served.
    permits: Arc<Semaphore>,
    cost: Arc<Cost>,
}

struct Cost {
    params: PasswordParams,
    dummy: OnceLock<String>,
}

impl Cost {
    fn dummy(&self) -> Result<&str, PasswordError> {
        if let Some(dummy) = self.dummy.get() {
            return Ok(dummy);
        }
        let made = password::dummy_hash(&self.params)?;
        Ok(self.dummy.get_or_init(|| made))
    }
}

/// What comparing a password gave.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Not the one, or there was none to compare with.
    Wrong,
    /// The one.
    Right {
        /// The same password hashed again, if its hash was made at another cost.
        rehashed: Option<String>,
    },
}

impl Hashing {
    pub(crate) fn new(config: &Config) -> Self {
        let permits = config.hash_permits.clamp(1, Semaphore::MAX_PERMITS / 2);
        let waiting = config.hash_waiting.min(Semaphore::MAX_PERMITS / 2);
        Self {
            places: Arc::new(Semaphore::new(permits + waiting)),
            permits: Arc::new(Semaphore::new(permits)),
            cost: Arc::new(Cost {
                params: config.password,
                dummy: OnceLock::new(),
            }),
        }
    }

    /// Hashes a new password.
    pub(crate) async fn hash(&self, new: Password) -> Result<String, ChatError> {
        let cost = Arc::clone(&self.cost);
        self.run(move || password::hash(new.as_bytes(), &cost.params))
            .await
    }

    /// Compares a password with a stored hash; without one, with a hash that nothing matches,
    /// at the same cost.
    pub(crate) async fn verify(
        &self,
        typed: Password,
        stored: Option<String>,
    ) -> Result<Verdict, ChatError> {
        let cost = Arc::clone(&self.cost);
        self.run(move || {
            // Before it is known whether it is needed, so that making it shows nothing.
            let dummy = cost.dummy()?;
            let against = stored.as_deref().unwrap_or(dummy);
            let fits = password::verify(typed.as_bytes(), against)?;
            if !fits || stored.is_none() {
                return Ok(Verdict::Wrong);
            }
            let rehashed = password::needs_rehash(against, &cost.params)
                .then(|| password::hash(typed.as_bytes(), &cost.params))
                .transpose()?;
            Ok(Verdict::Right { rehashed })
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, ChatError> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return Err(ChatError::RateLimited {
                retry_after_ms: RETRY_MS,
            });
        };
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(ChatError::security)?;
        tokio::task::spawn_blocking(move || {
            let result = job();
            // Kept until here even if the caller has gone: the memory is in use until now.
            drop((permit, place));
            result
        })
        .await
        .map_err(ChatError::security)?
        .map_err(ChatError::security)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use super::*;

    const CHEAP: PasswordParams = PasswordParams {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };

    fn hashing(permits: usize, waiting: usize) -> Hashing {
        Hashing::new(&Config {
            password: CHEAP,
            hash_permits: permits,
            hash_waiting: waiting,
            ..Config::default()
        })
    }

    fn typed(text: &str) -> Password {
        Password::parse_existing(text.to_owned()).unwrap()
    }

    #[tokio::test]
    async fn verdicts() {
        let hashing = hashing(1, 1);
        let hash = hashing.hash(typed("correct horse")).await.unwrap();
        let verdict = |text: &str, stored: Option<&str>| {
            hashing.verify(typed(text), stored.map(str::to_owned))
        };
        assert_eq!(
            verdict("correct horse", Some(&hash)).await.unwrap(),
            Verdict::Right { rehashed: None }
        );
        assert_eq!(
            verdict("wrong horse", Some(&hash)).await.unwrap(),
            Verdict::Wrong
        );
        assert_eq!(
            verdict("correct horse", None).await.unwrap(),
            Verdict::Wrong
        );
        assert!(matches!(
            verdict("correct horse", Some("damaged")).await,
            Err(ChatError::Security(_))
        ));
    }

    #[tokio::test]
    async fn a_password_without_a_hash_is_compared_too() {
        let hashing = hashing(1, 1);
        // Comparing with this fails, so that whoever compares is seen.
        hashing.cost.dummy.set("damaged".to_owned()).unwrap();
        assert!(matches!(
            hashing.verify(typed("correct horse"), None).await,
            Err(ChatError::Security(_))
        ));
        let hash = hashing.hash(typed("correct horse")).await.unwrap();
        assert_eq!(
            hashing
                .verify(typed("correct horse"), Some(hash))
                .await
                .unwrap(),
            Verdict::Right { rehashed: None }
        );
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_made_again() {
        let dearer = PasswordParams { passes: 2, ..CHEAP };
        let old = password::hash(b"correct horse", &dearer).unwrap();
        let hashing = hashing(1, 1);
        let verdict = hashing
            .verify(typed("correct horse"), Some(old.clone()))
            .await
            .unwrap();
        let Verdict::Right {
            rehashed: Some(new),
        } = verdict
        else {
            panic!("{verdict:?}");
        };
        assert!(!password::needs_rehash(&new, &CHEAP));
        assert!(password::verify(b"correct horse", &new).unwrap());
        assert_eq!(
            hashing.verify(typed("wrong"), Some(old)).await.unwrap(),
            Verdict::Wrong
        );
    }

    #[tokio::test]
    async fn so_many_at_once_so_many_wait_the_rest_is_refused() {
        let hashing = Arc::new(hashing(2, 3));
        let running = Arc::new(AtomicUsize::new(0));
        let most = Arc::new(AtomicUsize::new(0));
        let (started, begun) = mpsc::channel();
        let mut gates = Vec::new();
        let mut tasks = Vec::new();
        for _ in 0..5 {
            let (open, gate) = mpsc::channel::<()>();
            gates.push(open);
            let (hashing, started) = (Arc::clone(&hashing), started.clone());
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            tasks.push(tokio::spawn(async move {
                hashing
                    .run(move || {
                        let now = running.fetch_add(1, Ordering::SeqCst) + 1;
                        most.fetch_max(now, Ordering::SeqCst);
                        started.send(()).ok();
                        gate.recv().ok();
                        running.fetch_sub(1, Ordering::SeqCst);
                        Ok(())
                    })
                    .await
            }));
        }
        // All five have taken their places once there is none left.
        while hashing.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        begun.recv().unwrap();
        begun.recv().unwrap();
        let refused = hashing.run(|| Ok(())).await;
        assert!(matches!(
            refused,
            Err(ChatError::RateLimited {
                retry_after_ms: RETRY_MS
            })
        ));
        // One that waits and is given up frees its place.
        tasks.pop().unwrap().abort();
        while hashing.places.available_permits() == 0 {
            tokio::task::yield_now().await;
        }
        drop(gates);
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), 2);
        assert_eq!(hashing.places.available_permits(), 5);
        assert!(hashing.run(|| Ok(())).await.is_ok());
    }
}
