//! [`Chat`]: what is shared by all verbs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use protocol::{CloseCode, ErrorCode, ServerFrame, SessionId, Timestamp};
use tokio::task::JoinHandle;

use crate::accounts::Accounts;
use crate::committer;
use crate::engine::{Engine, guarded};
use crate::hub::encode;
use crate::search;
use crate::{ChatError, Store};

/// The shortest time after which a connection comes back from a drain, and the time over which
/// all of them are spread.
const RECONNECT_MIN_MS: u64 = 500;
const RECONNECT_SPREAD_MS: u64 = 5_000;

/// How long a session that ended is remembered at least; longer than an access token lives.
const ENDED_SESSIONS_KEPT_MS: u64 = 16 * 60 * 1_000;

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
    /// Whether messages are indexed behind their commits; off only for tests. A search then
    /// looks at each.
    pub index: bool,
    /// Whether rate limits apply; off only for load tests.
    pub rate_limits: bool,
    /// Whether whoever writes to a person with whom they share nothing waits for an answer.
    pub message_requests: bool,
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
            index: true,
            rate_limits: true,
            message_requests: true,
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
    /// Stored messages that could not be read, each time they were met.
    pub messages_unavailable: u64,
    /// Conversations left out of a list or a resume because what is stored of them cannot be
    /// read, each time.
    pub conversations_unreadable: u64,
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
    /// Conversations of which something is to be indexed.
    pub index_waiting: u64,
    /// Entries that the index has followed; what is committed and not among them lags behind.
    pub index_entries: u64,
    /// Steps of the indexer that failed.
    pub index_failures: u64,
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
    pub(crate) engine: Arc<Engine>,
    workers: Mutex<Vec<JoinHandle<()>>>,
    ended_sessions_kept_since: Mutex<Timestamp>,
}

impl Chat {
    /// Starts the product over a store: spawns the committer and the indexer on the current Tokio runtime.
    ///
    /// # Errors
    /// [`ChatError::Store`] if the store does not answer.
    pub async fn open(deps: Deps, now: Timestamp) -> Result<Arc<Self>, ChatError> {
        let Deps {
            store,
            keys,
            config,
        } = deps;
        store.ping().await?;
        let accounts = Accounts::new(&config);
        let engine = Engine::new(Arc::clone(&store), Arc::clone(&keys), &config);
        let engine = Arc::new(engine);
        let committers = (0..config.commits_under_way.max(1))
            .map(|_| tokio::spawn(committer::work(Arc::clone(&engine))));
        let mut workers: Vec<_> = committers.collect();
        workers.push(tokio::spawn(search::work(Arc::clone(&engine))));
        let chat = Arc::new(Self {
            store,
            keys,
            config,
            accounts,
            engine,
            workers: Mutex::new(workers),
            ended_sessions_kept_since: Mutex::new(now),
        });
        chat.go_on_leaving(now).await?;
        chat.go_on_erasing().await?;
        Ok(chat)
    }

    /// Closes every connection of a session at once with [`protocol::CloseCode::SessionEnded`].
    pub(crate) fn close_session(&self, session: SessionId, now: Timestamp) {
        self.engine.hub.close_session(session, now);
    }

    /// Periodic work, called about once a second with the current time: expires typing and
    /// sessions, sends coalesced presence, saves read cursors, forgets idle rate limits and
    /// conversations.
    pub async fn tick(&self, now: Timestamp) {
        let engine = &self.engine;
        engine.ticks.fetch_add(1, Ordering::Relaxed);
        engine.hub.tick(now);
        self.end_expired(now).await;
        self.accounts.forget_idle(now);
        self.forget_ended_sessions(now);
        engine.unload();
        engine.hub.forget_apart();
        engine.hub.forget_hiding();
        engine.save_cursors().await;
        engine.settle_arranged().await;
        engine.settle_dismissed().await;
        engine.settle_untold().await;
        engine.settle_profiles(now).await;
        engine.settle_uncertain().await;
        engine.announce_late().await;
        engine.leave_on(now);
        engine.erase_on();
        engine.index.queue.tick();
    }

