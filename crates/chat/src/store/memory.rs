//! The reference store: plain maps behind one lock, for development and tests.
//!
//! Each method takes the lock once, so each is one atomic step, and checks everything before
//! it changes anything, so a refusal changes nothing.

mod blocks;
mod drafts;
mod expiry;
mod folders;
mod index;
mod invites;
mod privacies;
mod profiles;
mod reminders;
mod reports;
mod saved;
mod schedule;
mod tables;
mod threads;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use protocol::{
    ConversationId, DisplayName, SearchTerm, Seq, SessionId, Timestamp, UserId, Username,
};

use self::tables::Tables;
use super::{
    Append, ArrangedRecord, Blocks, ConversationRecord, Created, CursorMove, DismissedRecord,
    Drafts, Expiries, Folders, IndexCursor, IndexKey, IndexRow, IndexSave, Invites, MemberRecord,
    MessageRow, Privacies, Profiles, ReadCursor, Reminders, Reports, SavedMessages, Schedule,
    SessionRecord, Singleton, Store, StoreError, Threads, Unique, UserRecord,
};

/// A store in memory.
#[derive(Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No method can panic between two changes, so a poisoned lock still guards whole rows.
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn insert_user(&self, user: &UserRecord) -> Result<(), StoreError> {
        self.tables().insert_user(user)
    }

    async fn has_accounts(&self) -> Result<bool, StoreError> {
        Ok(!self.tables().users.is_empty())
    }

    async fn user(&self, id: UserId) -> Result<Option<UserRecord>, StoreError> {
        Ok(self.tables().users.get(&id).cloned())
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<UserRecord>, StoreError> {
        let tables = self.tables();
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        Ok(ids
            .iter()
            .filter_map(|id| tables.users.get(id).cloned())
            .collect())
    }

    async fn user_by_username(&self, name: &Username) -> Result<Option<UserRecord>, StoreError> {
        let tables = self.tables();
        let id = tables.usernames.get(name.as_str());
        Ok(id.and_then(|id| tables.users.get(id)).cloned())
    }

    async fn user_by_email(&self, index: &[u8; 32]) -> Result<Option<UserRecord>, StoreError> {
        let tables = self.tables();
        let id = tables.emails.get(index);
        Ok(id.and_then(|id| tables.users.get(id)).cloned())
    }

    async fn set_password_hash(
        &self,
        user: UserId,
        was: &str,
        hash: &str,
    ) -> Result<(), StoreError> {
        let mut tables = self.tables();
        let user = tables.users.get_mut(&user);
        let user = user.filter(|user| user.password_hash == was);
        hash.clone_into(&mut user.ok_or(StoreError::Missing)?.password_hash);
        Ok(())
    }

    async fn rename_user(&self, user: UserId, name: &DisplayName) -> Result<(), StoreError> {
        let mut tables = self.tables();
        let user = tables.users.get_mut(&user);
        let user = user.filter(|user| !user.is_closed());
        let user = user.ok_or(StoreError::Missing)?;
        user.display_name = name.clone();
        Ok(())
    }

    async fn search_users(
        &self,
        term: &SearchTerm,
        limit: usize,
    ) -> Result<Vec<UserRecord>, StoreError> {
        let tables = self.tables();
        Ok(tables
            .usernames
            .values()
            .filter_map(|id| tables.users.get(id))
            .filter(|user| !user.is_closed())
            .filter(|user| term.finds(user.username.as_str(), user.display_name.as_str()))
            .take(limit)
            .cloned()
            .collect())
    }

    async fn close_account(&self, user: UserId) -> Result<(), StoreError> {
        self.tables().close_account(user)
    }

    async fn closing_accounts(&self, limit: usize) -> Result<Vec<UserId>, StoreError> {
        Ok(self.tables().closing.iter().take(limit).copied().collect())
    }

    async fn account_closed(&self, user: UserId) -> Result<(), StoreError> {
        self.tables().closing.remove(&user);
        Ok(())
    }

    async fn insert_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        let mut tables = self.tables();
        if tables.session_owners.contains_key(&session.id) {
            return Err(StoreError::Taken(Unique::Id));
        }
        tables.session_owners.insert(session.id, session.user);
        tables
            .sessions
            .insert((session.user, session.id), session.clone());
        Ok(())
    }

    async fn session(&self, id: SessionId) -> Result<Option<SessionRecord>, StoreError> {
        Ok(self.tables().session_mut(id).cloned())
    }

    async fn sessions_of(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let tables = self.tables();
        let mut sessions: Vec<SessionRecord> = tables
            .sessions_of(user)
            .filter(|session| session.revoked_at.is_none() && session.expires_at > now)
            .cloned()
            .collect();
        sessions.sort_by_key(|session| (session.created_at, session.id));
        Ok(sessions)
    }

    async fn rotate_session(
        &self,
        session: &SessionRecord,
        expected: u32,
    ) -> Result<(), StoreError> {
        let mut tables = self.tables();
        match tables.session_mut(session.id) {
            Some(stored)
                if stored.user == session.user
                    && stored.revoked_at.is_none()
                    && stored.generation == expected =>
            {
                *stored = session.clone();
                Ok(())
            }
            _ => Err(StoreError::Missing),
        }
    }

    async fn revoke_session(&self, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
        if let Some(session) = self.tables().session_mut(id) {
            session.revoked_at.get_or_insert(at);
        }
        Ok(())
    }

    async fn forget_sessions(
        &self,
        user: UserId,
        until: Timestamp,
        limit: usize,
    ) -> Result<(), StoreError> {
        self.tables().forget_sessions(user, until, limit);
        Ok(())
    }

    async fn create_conversation(
        &self,
        conversation: &ConversationRecord,
        members: &[MemberRecord],
        singleton: Option<Singleton>,
        first: Option<&MessageRow>,
    ) -> Result<Created, StoreError> {
        self.tables()
            .create_conversation(conversation, members, singleton, first)
    }

    async fn conversation(
        &self,
        id: ConversationId,
    ) -> Result<Option<ConversationRecord>, StoreError> {
        let tables = self.tables();
        Ok(tables.conversations.get(&id).map(|c| c.record.clone()))
    }

    async fn members(&self, id: ConversationId) -> Result<Vec<MemberRecord>, StoreError> {
        let tables = self.tables();
        let conversation = tables.conversations.get(&id);
        Ok(conversation.map_or_else(Vec::new, |c| c.members.values().cloned().collect()))
    }

    async fn conversations_of(
        &self,
        user: UserId,
        limit: usize,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let from = (user, ConversationId::from_bytes([0; 16]));
        let to = (user, ConversationId::from_bytes([0xff; 16]));
        let tables = self.tables();
        let newest = tables.memberships.range(from..=to).rev().take(limit);
        Ok(newest.map(|((_, id), ())| *id).collect())
    }

    async fn erase_conversation(
        &self,
        id: ConversationId,
        limit: usize,
    ) -> Result<bool, StoreError> {
        Ok(self.tables().erase_conversation(id, limit))
    }

    async fn emptied_conversations(&self, limit: usize) -> Result<Vec<ConversationId>, StoreError> {
        Ok(self.tables().emptied.iter().take(limit).copied().collect())
    }

    async fn save_read_cursors(&self, cursors: &[ReadCursor]) -> Result<(), StoreError> {
        let mut tables = self.tables();
        for cursor in cursors {
            tables.read(cursor);
        }
        Ok(())
    }

    async fn cursor_moves(
        &self,
        conversation: ConversationId,
        users: &[UserId],
    ) -> Result<Vec<(UserId, Vec<CursorMove>)>, StoreError> {
        Ok(self.tables().cursor_moves(conversation, users))
    }

    async fn arrange(&self, arranged: &ArrangedRecord) -> Result<(), StoreError> {
        let mut tables = self.tables();
        let membership = (arranged.conversation, arranged.user, arranged.joined_at);
        tables.member(membership)?.preferences = arranged.preferences;
        Ok(())
    }

    async fn dismiss(&self, dismissed: &DismissedRecord) -> Result<(), StoreError> {
        let mut tables = self.tables();
        let membership = (dismissed.conversation, dismissed.user, dismissed.joined_at);
        let dismissals = Some(&dismissed.dismissals).filter(|it| !it.is_empty());
        tables.member(membership)?.dismissals = dismissals.cloned().map(Arc::new);
        Ok(())
    }

    async fn append(&self, append: &Append) -> Result<(), StoreError> {
        self.tables().append(append)
    }

    async fn messages(
        &self,
        conversation: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<MessageRow>, StoreError> {
        Ok(self.tables().messages(conversation, from, to))
    }

    async fn rows(&self, places: &[(ConversationId, Seq)]) -> Result<Vec<MessageRow>, StoreError> {
        Ok(self.tables().rows(places))
    }

    async fn checkpoint(&self, conversation: ConversationId) -> Result<Seq, StoreError> {
        let tables = self.tables();
        let found = tables.conversations.get(&conversation);
        Ok(found.map_or(Seq::ZERO, |c| c.checkpoint))
    }

    async fn index_cursors(
        &self,
        ids: &[ConversationId],
    ) -> Result<Vec<(ConversationId, IndexCursor)>, StoreError> {
        Ok(self.tables().index.cursors(ids))
    }

    async fn index_rows(&self, keys: &[IndexKey]) -> Result<Vec<IndexRow>, StoreError> {
        Ok(self.tables().index.rows(keys))
    }

    async fn save_index(&self, save: &IndexSave) -> Result<(), StoreError> {
        self.tables().index.save(save);
        Ok(())
    }

    async fn erase_index(&self, id: ConversationId, limit: usize) -> Result<bool, StoreError> {
        Ok(self.tables().index.erase_some(id, limit))
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
        Ok(())
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn close(&self) {}
}
