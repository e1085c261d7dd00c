//! A store that fails when told to, around the one in memory.

mod own;
mod parts;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};

use async_trait::async_trait;
use chat::{
    Append, ArrangedRecord, Blocks, ConversationRecord, Created, CursorMove, DismissedRecord,
    Drafts, Expiries, Folders, IndexCursor, IndexKey, IndexRow, IndexSave, Invites, MemberRecord,
    MemoryStore, MessageRow, Privacies, Profiles, ReadCursor, Reminders, Reports, SavedMessages,
    Schedule, SessionRecord, Singleton, Store, StoreError, Threads, UserRecord,
};
use parking_lot::Mutex;
use protocol::{
    ConversationId, DisplayName, SearchTerm, Seq, SessionId, Timestamp, UserId, Username,
};
use tokio::sync::Semaphore;

use self::own::OwnFaults;

/// What becomes of one append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is refused, nothing is stored.
    Full,
    /// It fails, nothing is stored.
    Lost,
    /// It fails, everything is stored.
    StoredAndFailed,
    /// It fails, and what it was to store can be read until the power is lost.
    InMemoryOnly,
    /// It panics, nothing is stored.
    Panic,
    /// It panics, everything is stored.
    StoredAndPanic,
}

pub(crate) struct FaultyStore {
    inner: MemoryStore,
    /// For the next appends, in this order; then they succeed.
    faults: Mutex<VecDeque<Fault>>,
    /// Whether every read of messages fails.
    reads_fail: AtomicBool,
    /// Whether every call that opens a conversation panics.
    loads_panic: AtomicBool,
    cursors_fail: AtomicBool,
    /// Whether arranging fails, and whether it is stored all the same.
    arranging_fails: AtomicBool,
    arranging_stores: AtomicBool,
    /// Whether a conversation that is made is said not to be.
    creations_fail: AtomicBool,
    /// Whether a session that is revoked is said not to be.
    revocations_fail: AtomicBool,
    closed: AtomicBool,
    /// Appends that wait for a permit each, while there is one.
    gate: Mutex<Option<Arc<Semaphore>>>,
    /// Reads of messages, likewise.
    read_gate: Mutex<Option<Arc<Semaphore>>>,
    appends: AtomicUsize,
    /// The rows of each append.
    batches: Mutex<Vec<usize>>,
    message_reads: AtomicUsize,
    row_reads: AtomicUsize,
    /// What can be read and is not durable.
    unsynced: Mutex<Vec<MessageRow>>,
    syncs_fail: AtomicBool,
    index_fails: AtomicBool,
    erasing_fails: AtomicBool,
    /// The shards of a great block of the index that can be joined.
    joined_shards: AtomicU16,
    /// A message whose row comes back changed.
    damaged: Mutex<Option<(ConversationId, Seq)>>,
    /// A conversation whose record cannot be read.
    unreadable: Mutex<Option<ConversationId>>,
    /// The rows from here on are gone.
    gone: Mutex<Option<(ConversationId, Seq)>>,
    own_faults: OwnFaults,
}

impl FaultyStore {
    pub(crate) fn new() -> Self {
        Self {
            inner: MemoryStore::new(),
            faults: Mutex::default(),
            reads_fail: AtomicBool::new(false),
            loads_panic: AtomicBool::new(false),
            cursors_fail: AtomicBool::new(false),
            arranging_fails: AtomicBool::new(false),
            arranging_stores: AtomicBool::new(false),
            creations_fail: AtomicBool::new(false),
            revocations_fail: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            gate: Mutex::new(None),
            read_gate: Mutex::new(None),
            appends: AtomicUsize::new(0),
            batches: Mutex::default(),
            message_reads: AtomicUsize::new(0),
            row_reads: AtomicUsize::new(0),
            unsynced: Mutex::default(),
            syncs_fail: AtomicBool::new(false),
            index_fails: AtomicBool::new(false),
            erasing_fails: AtomicBool::new(false),
            joined_shards: AtomicU16::new(u16::MAX),
            damaged: Mutex::new(None),
            unreadable: Mutex::new(None),
            gone: Mutex::new(None),
            own_faults: OwnFaults::default(),
        }
    }

    pub(crate) fn fail_next(&self, faults: &[Fault]) {
        self.faults.lock().extend(faults);
    }

    /// Whether all the faults have happened.
    pub(crate) fn is_sound(&self) -> bool {
        self.faults.lock().is_empty()
    }

    pub(crate) fn fail_reads(&self, fail: bool) {
        self.reads_fail.store(fail, Ordering::SeqCst);
    }

    pub(crate) fn panic_at_loads(&self, panic: bool) {
        self.loads_panic.store(panic, Ordering::SeqCst);
    }

