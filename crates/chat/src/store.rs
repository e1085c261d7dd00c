//! The port to the database: what the rules need stored, and nothing about how.
//!
//! Two implementations exist: [`crate::MemoryStore`], the reference, and `store-surreal`. Both
//! run the same contract suite, that of the crate `store-contract`.
//!
//! Every method is one atomic step. A method that returns `Ok` has made its change durable:
//! it survives the loss of power. One that fails may have made its change all the same, and
//! what it left may be readable without being durable until [`Store::sync`] has succeeded.

mod accounts;
mod append;
mod blocks;
mod closed;
mod cursors;
mod dismissals;
mod drafts;
mod error;
mod expiry;
mod folders;
mod index;
mod invites;
mod memory;
mod privacies;
mod profiles;
mod reminders;
mod reports;
mod saved;
mod schedule;
mod singleton;
mod threads;

pub use accounts::{SessionRecord, UserRecord};
pub use append::Append;
pub use blocks::Blocks;
pub use cursors::{CURSOR_MOVES, CursorMove, ReadCursor};
pub use dismissals::{Dismissals, DismissedRecord};
pub use drafts::{DraftRecord, Drafts};
pub use error::{StoreError, Unique};
pub use expiry::{Expiries, Expiry};
pub use folders::{FolderRecord, Folders};
pub use index::{IndexCursor, IndexKey, IndexRow, IndexSave};
pub use invites::{Bar, InviteRecord, Invites, Redeemed};
pub use memory::MemoryStore;
pub use privacies::Privacies;
pub use profiles::Profiles;
pub use reminders::{ReminderRecord, Reminders};
pub use reports::{ReportRecord, Reports};
pub use saved::{SavedMessages, SavedRecord};
pub use schedule::{Schedule, ScheduledKey, ScheduledRecord};
pub use singleton::{Created, Singleton};
pub use threads::{AnswerRecord, SeenRecord, Threads};

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use protocol::{
    ConversationId, ConversationKind, Description, DisplayName, GroupSettings, Lifespan,
    Preferences, Request, Role, SearchTerm, Seq, SessionId, SlowMode, Timestamp, UserId, Username,
};

/// A conversation without its members and messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationRecord {
    /// Its id.
    pub id: ConversationId,
    /// What it is.
    pub kind: ConversationKind,
    /// What entries of it have changed.
    pub details: Details,
    /// Its data key, wrapped by the master key; opaque here.
    pub wrapped_key: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What entries can change of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// A group's name.
    pub title: Option<DisplayName>,
    /// What a group is about.
    pub description: Option<Description>,
    /// The rules of a group.
    pub settings: GroupSettings,
    /// The places of pinned messages, the one pinned last first.
    pub pins: Vec<Seq>,
    /// How often its members write.
    pub slow_mode: SlowMode,
    /// How long messages stay that are written from now on.
    pub lifespan: Option<Lifespan>,
    /// That one of two has written and the other has not answered yet.
    pub request: Option<Request>,
}

/// Somebody's membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRecord {
    /// Who.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// Messages after this place are theirs to read; [`Seq::ZERO`] for all.
    pub joined_after: Seq,
    /// When they came.
    pub joined_at: Timestamp,
    /// The newest place they have seen.
    pub read_seq: Seq,
    /// The newest place that a device of theirs has, in conversations of two.
    pub delivered_seq: Seq,
    /// How they have arranged it for themselves.
    pub preferences: Preferences,
    /// When they last wrote while slow mode was on for them.
    pub wrote_at: Option<Timestamp>,
    /// What they have deleted for themselves alone, if anything.
    pub dismissals: Option<Arc<Dismissals>>,
}

impl MemberRecord {
    /// Of somebody who is in a conversation from its beginning.
    #[must_use]
    pub fn beginning(user: UserId, role: Role, at: Timestamp) -> Self {
        Self {
            user,
            role,
            joined_after: Seq::ZERO,
            joined_at: at,
            read_seq: Seq::ZERO,
            delivered_seq: Seq::ZERO,
            preferences: Preferences::default(),
            wrote_at: None,
            dismissals: None,
        }
    }
}

/// How an entry changes who is in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberChange {
    /// Somebody is in it from now on. Replaces an earlier membership of theirs.
    Joined(MemberRecord),
    /// A member has another role, or has written in slow mode. What they have read stays.
    Role {
        /// Who.
        user: UserId,
        /// Their role from now on.
        role: Role,
        /// See [`MemberRecord::wrote_at`].
        wrote_at: Option<Timestamp>,
    },
    /// Somebody is in it no longer.
    Left(UserId),
}

impl MemberChange {
    /// Whose membership changes.
    #[must_use]
    pub const fn user(&self) -> UserId {
        match self {
            Self::Joined(member) => member.user,
            Self::Role { user, .. } | Self::Left(user) => *user,
        }
    }
}

/// A message as it is stored: one opaque field, because the cost of a commit is per field and
/// per index entry (docs/decisions/0002-commit-shape.md).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Where.
    pub conversation: ConversationId,
    /// Its place.
    pub seq: Seq,
    /// Header and sealed body, see `crate::envelope`.
    pub bytes: Bytes,
}

