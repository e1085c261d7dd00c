//! The store in memory, made to fail and to be watched.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use chat::{
    Append, ArrangedRecord, Blocks, ConversationRecord, Created, CursorMove, DismissedRecord,
    Drafts, Expiries, Folders, IndexCursor, IndexKey, IndexRow, IndexSave, Invites, MemberRecord,
    MemoryStore, MessageRow, Privacies, Profiles, ReadCursor, Reminders, Reports, SavedMessages,
    SavedRecord, Schedule, SessionRecord, Singleton, Store, StoreError, Threads, UserRecord,
};
use protocol::{
    ConversationId, DisplayName, SavedPlace, SearchTerm, Seq, SessionId, Timestamp, UserId,
    Username,
};
use tokio::sync::watch;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// No room on the device: writes fail, reads go on.
    Full,
    /// Reading messages or sessions of an account panics.
    Panic,
    /// Commits of messages wait until this changes.
    Hold,
}

/// A store in memory that fails as it is told and keeps a copy of everything written to it.
pub(crate) struct FaultyStore {
    inner: MemoryStore,
    fault: watch::Sender<Fault>,
    held: watch::Sender<usize>,
    written: Mutex<Vec<u8>>,
}

impl FaultyStore {
    pub(crate) fn new() -> Self {
        Self {
            inner: MemoryStore::new(),
            fault: watch::Sender::new(Fault::None),
            held: watch::Sender::new(0),
            written: Mutex::default(),
        }
    }

    pub(crate) fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    /// Waits until a commit is held.
    pub(crate) async fn holds_a_commit(&self) {
        let mut held = self.held.subscribe();
        held.wait_for(|held| *held > 0).await.unwrap();
    }

    /// Every byte of every row written, names of fields included.
    pub(crate) fn written(&self) -> Vec<u8> {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.clone()
    }

    fn note(&self, row: impl std::fmt::Debug, bytes: &[u8]) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.extend_from_slice(format!("{row:?}\n").as_bytes());
        written.extend_from_slice(bytes);
    }

    fn no_panic(&self) {
        let fault = *self.fault.borrow();
        assert!(fault != Fault::Panic, "a panic that a test asked for");
    }

    fn room(&self) -> Result<(), StoreError> {
        match *self.fault.borrow() {
            Fault::Full => Err(StoreError::Full("os error 28".to_owned())),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn insert_user(&self, user: &UserRecord) -> Result<(), StoreError> {
        self.room()?;
        self.note(user, &user.email_sealed);
        self.inner.insert_user(user).await
    }
    async fn close_account(&self, user: UserId) -> Result<(), StoreError> {
        self.room()?;
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
        self.room()?;
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
        self.room()?;
        self.note(hash, &[]);
        self.inner.set_password_hash(user, was, hash).await
    }
    async fn rename_user(&self, user: UserId, name: &DisplayName) -> Result<(), StoreError> {
        self.room()?;
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
        self.room()?;
        self.note(session, &session.refresh_hash);
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
        self.no_panic();
        self.inner.sessions_of(user, now).await
    }
    async fn rotate_session(
        &self,
        session: &SessionRecord,
        expected: u32,
    ) -> Result<(), StoreError> {
        self.room()?;
        self.note(session, &session.refresh_hash);
        self.inner.rotate_session(session, expected).await
    }
    async fn revoke_session(&self, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
        self.room()?;
        self.inner.revoke_session(id, at).await
    }

    async fn forget_sessions(
        &self,
        user: UserId,
        until: Timestamp,
        limit: usize,
    ) -> Result<(), StoreError> {
        self.room()?;
        self.inner.forget_sessions(user, until, limit).await
    }

    async fn create_conversation(
        &self,
        conversation: &ConversationRecord,
        members: &[MemberRecord],
        singleton: Option<Singleton>,
        first: Option<&MessageRow>,
    ) -> Result<Created, StoreError> {
        self.room()?;
        self.note(conversation, &conversation.wrapped_key);
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
        self.room()?;
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
        self.room()?;
        self.inner.arrange(arranged).await
    }

    async fn dismiss(&self, dismissed: &DismissedRecord) -> Result<(), StoreError> {
        self.room()?;
        self.inner.dismiss(dismissed).await
    }

    async fn append(&self, append: &Append) -> Result<(), StoreError> {
        let mut fault = self.fault.subscribe();
        if *fault.borrow() == Fault::Hold {
            self.held.send_modify(|held| *held += 1);
            // Fails only without a sender, which lives as long as this.
            let _ = fault.wait_for(|fault| *fault != Fault::Hold).await;
        }
        self.room()?;
        for row in append.rows.iter().chain(&append.rewritten) {
            self.note(row, &row.bytes);
        }
        self.inner.append(append).await
    }
    async fn messages(
        &self,
        conversation: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<MessageRow>, StoreError> {
        self.no_panic();
        self.inner.messages(conversation, from, to).await
    }
    async fn rows(&self, places: &[(ConversationId, Seq)]) -> Result<Vec<MessageRow>, StoreError> {
        self.no_panic();
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
        self.room()?;
        for row in &save.rows {
            self.note(row.key, &row.bytes);
        }
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
        self
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
        self.room()?;
        self.inner.sync().await
    }
    async fn ping(&self) -> Result<(), StoreError> {
        self.inner.ping().await
    }
    async fn close(&self) {
        self.inner.close().await;
    }
}

#[async_trait]
impl SavedMessages for FaultyStore {
    async fn of(&self, user: UserId) -> Result<Vec<SavedRecord>, StoreError> {
        self.inner.saved().of(user).await
    }

    async fn save(&self, saved: &SavedRecord) -> Result<(), StoreError> {
        self.room()?;
        self.inner.saved().save(saved).await
    }

    async fn forget(&self, user: UserId, place: SavedPlace) -> Result<(), StoreError> {
        self.room()?;
        self.inner.saved().forget(user, place).await
    }
}
