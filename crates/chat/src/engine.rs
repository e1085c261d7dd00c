//! What the verbs, the committer and the tasks in the background share.
//!
//! [`crate::Chat`] is the API; the engine is behind it in an `Arc` of its own, so that tasks
//! can outlive a call without keeping the API alive.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use futures_util::FutureExt;
use parking_lot::Mutex;
use protocol::{ConversationId, Seq, UserId};
use tokio::sync::Semaphore;

use crate::accounts::Renamed;
use crate::announcements::News;
use crate::arranging::Arranging;
use crate::backlog::Backlog;
use crate::committer::Committer;
use crate::conversation_state::{Conversation, HeldBytes};
use crate::cursors::Noted;
use crate::hub::Hub;
use crate::load::Load;
use crate::page_cache::PageCache;
use crate::people::PeopleCache;
use crate::retries::Turns;
use crate::search::Index;
use crate::timer::Timer;
use crate::{ChatError, Config, Store, StoreError};

/// Conversations that are read from the store at the same time.
const LOADS: usize = 32;

pub(crate) struct Engine {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keys: Arc<security::KeyRing>,
    pub(crate) commit_batch: usize,
    /// Conversations held in memory, and bytes of messages in them.
    pub(crate) loaded_most: usize,
    pub(crate) loaded_bytes_most: u64,
    pub(crate) conversations: Mutex<HashMap<ConversationId, Arc<Conversation>>>,
    /// What of `loaded_bytes_most` is in use.
    pub(crate) held: HeldBytes,
    pub(crate) committer: Committer,
    pub(crate) load: Arc<Load>,
    pub(crate) hub: Hub,
    pub(crate) pages: PageCache,
    pub(crate) people: PeopleCache,
    pub(crate) counters: Counters,
    /// Read cursors that are not saved yet.
    pub(crate) cursors: Mutex<HashMap<(ConversationId, UserId), Noted>>,
    pub(crate) uncertain: Mutex<HashMap<ConversationId, Uncertain>>,
    /// What commits up to this number left behind when they failed is durable.
    synced_failures: AtomicU64,
    /// Conversations whose members are to be told that they have begun or changed.
    pub(crate) unannounced: Mutex<HashMap<ConversationId, News>>,
    /// Accounts with a name that is still to be told.
    pub(crate) renamed: Mutex<Renamed>,
    /// Closed accounts that are still in conversations.
    pub(crate) leaving: Backlog<UserId>,
    /// Conversations that nobody is in any more.
    pub(crate) erasing: Backlog<ConversationId>,
    pub(crate) loads: Semaphore,
    /// One block is changed at a time.
    pub(crate) blocking: tokio::sync::Mutex<()>,
    /// One link of a group is made at a time.
    pub(crate) making_links: tokio::sync::Mutex<()>,
    /// Shared by the commits by which somebody comes by a link, from reading it on; a link is
    /// revoked by whoever has it alone.
    pub(crate) following_links: tokio::sync::RwLock<()>,
    pub(crate) searches: Turns,
    pub(crate) index: Index,
    pub(crate) arranging: Arranging,
    /// What waits for its time is changed or sent by one at a time. Waited for with no other lock
    /// held.
    pub(crate) scheduling: tokio::sync::Mutex<()>,
    pub(crate) timer: Timer,
    draining: AtomicBool,
    /// Counts ticks; a coarse clock for what was used last.
    pub(crate) ticks: AtomicU64,
}

/// A conversation whose last commit had no known outcome.
pub(crate) struct Uncertain {
    /// The newest place that was delivered: what turns out to be stored after it is still to be
    /// delivered.
    pub(crate) delivered: Seq,
    /// Who was in it and had been told so, by user id.
    pub(crate) members: Vec<UserId>,
    /// Whether one of two waited for the other to answer.
    pub(crate) asking: bool,
    /// The number of the failure.
    pub(crate) failure: u64,
}

/// What is counted; all only grow.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) committed: AtomicU64,
    pub(crate) commits: AtomicU64,
    pub(crate) commits_failed: AtomicU64,
    pub(crate) duplicates: AtomicU64,
    pub(crate) unavailable: AtomicU64,
    pub(crate) unreadable: AtomicU64,
}

impl Engine {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        keys: Arc<security::KeyRing>,
        config: &Config,
    ) -> Self {
        Self {
            store,
            keys,
            commit_batch: config.commit_batch.max(1),
            loaded_most: config.loaded_conversations.max(1),
            loaded_bytes_most: config.page_cache_bytes,
            conversations: Mutex::new(HashMap::new()),
            held: HeldBytes::default(),
            committer: Committer::new(),
            load: Arc::new(Load::default()),
            hub: Hub::new(),
            pages: PageCache::new(config.page_cache_bytes),
            people: PeopleCache::new(),
            counters: Counters::default(),
            cursors: Mutex::new(HashMap::new()),
            uncertain: Mutex::new(HashMap::new()),
            synced_failures: AtomicU64::new(0),
            unannounced: Mutex::new(HashMap::new()),
            renamed: Mutex::default(),
            leaving: Backlog::default(),
            erasing: Backlog::default(),
            loads: Semaphore::new(LOADS),
            blocking: tokio::sync::Mutex::default(),
            making_links: tokio::sync::Mutex::default(),
            following_links: tokio::sync::RwLock::default(),
            searches: Turns::new(),
            index: Index::new(config.index),
            arranging: Arranging::default(),
            scheduling: tokio::sync::Mutex::default(),
            timer: Timer::default(),
            draining: AtomicBool::new(false),
            ticks: AtomicU64::new(0),
        }
    }

    /// Whether what a failed commit left behind is durable, and so may be taken for stored. A
    /// row that is only in memory can be read like any other until the process ends.
    pub(crate) async fn is_synced(&self, failure: u64) -> bool {
        if self.synced_failures.load(Ordering::SeqCst) >= failure {
            return true;
        }
        // Those that are counted have ended, so that this covers what they wrote.
        let ended = self.counters.commits_failed.load(Ordering::SeqCst);
        match guarded(self.store.sync()).await {
            Ok(()) => {
                self.synced_failures.fetch_max(ended, Ordering::SeqCst);
                true
            }
            Err(error) => {
                tracing::warn!(%error, "what failed commits left behind is not durable yet");
                false
            }
        }
    }

    /// Begins to drain; whether that was so already.
    pub(crate) fn start_draining(&self) -> bool {
        self.draining.swap(true, Ordering::SeqCst)
    }

    /// Asked by a send after it has entered the load, while a drain sets this before it waits
    /// for the load to end: one of the two sees the other.
    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }
}

/// Work with the store. A panic there is a failure like any other: it must end neither a task
/// in the background nor leave those waiting who share the work.
pub(crate) async fn guarded<T, E: Into<ChatError>>(
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, ChatError> {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(result) => result.map_err(Into::into),
        Err(_) => Err(StoreError::Unavailable("the store panicked".to_owned()).into()),
    }
}