    pub(crate) fn fail_syncs(&self, fail: bool) {
        self.syncs_fail.store(fail, Ordering::SeqCst);
    }

    /// Joining the index fails after so many shards of a block.
    pub(crate) fn join_up_to(&self, shards: u16) {
        self.joined_shards.store(shards, Ordering::SeqCst);
    }

    pub(crate) fn fail_erasing(&self, fail: bool) {
        self.erasing_fails.store(fail, Ordering::SeqCst);
    }

    pub(crate) fn fail_index(&self, fail: bool) {
        self.index_fails.store(fail, Ordering::SeqCst);
    }

    /// What is not durable is gone.
    pub(crate) fn lose_power(&self) {
        self.unsynced.lock().clear();
    }

    pub(crate) fn fail_cursors(&self, fail: bool) {
        self.cursors_fail.store(fail, Ordering::SeqCst);
    }

    pub(crate) fn fail_creations(&self, fail: bool) {
        self.creations_fail.store(fail, Ordering::SeqCst);
    }

    pub(crate) fn fail_revocations(&self, fail: bool) {
        self.revocations_fail.store(fail, Ordering::SeqCst);
    }

    /// Appends wait from now on for a permit of what is returned.
    pub(crate) fn hold_appends(&self) -> Arc<Semaphore> {
        let gate = Arc::new(Semaphore::new(0));
        *self.gate.lock() = Some(Arc::clone(&gate));
        gate
    }

