//! What the verbs, the committer and the tasks in the background share.
//!
//! [`crate::Chat`] is the API; the engine is behind it in an `Arc` of its own, so that tasks
//! can outlive a call without keeping the API alive.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use parking_lot::Mutex;
use protocol::{ConversationId, Seq, UserId};
use tokio::sync::Semaphore;

use crate::committer::{Committer, Load};
use crate::conversation_state::Conversation;
use crate::hub::Hub;
use crate::page_cache::PageCache;
use crate::people::PeopleCache;
use crate::{Config, Store};

/// Conversations that are read from the store at the same time.
const LOADS: usize = 32;

/// Searches for the first copy of a retry at the same time.
const SEARCHES: usize = 4;

pub(crate) struct Engine {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keys: Arc<security::KeyRing>,
    pub(crate) commit_batch: usize,
    /// Conversations held in memory, and bytes of messages in them.
    pub(crate) loaded_most: usize,
    pub(crate) loaded_bytes_most: u64,
    pub(crate) conversations: Mutex<HashMap<ConversationId, Arc<Conversation>>>,
    pub(crate) committer: Committer,
    pub(crate) load: Arc<Load>,
    pub(crate) hub: Hub,
    pub(crate) pages: PageCache,
    pub(crate) people: PeopleCache,
    pub(crate) counters: Counters,
    /// Read cursors that are not saved yet.
    pub(crate) cursors: Mutex<HashMap<(ConversationId, UserId), Seq>>,
    pub(crate) loads: Semaphore,
    pub(crate) searches: Semaphore,
    pub(crate) draining: AtomicBool,
    /// Counts ticks; a coarse clock for what was used last.
    pub(crate) ticks: AtomicU64,
}

/// What is counted; all only grow.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) committed: AtomicU64,
    pub(crate) commits: AtomicU64,
    pub(crate) commits_failed: AtomicU64,
    pub(crate) duplicates: AtomicU64,
    pub(crate) unavailable: AtomicU64,
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
            committer: Committer::new(),
            load: Arc::new(Load::default()),
            hub: Hub::new(),
            pages: PageCache::new(config.page_cache_bytes),
            people: PeopleCache::new(),
            counters: Counters::default(),
            cursors: Mutex::new(HashMap::new()),
            loads: Semaphore::new(LOADS),
            searches: Semaphore::new(SEARCHES),
            draining: AtomicBool::new(false),
            ticks: AtomicU64::new(0),
        }
    }
}