    fn forget_ended_sessions(&self, now: Timestamp) {
        let mut since = self.ended_sessions_kept_since.lock();
        if now.millis_since(*since) > ENDED_SESSIONS_KEPT_MS {
            *since = now;
            self.engine.hub.forget_ended_sessions();
        }
    }

    /// Counters and gauges.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        let engine = &self.engine;
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let mut metrics = Metrics {
            connections: engine.hub.connections() as u64,
            messages_committed: count(&engine.counters.committed),
            messages_unavailable: count(&engine.counters.unavailable),
            conversations_unreadable: count(&engine.counters.unreadable),
            commits: count(&engine.counters.commits),
            commits_failed: count(&engine.counters.commits_failed),
            duplicates_recognised: count(&engine.counters.duplicates),
            frames_delivered: engine.hub.frames_delivered(),
            resyncs: engine.hub.resyncs(),
            page_cache_hits: engine.pages.hits(),
            page_cache_misses: engine.pages.misses(),
            page_cache_bytes: engine.pages.bytes(),
            loaded_conversations: engine.conversations.lock().len() as u64,
            index_waiting: engine.index.queue.waiting(),
            index_entries: engine.index.queue.entries(),
            index_failures: engine.index.queue.failures(),
            ..Metrics::default()
        };
        self.accounts.report(&mut metrics);
        metrics
    }

    /// Whether the store answers and nothing is draining.
    ///
    /// # Errors
    /// [`ChatError`] with the cause.
    pub async fn ready(&self) -> Result<(), ChatError> {
        if self.engine.is_draining() {
            return Err(ErrorCode::Draining.into());
        }
        guarded(self.store.ping()).await
    }

    /// Whether anybody has an account.
    ///
    /// # Errors
    /// `Store`.
    pub async fn has_accounts(&self) -> Result<bool, ChatError> {
        guarded(self.store.has_accounts()).await
    }

    /// Stops in order: refuses new sends with `Draining`, tells every connection to come back
    /// after a jittered delay, waits for commits under way, saves cursors, closes the store.
    /// Connections are closed when their last ack is on its way.
    pub async fn drain(&self, now: Timestamp) {
        let engine = &self.engine;
        if engine.start_draining() {
            return;
        }
        let lines = engine.hub.all();
        tracing::info!(connections = lines.len(), at = now.millis(), "draining");
        for (at, line) in lines.iter().enumerate() {
            let frame = ServerFrame::Draining {
                reconnect_after_ms: reconnect_after(at, lines.len()),
            };
            engine
                .hub
                .count_delivered(u64::from(line.control(encode(line.codec, &frame))));
        }
        engine.load.idle().await;
        for line in &lines {
            line.close(CloseCode::Restart);
        }
        engine.committer.stop();
        engine.index.queue.stop();
        let workers = std::mem::take(&mut *self.workers.lock());
        for worker in workers {
            if let Err(error) = worker.await {
                tracing::error!(%error, "a worker ended in a panic");
            }
        }
        engine.save_cursors().await;
        self.store.close().await;
    }
}

impl Drop for Chat {
    /// The workers hold the engine, so they are told when nobody can call it any more.
    fn drop(&mut self) {
        self.engine.committer.stop();
        self.engine.index.queue.stop();
    }
}

/// When the `at`-th of `count` connections is to come back: spread evenly, so that the next
/// server meets them one after another.
fn reconnect_after(at: usize, count: usize) -> u32 {
    let share = at as u64 * RECONNECT_SPREAD_MS / (count.max(1) as u64);
    u32::try_from(RECONNECT_MIN_MS + share).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_come_back_one_after_another() {
        let delays: Vec<_> = (0..5).map(|at| reconnect_after(at, 5)).collect();
        assert_eq!(delays, [500, 1_500, 2_500, 3_500, 4_500]);
        assert_eq!(reconnect_after(0, 1), 500);
    }
}