    /// Appends wait no longer.
    pub(crate) fn let_appends_go(&self, gate: &Semaphore) {
        *self.gate.lock() = None;
        gate.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    /// Reads of messages wait from now on for a permit of what is returned, before their result
    /// is given back.
    pub(crate) fn hold_reads(&self) -> Arc<Semaphore> {
        let gate = Arc::new(Semaphore::new(0));
        *self.read_gate.lock() = Some(Arc::clone(&gate));
        gate
    }

    pub(crate) fn release_reads(&self) {
        if let Some(gate) = self.read_gate.lock().take() {
            gate.add_permits(Semaphore::MAX_PERMITS);
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    pub(crate) fn appends(&self) -> usize {
        self.appends.load(Ordering::SeqCst)
    }

    pub(crate) fn batches(&self) -> Vec<usize> {
        self.batches.lock().clone()
    }

    pub(crate) fn damage(&self, conversation: ConversationId, seq: Seq) {
        *self.damaged.lock() = Some((conversation, seq));
    }

    pub(crate) fn spoil(&self, conversation: ConversationId) {
        *self.unreadable.lock() = Some(conversation);
    }

    pub(crate) fn lose_rows(&self, conversation: ConversationId, from: Seq) {
        *self.gone.lock() = Some((conversation, from));
    }

    pub(crate) fn message_reads(&self) -> usize {
        self.message_reads.load(Ordering::SeqCst)
    }

    /// Reads of rows that lie apart.
    pub(crate) fn row_reads(&self) -> usize {
        self.row_reads.load(Ordering::SeqCst)
    }

    fn do_damage(&self, rows: &mut [MessageRow]) {
        let damaged = *self.damaged.lock();
        for row in rows {
            if damaged == Some((row.conversation, row.seq)) {
                let mut bytes = row.bytes.to_vec();
                if let Some(last) = bytes.last_mut() {
                    *last ^= 1;
                }
                row.bytes = bytes.into();
            }
        }
    }

    fn unavailable() -> StoreError {
        StoreError::Unavailable("a test says so".to_owned())
    }

    async fn append_with(&self, fault: Fault, append: &Append) -> Result<(), StoreError> {
        match fault {
            Fault::Full => return Err(StoreError::Full("a test says so".to_owned())),
            Fault::Lost => return Err(Self::unavailable()),
            Fault::Panic => {}
            Fault::StoredAndFailed => {
                self.inner.append(append).await?;
                return Err(Self::unavailable());
            }
            Fault::InMemoryOnly => {
                assert!(append.checkpoints.is_empty(), "not kept here");
                self.unsynced.lock().extend_from_slice(&append.rows);
                return Err(Self::unavailable());
            }
            Fault::StoredAndPanic => self.inner.append(append).await?,
        }
        panic!("a test says so");
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn append(&self, append: &Append) -> Result<(), StoreError> {
        self.appends.fetch_add(1, Ordering::SeqCst);
        self.batches.lock().push(append.rows.len());
        let gate = self.gate.lock().clone();
        if let Some(gate) = gate {
            gate.acquire().await.unwrap().forget();
        }
        let fault = self.faults.lock().pop_front();
        match fault {
            None => self.inner.append(append).await,
            Some(fault) => self.append_with(fault, append).await,
        }
    }

    async fn messages(
        &self,
        conversation: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<MessageRow>, StoreError> {
        self.message_reads.fetch_add(1, Ordering::SeqCst);
        if self.reads_fail.load(Ordering::SeqCst) {
            return Err(Self::unavailable());
        }
        let mut rows = self.inner.messages(conversation, from, to).await?;
        rows.extend(
            self.unsynced
                .lock()
                .iter()
                .filter(|row| {
                    let places = from..=to;
                    row.conversation == conversation && places.contains(&row.seq)
                })
                .cloned(),
        );
        if let Some((lost, from)) = *self.gone.lock() {
            rows.retain(|row| row.conversation != lost || row.seq < from);
        }
        let gate = self.read_gate.lock().clone();
        if let Some(gate) = gate {
            gate.acquire().await.unwrap().forget();
        }
        self.do_damage(&mut rows);
        Ok(rows)
    }

    async fn rows(&self, places: &[(ConversationId, Seq)]) -> Result<Vec<MessageRow>, StoreError> {
        self.row_reads.fetch_add(1, Ordering::SeqCst);
        if self.reads_fail.load(Ordering::SeqCst) {
            return Err(Self::unavailable());
        }
        let mut rows = self.inner.rows(places).await?;
        self.do_damage(&mut rows);
        Ok(rows)
    }

    async fn conversation(
        &self,
        id: ConversationId,
    ) -> Result<Option<ConversationRecord>, StoreError> {
        if self.loads_panic.load(Ordering::SeqCst) {
            panic!("a test says so");
        }
        if *self.unreadable.lock() == Some(id) {
            return Err(StoreError::Corrupt("a test says so".to_owned()));
        }
        self.inner.conversation(id).await
    }

    async fn save_read_cursors(&self, cursors: &[ReadCursor]) -> Result<(), StoreError> {
        if self.cursors_fail.load(Ordering::SeqCst) {
            return Err(Self::unavailable());
        }
        self.inner.save_read_cursors(cursors).await
    }

    async fn cursor_moves(
        &self,
        conversation: ConversationId,
        users: &[UserId],
    ) -> Result<Vec<(UserId, Vec<CursorMove>)>, StoreError> {
        self.inner.cursor_moves(conversation, users).await
    }

    async fn arrange(&self, arranged: &ArrangedRecord) -> Result<(), StoreError> {
        if self.arranging_fails.load(Ordering::SeqCst) {
            if self.arranging_stores.load(Ordering::SeqCst) {
                self.inner.arrange(arranged).await?;
            }
            return Err(Self::unavailable());
        }
        self.inner.arrange(arranged).await
    }

    async fn dismiss(&self, dismissed: &DismissedRecord) -> Result<(), StoreError> {
        if self.arranging_fails.load(Ordering::SeqCst) {
            if self.arranging_stores.load(Ordering::SeqCst) {
                self.inner.dismiss(dismissed).await?;
            }
            return Err(Self::unavailable());
        }
        self.inner.dismiss(dismissed).await
    }

    async fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.inner.close().await;
    }

    async fn insert_user(&self, user: &UserRecord) -> Result<(), StoreError> {
        self.inner.insert_user(user).await
    }

    async fn close_account(&self, user: UserId) -> Result<(), StoreError> {
        self.inner.close_account(user).await
    }
    async fn closing_accounts(&self, limit: usize) -> Result<Vec<UserId>, StoreError> {
        self.inner.closing_accounts(limit).await
    }
    async fn emptied_conversations(&self, limit: usize) -> Result<Vec<ConversationId>, StoreError> {
        self.inner.emptied_conversations(limit).await
    }
    async fn account_closed(&self, user: UserId) -> Result<(), StoreError> {
        self.inner.account_closed(user).await
    }
    async fn erase_conversation(
        &self,
        id: ConversationId,
        limit: usize,
    ) -> Result<bool, StoreError> {
        if self.erasing_fails.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("erasing fails".into()));
        }
        self.inner.erase_conversation(id, limit).await
    }
    async fn has_accounts(&self) -> Result<bool, StoreError> {
        self.inner.has_accounts().await
    }
    async fn user(&self, id: UserId) -> Result<Option<UserRecord>, StoreError> {
        self.inner.user(id).await
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<UserRecord>, StoreError> {
        self.inner.users(ids).await
    }

    async fn user_by_username(&self, name: &Username) -> Result<Option<UserRecord>, StoreError> {
        self.inner.user_by_username(name).await
    }

    async fn user_by_email(&self, index: &[u8; 32]) -> Result<Option<UserRecord>, StoreError> {
        self.inner.user_by_email(index).await
    }

    async fn set_password_hash(
        &self,
        user: UserId,
        was: &str,
        hash: &str,
    ) -> Result<(), StoreError> {
        self.inner.set_password_hash(user, was, hash).await
    }

    async fn rename_user(&self, user: UserId, name: &DisplayName) -> Result<(), StoreError> {
        self.inner.rename_user(user, name).await
    }

    async fn search_users(
        &self,
        term: &SearchTerm,
        limit: usize,
    ) -> Result<Vec<UserRecord>, StoreError> {
        self.inner.search_users(term, limit).await
    }

    async fn insert_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        self.inner.insert_session(session).await
    }

    async fn session(&self, id: SessionId) -> Result<Option<SessionRecord>, StoreError> {
        self.inner.session(id).await
    }

    async fn sessions_of(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        self.inner.sessions_of(user, now).await
    }

    async fn rotate_session(
        &self,
        session: &SessionRecord,
        expected: u32,
    ) -> Result<(), StoreError> {
        self.inner.rotate_session(session, expected).await
    }

    async fn revoke_session(&self, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
        self.inner.revoke_session(id, at).await?;
        if self.revocations_fail.load(Ordering::SeqCst) {
            return Err(Self::unavailable());
        }
        Ok(())
    }

    async fn forget_sessions(
        &self,
        user: UserId,
        until: Timestamp,
        limit: usize,
    ) -> Result<(), StoreError> {
        self.inner.forget_sessions(user, until, limit).await
    }

    async fn create_conversation(
        &self,
        conversation: &ConversationRecord,
        members: &[MemberRecord],
        singleton: Option<Singleton>,
        first: Option<&MessageRow>,
    ) -> Result<Created, StoreError> {
        let made = self
            .inner
            .create_conversation(conversation, members, singleton, first)
            .await?;
        if self.creations_fail.load(Ordering::SeqCst) {
            return Err(Self::unavailable());
        }
        Ok(made)
    }

    async fn members(&self, id: ConversationId) -> Result<Vec<MemberRecord>, StoreError> {
        self.inner.members(id).await
    }

    async fn conversations_of(
        &self,
        user: UserId,
        limit: usize,
    ) -> Result<Vec<ConversationId>, StoreError> {
        self.inner.conversations_of(user, limit).await
    }

    async fn checkpoint(&self, conversation: ConversationId) -> Result<Seq, StoreError> {
        self.inner.checkpoint(conversation).await
    }

    async fn index_cursors(
        &self,
        ids: &[ConversationId],
    ) -> Result<Vec<(ConversationId, IndexCursor)>, StoreError> {
        self.inner.index_cursors(ids).await
    }

    async fn index_rows(&self, keys: &[IndexKey]) -> Result<Vec<IndexRow>, StoreError> {
        self.inner.index_rows(keys).await
    }

    async fn save_index(&self, save: &IndexSave) -> Result<(), StoreError> {
        let shards = self.joined_shards.load(Ordering::SeqCst);
        if self.index_fails.load(Ordering::SeqCst) || save.cursor.joined_shards > shards {
            return Err(Self::unavailable());
        }
        self.inner.save_index(save).await
    }

    async fn erase_index(&self, id: ConversationId, limit: usize) -> Result<bool, StoreError> {
        self.inner.erase_index(id, limit).await
    }

    fn blocks(&self) -> &dyn Blocks {
        self
    }

    fn drafts(&self) -> &dyn Drafts {
        self
    }

    fn folders(&self) -> &dyn Folders {
        self
    }

    fn invites(&self) -> &dyn Invites {
        self
    }

    fn reminders(&self) -> &dyn Reminders {
        self
    }

    fn reports(&self) -> &dyn Reports {
        self.inner.reports()
    }

    fn privacies(&self) -> &dyn Privacies {
        self.inner.privacies()
    }

    fn profiles(&self) -> &dyn Profiles {
        self
    }

    fn saved(&self) -> &dyn SavedMessages {
        self
    }

    fn schedule(&self) -> &dyn Schedule {
        self
    }

    fn threads(&self) -> &dyn Threads {
        self.inner.threads()
    }

    fn expiries(&self) -> &dyn Expiries {
        self.inner.expiries()
    }

    async fn sync(&self) -> Result<(), StoreError> {
        if self.syncs_fail.load(Ordering::SeqCst) {
            return Err(Self::unavailable());
        }
        let rows = std::mem::take(&mut *self.unsynced.lock());
        let append = Append {
            rows,
            ..Append::default()
        };
        self.inner.append(&append).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.inner.ping().await
    }
}
