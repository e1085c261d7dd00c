//! The store in memory, made slow and unreliable: calls are suspended in the middle, so that
//! others run in between and a crash finds them there, and fail before or after their change.

mod parts;

use std::sync::Mutex;

use async_trait::async_trait;
use chat::{
    Append, ArrangedRecord, Blocks, ConversationRecord, Created, CursorMove, DismissedRecord,
    Drafts, Expiries, Folders, IndexCursor, IndexKey, IndexRow, IndexSave, Invites, MemberRecord,
    MemoryStore, MessageRow, Privacies, Profiles, ReadCursor, Reminders, Reports, SavedMessages,
    Schedule, SessionRecord, Singleton, Store, StoreError, Threads, UserRecord,
};
use futures_util::FutureExt as _;
use protocol::{
    ConversationId, DisplayName, SearchTerm, Seq, SessionId, Timestamp, UserId, Username,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};

/// How unreliable a store is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Faults {
    /// Of 1,000 calls, how many fail; half of the writes among them do what they were asked.
    pub(crate) failing: u32,
    /// How often a call is suspended at most, before what it does and after.
    pub(crate) pauses: u32,
}

pub(crate) struct FaultyStore {
    inner: MemoryStore,
    state: Mutex<State>,
}

struct State {
    random: ChaCha8Rng,
    faults: Faults,
    failures: u64,
    failed_commits: u64,
}

impl FaultyStore {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            inner: MemoryStore::new(),
            state: Mutex::new(State {
                random: ChaCha8Rng::seed_from_u64(seed),
                faults: Faults::default(),
                failures: 0,
                failed_commits: 0,
            }),
        }
    }

    pub(crate) fn set(&self, faults: Faults) {
        self.state.lock().unwrap().faults = faults;
    }

    /// Calls that failed, and appends among them that were carried out all the same.
    pub(crate) fn failures(&self) -> (u64, u64) {
        let state = self.state.lock().unwrap();
        (state.failures, state.failed_commits)
    }

    /// Who wrote the first entry of a conversation: of a group, who made it. Read from the
    /// readable part of its row, without faults.
    pub(crate) fn first_author(&self, id: ConversationId) -> Option<UserId> {
        let rows = self.inner.messages(id, Seq(1), Seq(1)).now_or_never();
        let rows = rows.unwrap().unwrap();
        let author = rows.first()?.bytes.get(1..17)?;
        Some(UserId::from_bytes(author.try_into().unwrap()))
    }

    fn pauses(&self) -> u32 {
        let mut state = self.state.lock().unwrap();
        let most = state.faults.pauses;
        state.random.next_u32() % (most + 1)
    }

    fn fate(&self) -> Fate {
        let mut state = self.state.lock().unwrap();
        let drawn = state.random.next_u32() % 2_000;
        if drawn >= 2 * state.faults.failing {
            return Fate::Works;
        }
        state.failures += 1;
        if drawn.is_multiple_of(2) {
            Fate::FailsBefore
        } else {
            Fate::FailsAfter
        }
    }

    async fn suspended(&self) {
        for _ in 0..self.pauses() {
            tokio::task::yield_now().await;
        }
    }

    /// A call that fails now and then.
    async fn perhaps<T>(
        &self,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.suspended().await;
        let fate = self.fate();
        if fate == Fate::FailsBefore {
            return Err(unavailable());
        }
        let result = call.await;
        self.suspended().await;
        if fate == Fate::FailsAfter {
            return Err(unavailable());
        }
        result
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Works,
    FailsBefore,
    FailsAfter,
}

fn unavailable() -> StoreError {
    StoreError::Unavailable("a planned fault".to_owned())
}

#[async_trait]
impl Store for FaultyStore {
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
        self.inner.erase_conversation(id, limit).await
    }
    async fn has_accounts(&self) -> Result<bool, StoreError> {
        self.inner.has_accounts().await
    }
    async fn user(&self, id: UserId) -> Result<Option<UserRecord>, StoreError> {
        self.inner.user(id).await
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<UserRecord>, StoreError> {
        self.perhaps(self.inner.users(ids)).await
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
        self.inner.revoke_session(id, at).await
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
        let call = self
            .inner
            .create_conversation(conversation, members, singleton, first);
        self.perhaps(call).await
    }

    async fn conversation(
        &self,
        id: ConversationId,
    ) -> Result<Option<ConversationRecord>, StoreError> {
        self.perhaps(self.inner.conversation(id)).await
    }

    async fn members(&self, id: ConversationId) -> Result<Vec<MemberRecord>, StoreError> {
        self.perhaps(self.inner.members(id)).await
    }

    async fn conversations_of(
        &self,
        user: UserId,
        limit: usize,
    ) -> Result<Vec<ConversationId>, StoreError> {
        self.perhaps(self.inner.conversations_of(user, limit)).await
    }

    async fn save_read_cursors(&self, cursors: &[ReadCursor]) -> Result<(), StoreError> {
        self.perhaps(self.inner.save_read_cursors(cursors)).await
    }

    async fn cursor_moves(
        &self,
        conversation: ConversationId,
        users: &[UserId],
    ) -> Result<Vec<(UserId, Vec<CursorMove>)>, StoreError> {
        self.perhaps(self.inner.cursor_moves(conversation, users))
            .await
    }

    async fn arrange(&self, arranged: &ArrangedRecord) -> Result<(), StoreError> {
        self.perhaps(self.inner.arrange(arranged)).await
    }

    async fn dismiss(&self, dismissed: &DismissedRecord) -> Result<(), StoreError> {
        self.perhaps(self.inner.dismiss(dismissed)).await
    }

    async fn append(&self, append: &Append) -> Result<(), StoreError> {
        let mut stored = false;
        let call = async {
            let result = self.inner.append(append).await;
            stored = result.is_ok();
            result
        };
        let result = self.perhaps(call).await;
        if stored && result.is_err() {
            self.state.lock().unwrap().failed_commits += 1;
        }
        result
    }

    async fn messages(
        &self,
        conversation: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<MessageRow>, StoreError> {
        self.perhaps(self.inner.messages(conversation, from, to))
            .await
    }

    async fn rows(&self, places: &[(ConversationId, Seq)]) -> Result<Vec<MessageRow>, StoreError> {
        self.perhaps(self.inner.rows(places)).await
    }

    async fn checkpoint(&self, conversation: ConversationId) -> Result<Seq, StoreError> {
        self.perhaps(self.inner.checkpoint(conversation)).await
    }

    async fn index_cursors(
        &self,
        ids: &[ConversationId],
    ) -> Result<Vec<(ConversationId, IndexCursor)>, StoreError> {
        self.perhaps(self.inner.index_cursors(ids)).await
    }

    async fn index_rows(&self, keys: &[IndexKey]) -> Result<Vec<IndexRow>, StoreError> {
        self.perhaps(self.inner.index_rows(keys)).await
    }

    async fn save_index(&self, save: &IndexSave) -> Result<(), StoreError> {
        self.perhaps(self.inner.save_index(save)).await
    }

    async fn erase_index(&self, id: ConversationId, limit: usize) -> Result<bool, StoreError> {
        self.perhaps(self.inner.erase_index(id, limit)).await
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
        self
    }

    fn privacies(&self) -> &dyn Privacies {
        self
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
        self
    }

    fn expiries(&self) -> &dyn Expiries {
        self
    }

    async fn sync(&self) -> Result<(), StoreError> {
        self.perhaps(self.inner.sync()).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.inner.ping().await
    }

    async fn close(&self) {}
}
