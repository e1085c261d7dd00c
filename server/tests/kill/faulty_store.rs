//! A store that crashes at a named point, around the real one. Everything but `append` is
//! passed on.

use std::process::Command;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chat::{
    Append, ArrangedRecord, Blocks, ConversationRecord, Created, CursorMove, DismissedRecord,
    Drafts, Expiries, Folders, IndexCursor, IndexKey, IndexRow, IndexSave, Invites, MemberRecord,
    MessageRow, Privacies, Profiles, ReadCursor, Reminders, Reports, SavedMessages, Schedule,
    SessionRecord, Singleton, Store, StoreError, Threads, UserRecord,
};
use protocol::{
    ConversationId, DisplayName, SearchTerm, Seq, SessionId, Timestamp, UserId, Username,
};

/// What goes wrong, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// SIGKILL when the n-th append begins.
    BeforeCommit(u64),
    /// SIGKILL when the n-th append is durable and nobody knows yet.
    AfterCommit(u64),
    /// The defect that the checker must find: an append is called durable at once and written
    /// so many milliseconds later.
    AckBeforeCommit(u64),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::BeforeCommit(n) => write!(f, "before-commit:{n}"),
            Self::AfterCommit(n) => write!(f, "after-commit:{n}"),
            Self::AckBeforeCommit(delay) => write!(f, "ack-before-commit:{delay}"),
        }
    }
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, number) = text.split_once(':').unwrap_or((text, "0"));
        let number = number.parse().map_err(|e| format!("{text}: {e}"))?;
        match name {
            "none" => Ok(Self::None),
            "before-commit" => Ok(Self::BeforeCommit(number)),
            "after-commit" => Ok(Self::AfterCommit(number)),
            "ack-before-commit" => Ok(Self::AckBeforeCommit(number)),
            _ => Err(format!("{text}: no such fault")),
        }
    }
}

pub(crate) struct FaultyStore {
    inner: Arc<dyn Store>,
    fault: Fault,
    appends: AtomicU64,
    dying: AtomicBool,
}

impl FaultyStore {
    pub(crate) fn new(inner: Arc<dyn Store>, fault: Fault) -> Self {
        Self {
            inner,
            fault,
            appends: AtomicU64::new(0),
            dying: AtomicBool::new(false),
        }
    }

    /// Ends this process as the kernel would, and lets no append return until then.
    async fn die(&self) -> Result<(), StoreError> {
        if !self.dying.swap(true, Ordering::SeqCst) {
            let kill = Command::new("kill")
                .args(["-KILL", &std::process::id().to_string()])
                .status();
            assert!(kill.is_ok(), "no kill: {kill:?}");
        }
        std::future::pending().await
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn append(&self, append: &Append) -> Result<(), StoreError> {
        let n = self.appends.fetch_add(1, Ordering::SeqCst) + 1;
        if self.dying.load(Ordering::SeqCst) || self.fault == Fault::BeforeCommit(n) {
            return self.die().await;
        }
        if let Fault::AckBeforeCommit(delay) = self.fault {
            let (inner, append) = (Arc::clone(&self.inner), append.clone());
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(delay)).await;
                inner.append(&append).await
            });
            return Ok(());
        }
        let result = self.inner.append(append).await;
        if self.dying.load(Ordering::SeqCst) || self.fault == Fault::AfterCommit(n) {
            return self.die().await;
        }
        result
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
        self.inner
            .create_conversation(conversation, members, singleton, first)
            .await
    }
    async fn conversation(
        &self,
        id: ConversationId,
    ) -> Result<Option<ConversationRecord>, StoreError> {
        self.inner.conversation(id).await
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
    async fn save_read_cursors(&self, cursors: &[ReadCursor]) -> Result<(), StoreError> {
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
        self.inner.arrange(arranged).await
    }
    async fn dismiss(&self, dismissed: &DismissedRecord) -> Result<(), StoreError> {
        self.inner.dismiss(dismissed).await
    }
    async fn messages(
        &self,
        conversation: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<MessageRow>, StoreError> {
        self.inner.messages(conversation, from, to).await
    }
    async fn rows(&self, places: &[(ConversationId, Seq)]) -> Result<Vec<MessageRow>, StoreError> {
        self.inner.rows(places).await
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
        self.inner.save_index(save).await
    }

    async fn erase_index(&self, id: ConversationId, limit: usize) -> Result<bool, StoreError> {
        self.inner.erase_index(id, limit).await
    }

    fn blocks(&self) -> &dyn Blocks {
        self.inner.blocks()
    }

    fn drafts(&self) -> &dyn Drafts {
        self.inner.drafts()
    }

    fn folders(&self) -> &dyn Folders {
        self.inner.folders()
    }

    fn invites(&self) -> &dyn Invites {
        self.inner.invites()
    }

    fn reminders(&self) -> &dyn Reminders {
        self.inner.reminders()
    }

    fn reports(&self) -> &dyn Reports {
        self.inner.reports()
    }

    fn privacies(&self) -> &dyn Privacies {
        self.inner.privacies()
    }

    fn profiles(&self) -> &dyn Profiles {
        self.inner.profiles()
    }

    fn saved(&self) -> &dyn SavedMessages {
        self.inner.saved()
    }

    fn schedule(&self) -> &dyn Schedule {
        self.inner.schedule()
    }

    fn threads(&self) -> &dyn Threads {
        self.inner.threads()
    }

    fn expiries(&self) -> &dyn Expiries {
        self.inner.expiries()
    }

    async fn sync(&self) -> Result<(), StoreError> {
        self.inner.sync().await
    }
    async fn ping(&self) -> Result<(), StoreError> {
        self.inner.ping().await
    }
    async fn close(&self) {
        self.inner.close().await;
    }
}