/// That every place of a conversation up to `seq` is taken. Written in the transaction that
/// takes the place, so that at most [`CHECKPOINT_EVERY`] places lie after the newest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which conversation.
    pub conversation: ConversationId,
    /// The newest place in the same transaction.
    pub seq: Seq,
}

/// A checkpoint is written when a batch takes or passes a multiple of this many places.
pub const CHECKPOINT_EVERY: u64 = 256;

/// The largest batch of [`Store::append`] for one conversation, so that the tail after a
/// checkpoint is at most `CHECKPOINT_EVERY + APPEND_PER_CONVERSATION` rows.
pub const APPEND_PER_CONVERSATION: usize = 256;

/// How a member has arranged a conversation, to be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArrangedRecord {
    /// Where.
    pub conversation: ConversationId,
    /// Who.
    pub user: UserId,
    /// When the membership began that this belongs to.
    pub joined_at: Timestamp,
    /// All of it, as it is from now on.
    pub preferences: Preferences,
}

/// The database.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Adds an account. Fails with [`StoreError::Taken`] for a username or address in use.
    async fn insert_user(&self, user: &UserRecord) -> Result<(), StoreError>;
    /// Whether there is any account.
    async fn has_accounts(&self) -> Result<bool, StoreError>;
    /// Reads an account.
    async fn user(&self, id: UserId) -> Result<Option<UserRecord>, StoreError>;
    /// Reads several accounts in any order; unknown ids are left out.
    async fn users(&self, ids: &[UserId]) -> Result<Vec<UserRecord>, StoreError>;
    /// Finds an account by its username.
    async fn user_by_username(&self, name: &Username) -> Result<Option<UserRecord>, StoreError>;
    /// Finds an account by the blind index of its address.
    async fn user_by_email(&self, index: &[u8; 32]) -> Result<Option<UserRecord>, StoreError>;
    /// Replaces a password hash if it is still `was`; otherwise, and without the account,
    /// [`StoreError::Missing`]. Of two replacements at once, one wins.
    async fn set_password_hash(
        &self,
        user: UserId,
        was: &str,
        hash: &str,
    ) -> Result<(), StoreError>;
    /// Gives an account another name on screen, by which it is found from now on.
    /// [`StoreError::Missing`] without the account, or if it is closed.
    async fn rename_user(&self, user: UserId, name: &DisplayName) -> Result<(), StoreError>;
    /// Accounts that the term finds ([`SearchTerm::finds`]), ordered by username, at most
    /// `limit`. May stop looking where very many others begin with the same word.
    async fn search_users(
        &self,
        term: &SearchTerm,
        limit: usize,
    ) -> Result<Vec<UserRecord>, StoreError>;
    /// Makes of an account what [`UserRecord::closed`] says, takes it out of the search for
    /// people, and notes that it is closing. [`StoreError::Missing`] without the account; a
    /// second time changes nothing.
    async fn close_account(&self, user: UserId) -> Result<(), StoreError>;
    /// Accounts that are noted as closing, at most `limit`.
    async fn closing_accounts(&self, limit: usize) -> Result<Vec<UserId>, StoreError>;
    /// An account is noted no longer; nothing is left to be done for it.
    async fn account_closed(&self, user: UserId) -> Result<(), StoreError>;

    /// Adds a session.
    async fn insert_session(&self, session: &SessionRecord) -> Result<(), StoreError>;
    /// Reads a session.
    async fn session(&self, id: SessionId) -> Result<Option<SessionRecord>, StoreError>;
    /// All sessions of an account that are neither revoked nor expired at `now`, oldest first.
    async fn sessions_of(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<SessionRecord>, StoreError>;
    /// Replaces a session if it is not revoked and its generation is still `expected`;
    /// otherwise [`StoreError::Missing`]. Of two rotations at once, one wins.
    async fn rotate_session(
        &self,
        session: &SessionRecord,
        expected: u32,
    ) -> Result<(), StoreError>;
    /// Marks a session revoked; a second time changes nothing. Unknown ids are no error.
    async fn revoke_session(&self, id: SessionId, at: Timestamp) -> Result<(), StoreError>;
    /// Deletes sessions of an account that were revoked or expired before `until`, at most
    /// `limit` of them.
    async fn forget_sessions(
        &self,
        user: UserId,
        until: Timestamp,
        limit: usize,
    ) -> Result<(), StoreError>;

    /// Makes a conversation with its members, and its singleton and its first entry where
    /// there is one, all or nothing.
    async fn create_conversation(
        &self,
        conversation: &ConversationRecord,
        members: &[MemberRecord],
        singleton: Option<Singleton>,
        first: Option<&MessageRow>,
    ) -> Result<Created, StoreError>;
    /// Reads a conversation.
    async fn conversation(
        &self,
        id: ConversationId,
    ) -> Result<Option<ConversationRecord>, StoreError>;
    /// Everybody in a conversation, by user id.
    async fn members(&self, id: ConversationId) -> Result<Vec<MemberRecord>, StoreError>;
    /// The conversations somebody is a member of, newest first by id, at most `limit`.
    async fn conversations_of(
        &self,
        user: UserId,
        limit: usize,
    ) -> Result<Vec<ConversationId>, StoreError>;
    /// Erases a conversation that nobody writes to any more: messages, index and bars first, at most
    /// `limit` rows, and when none are left its members, links and itself in one step. Its singleton
    /// stays: what was asked for once is not made anew. Then it is noted as empty no longer. Whether
    /// it is gone.
    async fn erase_conversation(
        &self,
        id: ConversationId,
        limit: usize,
    ) -> Result<bool, StoreError>;
    /// Conversations that are noted as empty ([`Append::emptied`]), at most `limit`.
    async fn emptied_conversations(&self, limit: usize) -> Result<Vec<ConversationId>, StoreError>;
    /// Moves read cursors, and how far devices are, forward; one that is already further stays.
    /// The moves of one that goes on are kept with it, the newest [`CURSOR_MOVES`], as long as the
    /// membership lasts.
    async fn save_read_cursors(&self, cursors: &[ReadCursor]) -> Result<(), StoreError>;
    /// The moves that are kept of these members' cursors, the oldest first; the members in any
    /// order, and those of whom none are kept left out.
    async fn cursor_moves(
        &self,
        conversation: ConversationId,
        users: &[UserId],
    ) -> Result<Vec<(UserId, Vec<CursorMove>)>, StoreError>;
    /// Replaces how a member has arranged a conversation. [`StoreError::Missing`] without that
    /// membership, also where they have left and come back since.
    async fn arrange(&self, arranged: &ArrangedRecord) -> Result<(), StoreError>;
    /// Replaces what a member has deleted for themselves alone in a conversation.
    /// [`StoreError::Missing`] as for [`Store::arrange`].
    async fn dismiss(&self, dismissed: &DismissedRecord) -> Result<(), StoreError>;

    /// Writes all of it in one durable transaction, all or nothing.
    /// [`StoreError::Taken`]`(`[`Unique::Place`]`)` if the place of a new row is taken: only
    /// what is meant to be rewritten is overwritten.
    async fn append(&self, append: &Append) -> Result<(), StoreError>;
    /// The rows from `from` to `to`, both included, oldest first; places that are not taken
    /// are left out. Reads exactly that range.
    async fn messages(
        &self,
        conversation: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<MessageRow>, StoreError>;
    /// The rows at these places, in any order; places that are not taken are left out. Each
    /// place is asked for once.
    async fn rows(&self, places: &[(ConversationId, Seq)]) -> Result<Vec<MessageRow>, StoreError>;
    /// The newest checkpoint of a conversation, [`Seq::ZERO`] without one.
    async fn checkpoint(&self, conversation: ConversationId) -> Result<Seq, StoreError>;

    /// How far the search indexes of these conversations go, in any order; those that have none
    /// are left out. Each conversation is asked for once.
    async fn index_cursors(
        &self,
        ids: &[ConversationId],
    ) -> Result<Vec<(ConversationId, IndexCursor)>, StoreError>;
    /// The rows of search indexes under these names, in any order; those that are not there are
    /// left out. Each name is asked for once.
    async fn index_rows(&self, keys: &[IndexKey]) -> Result<Vec<IndexRow>, StoreError>;
    /// Writes a part of a search index and how far it goes, in one durable transaction.
    async fn save_index(&self, save: &IndexSave) -> Result<(), StoreError>;
    /// Deletes at most `limit` rows of the search index of a conversation, and when none is left
    /// how far it goes. Whether none is left.
    async fn erase_index(&self, id: ConversationId, limit: usize) -> Result<bool, StoreError>;

    /// Who blocks whom.
    fn blocks(&self) -> &dyn Blocks;
    /// What people have begun to write.
    fn drafts(&self) -> &dyn Drafts;
    /// Folders in which people keep conversations together.
    fn folders(&self) -> &dyn Folders;
    /// Links by which groups are joined.
    fn invites(&self) -> &dyn Invites;
    /// Reminders of messages.
    fn reminders(&self) -> &dyn Reminders;
    /// Reports.
    fn reports(&self) -> &dyn Reports;
    /// What accounts hide from others.
    fn privacies(&self) -> &dyn Privacies;
    /// What accounts say of themselves.
    fn profiles(&self) -> &dyn Profiles;
    /// Messages that people have saved.
    fn saved(&self) -> &dyn SavedMessages;
    /// Messages that wait for their time.
    fn schedule(&self) -> &dyn Schedule;
    /// Which messages are in which thread, and how far they were seen.
    fn threads(&self) -> &dyn Threads;
    /// Messages that go when their time is over.
    fn expiries(&self) -> &dyn Expiries;

    /// Makes everything durable that could be read when it was called.
    async fn sync(&self) -> Result<(), StoreError>;
    /// A cheap round trip, for readiness: fails also while nothing can be written.
    async fn ping(&self) -> Result<(), StoreError>;
    /// Flushes and closes. Nothing may be called afterwards.
    async fn close(&self);
}
