//! [`Chat`]: what is shared by all verbs.

use std::sync::Arc;

use protocol::Timestamp;

use crate::accounts::Accounts;
use crate::{ChatError, Store};

/// What [`Chat`] needs from outside.
pub struct Deps {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Master keys for sealing and token keys for signing.
    pub keys: Arc<security::KeyRing>,
    /// Bounds and lifetimes.
    pub config: Config,
}

/// Bounds and lifetimes; the defaults are for production.
#[derive(Debug, Clone)]
pub struct Config {
    /// Milliseconds an access token is valid; at most 15 minutes.
    pub access_ttl_ms: u64,
    /// Milliseconds a session lives without being refreshed.
    pub session_ttl_ms: u64,
    /// Milliseconds during which the refresh token before the current one still returns the
    /// current one, because two tabs may rotate at the same moment.
    pub refresh_grace_ms: u64,
    /// Cost of password hashing.
    pub password: security::PasswordParams,
    /// Password hashes computed at the same time; each takes the memory of its parameters.
    pub hash_permits: usize,
    /// Callers that may wait for a permit before further ones are refused.
    pub hash_waiting: usize,
    /// Bytes that the page cache may hold.
    pub page_cache_bytes: u64,
    /// Conversations whose state is held in memory.
    pub loaded_conversations: usize,
    /// Transactions of messages under way at the same time.
    pub commits_under_way: usize,
    /// Messages in one transaction.
    pub commit_batch: usize,
    /// Whether rate limits apply; off only for load tests.
    pub rate_limits: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            access_ttl_ms: 15 * 60 * 1_000,
            session_ttl_ms: 30 * 24 * 60 * 60 * 1_000,
            refresh_grace_ms: 30_000,
            password: security::PasswordParams::default(),
            hash_permits: 2,
            hash_waiting: 256,
            page_cache_bytes: 64 * 1024 * 1024,
            loaded_conversations: 20_000,
            commits_under_way: 4,
            commit_batch: 300,
            rate_limits: true,
        }
    }
}

/// Counters and gauges for `/metrics`. All counters only grow.
#[derive(Debug, Clone, Default)]
pub struct Metrics {
    /// Open connections.
    pub connections: u64,
    /// Messages committed.
    pub messages_committed: u64,
    /// Transactions of messages committed.
    pub commits: u64,
    /// Transactions of messages that failed.
    pub commits_failed: u64,
    /// Retries recognised as already stored.
    pub duplicates_recognised: u64,
    /// Frames handed to connections.
    pub frames_delivered: u64,
    /// Connections told to resynchronise.
    pub resyncs: u64,
    /// Page cache hits.
    pub page_cache_hits: u64,
    /// Page cache misses.
    pub page_cache_misses: u64,
    /// Bytes in the page cache.
    pub page_cache_bytes: u64,
    /// Conversations in memory.
    pub loaded_conversations: u64,
    /// Sign-ins that succeeded.
    pub sign_ins: u64,
    /// Sign-ins that were refused.
    pub sign_ins_refused: u64,
    /// Requests refused by a rate limit.
    pub rate_limited: u64,
}

/// The product.
pub struct Chat {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keys: Arc<security::KeyRing>,
    pub(crate) config: Config,
    /// Sessions, rate limits, hashing: see `accounts.rs`.
    pub(crate) accounts: Accounts,
}

impl Chat {
    /// Starts the product over a store: spawns the committer and the coalescing tick on the
    /// current Tokio runtime.
    ///
    /// # Errors
    /// [`ChatError::Store`] if the store does not answer.
    pub async fn open(deps: Deps, _now: Timestamp) -> Result<Arc<Self>, ChatError> {
        deps.store.ping().await?;
        let accounts = Accounts::new(&deps.config);
        Ok(Arc::new(Self {
            store: deps.store,
            keys: deps.keys,
            config: deps.config,
            accounts,
        }))
    }

    /// Closes every connection of a session at once with [`protocol::CloseCode::SessionEnded`].
    pub(crate) fn close_session(&self, _session: protocol::SessionId, _now: Timestamp) {}

    /// Periodic work, called about once a second with the current time: expires typing,
    /// sends coalesced presence, saves read cursors, forgets idle rate limits and conversations.
    pub async fn tick(&self, _now: Timestamp) {
        unimplemented!()
    }

    /// Counters and gauges.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        unimplemented!()
    }

    /// Whether the store answers and nothing is draining.
    ///
    /// # Errors
    /// [`ChatError`] with the cause.
    pub async fn ready(&self) -> Result<(), ChatError> {
        unimplemented!()
    }

    /// Stops in order: refuses new sends with `Draining`, tells every connection to come back
    /// after a jittered delay, waits for commits under way, saves cursors, closes the store.
    pub async fn drain(&self, _now: Timestamp) {
        unimplemented!()
    }
}
