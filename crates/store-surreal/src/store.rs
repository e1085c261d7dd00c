//! The port: each method is in the module of its noun.

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

use crate::SurrealStore;

#[async_trait]
impl Store for SurrealStore {
    async fn insert_user(&self, user: &UserRecord) -> Result<(), StoreError> {
        self.add_user(user).await
    }

    async fn close_account(&self, user: UserId) -> Result<(), StoreError> {
        self.close(user).await
    }

    async fn closing_accounts(&self, limit: usize) -> Result<Vec<UserId>, StoreError> {
        self.closing(limit).await
    }
    async fn emptied_conversations(&self, limit: usize) -> Result<Vec<ConversationId>, StoreError> {
        self.emptied(limit).await
    }

    async fn account_closed(&self, user: UserId) -> Result<(), StoreError> {
        self.closed(user).await
    }

    async fn erase_conversation(
        &self,
        id: ConversationId,
        limit: usize,
    ) -> Result<bool, StoreError> {
        self.erase(id, limit).await
    }

    async fn has_accounts(&self) -> Result<bool, StoreError> {
        self.any_user().await
    }

    async fn user(&self, id: UserId) -> Result<Option<UserRecord>, StoreError> {
        self.user_by_id(id).await
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<UserRecord>, StoreError> {
        self.users_by_id(ids).await
    }

    async fn user_by_username(&self, name: &Username) -> Result<Option<UserRecord>, StoreError> {
        self.user_named(name).await
    }

    async fn user_by_email(&self, index: &[u8; 32]) -> Result<Option<UserRecord>, StoreError> {
        self.user_at(index).await
    }

    async fn set_password_hash(
        &self,
        user: UserId,
        was: &str,
        hash: &str,
    ) -> Result<(), StoreError> {
        self.set_password(user, was, hash).await
    }

    async fn rename_user(&self, user: UserId, name: &DisplayName) -> Result<(), StoreError> {
        self.rename(user, name).await
    }

    async fn search_users(
        &self,
        term: &SearchTerm,
        limit: usize,
    ) -> Result<Vec<UserRecord>, StoreError> {
        self.search(term, limit).await
    }

    async fn insert_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        self.add_session(session).await
    }

    async fn session(&self, id: SessionId) -> Result<Option<SessionRecord>, StoreError> {
        self.find_session(id).await
    }

    async fn sessions_of(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        self.live_sessions(user, now).await
    }

    async fn rotate_session(
        &self,
        session: &SessionRecord,
        expected: u32,
    ) -> Result<(), StoreError> {
        self.rotate(session, expected).await
    }

    async fn revoke_session(&self, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
        self.revoke(id, at).await
    }

    async fn forget_sessions(
        &self,
        user: UserId,
        until: Timestamp,
        limit: usize,
    ) -> Result<(), StoreError> {
        self.delete_dead(user, until, limit).await
    }

    async fn create_conversation(
        &self,
        conversation: &ConversationRecord,
        members: &[MemberRecord],
        singleton: Option<Singleton>,
        first: Option<&MessageRow>,
    ) -> Result<Created, StoreError> {
        self.add_conversation(conversation, members, singleton, first)
            .await
    }

    async fn conversation(
        &self,
        id: ConversationId,
    ) -> Result<Option<ConversationRecord>, StoreError> {
        self.find_conversation(id).await
    }

    async fn members(&self, id: ConversationId) -> Result<Vec<MemberRecord>, StoreError> {
        self.members_of(id).await
    }

    async fn conversations_of(
        &self,
        user: UserId,
        limit: usize,
    ) -> Result<Vec<ConversationId>, StoreError> {
        self.inbox(user, limit).await
    }

    async fn save_read_cursors(&self, cursors: &[ReadCursor]) -> Result<(), StoreError> {
        self.save_cursors(cursors).await
    }

    async fn cursor_moves(
        &self,
        conversation: ConversationId,
        users: &[UserId],
    ) -> Result<Vec<(UserId, Vec<CursorMove>)>, StoreError> {
        self.moves_of(conversation, users).await
    }

    async fn arrange(&self, arranged: &ArrangedRecord) -> Result<(), StoreError> {
        self.arrange_member(arranged).await
    }

    async fn dismiss(&self, dismissed: &DismissedRecord) -> Result<(), StoreError> {
        self.dismiss_for(dismissed).await
    }

    async fn append(&self, append: &Append) -> Result<(), StoreError> {
        self.append_all(append).await
    }

    async fn messages(
        &self,
        conversation: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<MessageRow>, StoreError> {
        self.range(conversation, from, to).await
    }

    async fn rows(&self, places: &[(ConversationId, Seq)]) -> Result<Vec<MessageRow>, StoreError> {
        self.rows_at(places).await
    }

    async fn checkpoint(&self, conversation: ConversationId) -> Result<Seq, StoreError> {
        self.newest_checkpoint(conversation).await
    }

    async fn index_cursors(
        &self,
        ids: &[ConversationId],
    ) -> Result<Vec<(ConversationId, IndexCursor)>, StoreError> {
        self.cursors_of_index(ids).await
    }

    async fn index_rows(&self, keys: &[IndexKey]) -> Result<Vec<IndexRow>, StoreError> {
        self.rows_of_index(keys).await
    }

    async fn save_index(&self, save: &IndexSave) -> Result<(), StoreError> {
        self.save_part_of_index(save).await
    }

    async fn erase_index(&self, id: ConversationId, limit: usize) -> Result<bool, StoreError> {
        self.erase_part_of_index(id, limit).await
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
        self.engine.sync().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.engine.ping().await
    }

    async fn close(&self) {
        self.engine.close().await;
    }
}
