//! The maps of the store in memory, and the steps that change several of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bytes::Bytes;
use protocol::{
    ConversationId, FolderId, Privacy, ReportId, SavedPlace, Seq, SessionId, Timestamp, UserId,
};

use super::super::{
    AnswerRecord, Append, CURSOR_MOVES, ConversationRecord, Created, CursorMove, DraftRecord,
    Expiry, MemberChange, MemberRecord, MessageRow, ReadCursor, ReportRecord, SeenRecord,
    SessionRecord, Singleton, StoreError, Unique, UserRecord,
};
use super::blocks::Pairs;
use super::index::Index;
use super::invites::Links;
use super::reminders::Reminding;
use super::schedule::Waiting;

#[derive(Default)]
pub(super) struct Tables {
    pub(super) users: HashMap<UserId, UserRecord>,
    // Ordered, because searches return people in this order.
    pub(super) usernames: BTreeMap<String, UserId>,
    pub(super) emails: HashMap<[u8; 32], UserId>,
    // By user first, so that one account's sessions are one range.
    pub(super) sessions: BTreeMap<(UserId, SessionId), SessionRecord>,
    pub(super) session_owners: HashMap<SessionId, UserId>,
    pub(super) conversations: HashMap<ConversationId, Conversation>,
    pub(super) singletons: HashMap<Singleton, ConversationId>,
    pub(super) memberships: BTreeMap<(UserId, ConversationId), ()>,
    pub(super) index: Index,
    pub(super) links: Links,
    pub(super) closing: BTreeSet<UserId>,
    pub(super) emptied: BTreeSet<ConversationId>,
    pub(super) blocks: Pairs,
    pub(super) privacies: HashMap<UserId, Privacy>,
    pub(super) profiles: HashMap<UserId, Vec<u8>>,
    /// When each was saved.
    pub(super) saved: BTreeMap<(UserId, SavedPlace), Timestamp>,
    pub(super) drafts: BTreeMap<(UserId, ConversationId), DraftRecord>,
    /// What each is called, sealed.
    pub(super) folders: BTreeMap<(UserId, FolderId), Bytes>,
    pub(super) waiting: Waiting,
    pub(super) reminding: Reminding,
    pub(super) answers: BTreeSet<AnswerRecord>,
    pub(super) seen_threads: BTreeMap<(UserId, SavedPlace), SeenRecord>,
    pub(super) expiries: BTreeSet<Expiry>,
    pub(super) reports: BTreeMap<ReportId, ReportRecord>,
}

pub(super) struct Conversation {
    pub(super) record: ConversationRecord,
    pub(super) members: BTreeMap<UserId, MemberRecord>,
    /// Of members alone, the oldest first.
    pub(super) moves: BTreeMap<UserId, Vec<CursorMove>>,
    pub(super) messages: BTreeMap<Seq, Bytes>,
    pub(super) checkpoint: Seq,
}

impl Tables {
    pub(super) fn messages(
        &self,
        conversation: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Vec<MessageRow> {
        let found = self.conversations.get(&conversation);
        // A map refuses a range that ends before it begins by panicking.
        let Some(found) = found.filter(|_| from <= to) else {
            return Vec::new();
        };
        let rows = found.messages.range(from..=to);
        rows.map(|(seq, bytes)| MessageRow {
            conversation,
            seq: *seq,
            bytes: bytes.clone(),
        })
        .collect()
    }

    pub(super) fn insert_user(&mut self, user: &UserRecord) -> Result<(), StoreError> {
        if self.users.contains_key(&user.id) {
            return Err(StoreError::Taken(Unique::Id));
        }
        if self.usernames.contains_key(user.username.as_str()) {
            return Err(StoreError::Taken(Unique::Username));
        }
        if self.emails.contains_key(&user.email_index) {
            return Err(StoreError::Taken(Unique::Email));
        }
        self.usernames
            .insert(user.username.as_str().to_owned(), user.id);
        self.emails.insert(user.email_index, user.id);
        self.users.insert(user.id, user.clone());
        Ok(())
    }

    /// Forgets sessions that have ended before a time.
    pub(super) fn forget_sessions(&mut self, user: UserId, until: Timestamp, limit: usize) {
        let dead = |session: &SessionRecord| {
            session.expires_at < until || session.revoked_at.is_some_and(|at| at < until)
        };
        let dead: Vec<SessionId> = self
            .sessions_of(user)
            .filter(|session| dead(session))
            .map(|session| session.id)
            .take(limit)
            .collect();
        for id in dead {
            self.sessions.remove(&(user, id));
            self.session_owners.remove(&id);
        }
    }

    pub(super) fn close_account(&mut self, id: UserId) -> Result<(), StoreError> {
        let user = self.users.remove(&id).ok_or(StoreError::Missing)?;
        if user.is_closed() {
            self.users.insert(id, user);
            return Ok(());
        }
        self.emails.remove(&user.email_index);
        let closed = user.closed();
        self.emails.insert(closed.email_index, id);
        self.users.insert(id, closed);
        self.closing.insert(id);
        Ok(())
    }

    /// Whether the conversation is gone.
    pub(super) fn erase_conversation(&mut self, id: ConversationId, limit: usize) -> bool {
        let Some(conversation) = self.conversations.get_mut(&id) else {
            return true;
        };
        let seqs: Vec<Seq> = conversation.messages.keys().take(limit).copied().collect();
        for seq in &seqs {
            conversation.messages.remove(seq);
        }
        if !seqs.is_empty() {
            return false;
        }
        self.index.erase(id);
        self.links.erase(id);
        self.answers.retain(|answer| answer.conversation != id);
        self.emptied.remove(&id);
        self.drafts.retain(|(_, of), _| *of != id);
        self.memberships.retain(|(_, of), ()| *of != id);
        self.conversations.remove(&id);
        true
    }

    pub(super) fn rows(&self, places: &[(ConversationId, Seq)]) -> Vec<MessageRow> {
        let row = |&(conversation, seq): &(ConversationId, Seq)| {
            let messages = &self.conversations.get(&conversation)?.messages;
            Some(MessageRow {
                conversation,
                seq,
                bytes: messages.get(&seq)?.clone(),
            })
        };
        places.iter().filter_map(row).collect()
    }

    pub(super) fn sessions_of(&self, user: UserId) -> impl Iterator<Item = &SessionRecord> {
        let from = (user, SessionId::from_bytes([0; 16]));
        let to = (user, SessionId::from_bytes([0xff; 16]));
        self.sessions.range(from..=to).map(|(_, session)| session)
    }

    pub(super) fn session_mut(&mut self, id: SessionId) -> Option<&mut SessionRecord> {
        let owner = *self.session_owners.get(&id)?;
        self.sessions.get_mut(&(owner, id))
    }

    pub(super) fn create_conversation(
        &mut self,
        record: &ConversationRecord,
        members: &[MemberRecord],
        singleton: Option<Singleton>,
        first: Option<&MessageRow>,
    ) -> Result<Created, StoreError> {
        if let Some(existing) = singleton.and_then(|key| self.singletons.get(&key)) {
            return Ok(Created::Existing(*existing));
        }
        if self.conversations.contains_key(&record.id) {
            return Err(StoreError::Taken(Unique::Id));
        }
        if let Some(key) = singleton {
            self.singletons.insert(key, record.id);
        }
        for member in members {
            self.memberships.insert((member.user, record.id), ());
        }
        self.conversations.insert(
            record.id,
            Conversation {
                record: record.clone(),
                members: members.iter().map(|m| (m.user, m.clone())).collect(),
                moves: BTreeMap::new(),
                messages: first
                    .iter()
                    .map(|row| (row.seq, row.bytes.clone()))
                    .collect(),
                checkpoint: Seq::ZERO,
            },
        );
        Ok(Created::New)
    }

    pub(super) fn read(&mut self, cursor: &ReadCursor) {
        let Some(conversation) = self.conversations.get_mut(&cursor.conversation) else {
            return;
        };
        let Some(member) = conversation.members.get_mut(&cursor.user) else {
            return;
        };
        member.delivered_seq = member.delivered_seq.max(cursor.delivered);
        if cursor.seq <= member.read_seq {
            return;
        }
        member.read_seq = cursor.seq;
        if let Some(moved) = cursor.moved {
            let moves = conversation.moves.entry(cursor.user).or_default();
            moves.push(moved);
            moves.drain(..moves.len().saturating_sub(CURSOR_MOVES));
        }
    }

    pub(super) fn cursor_moves(
        &self,
        id: ConversationId,
        users: &[UserId],
    ) -> Vec<(UserId, Vec<CursorMove>)> {
        let conversation = self.conversations.get(&id);
        let kept = |user: &UserId| {
            let moves = conversation?.moves.get(user)?;
            Some((*user, moves.clone()))
        };
        users.iter().filter_map(kept).collect()
    }

    pub(super) fn append(&mut self, append: &Append) -> Result<(), StoreError> {
        self.check(append)?;
        for row in append.rows.iter().chain(&append.rewritten) {
            if let Some(conversation) = self.conversations.get_mut(&row.conversation) {
                conversation.messages.insert(row.seq, row.bytes.clone());
            }
        }
        for checkpoint in &append.checkpoints {
            if let Some(conversation) = self.conversations.get_mut(&checkpoint.conversation) {
                conversation.checkpoint = conversation.checkpoint.max(checkpoint.seq);
            }
        }
        for (id, change) in &append.members {
            self.change_member(*id, change);
        }
        for (id, details) in &append.details {
            if let Some(conversation) = self.conversations.get_mut(id) {
                conversation.record.details = details.clone();
            }
        }
        for redeemed in &append.redeemed {
            self.links.redeem(redeemed);
        }
        for bar in &append.bars {
            self.links.bar(bar);
        }
        self.emptied.extend(&append.emptied);
        for sent in &append.sent {
            self.waiting.remove(sent);
        }
        self.answers.extend(&append.answers);
        self.expiries.extend(&append.expiring);
        for expired in &append.expired {
            self.expiries.remove(expired);
        }
        Ok(())
    }

    /// Whether all of it can be written.
    fn check(&self, append: &Append) -> Result<(), StoreError> {
        let mut batch: Vec<_> = append
            .rows
            .iter()
            .map(|row| (row.conversation, row.seq))
            .collect();
        batch.sort_unstable();
        let twice = batch.iter().zip(batch.iter().skip(1)).any(|(a, b)| a == b);
        for (conversation, seq) in batch {
            let Some(conversation) = self.conversations.get(&conversation) else {
                return Err(StoreError::Missing);
            };
            if twice || conversation.messages.contains_key(&seq) {
                return Err(StoreError::Taken(Unique::Place));
            }
        }
        let checkpoints = append.checkpoints.iter().map(|c| c.conversation);
        let rewritten = append.rewritten.iter().map(|row| row.conversation);
        let members = append.members.iter().map(|(id, _)| *id);
        let details = append.details.iter().map(|(id, _)| *id);
        let mut named = checkpoints.chain(rewritten).chain(members).chain(details);
        if named.all(|id| self.conversations.contains_key(&id)) {
            Ok(())
        } else {
            Err(StoreError::Missing)
        }
    }

    /// Somebody's membership, if it is the one that began then.
    pub(super) fn member(
        &mut self,
        (id, user, joined_at): (ConversationId, UserId, Timestamp),
    ) -> Result<&mut MemberRecord, StoreError> {
        self.conversations
            .get_mut(&id)
            .and_then(|conversation| conversation.members.get_mut(&user))
            .filter(|member| member.joined_at == joined_at)
            .ok_or(StoreError::Missing)
    }

    fn change_member(&mut self, id: ConversationId, change: &MemberChange) {
        let Some(conversation) = self.conversations.get_mut(&id) else {
            return;
        };
        match change {
            MemberChange::Joined(member) => {
                conversation.members.insert(member.user, member.clone());
                conversation.moves.remove(&member.user);
                self.memberships.insert((member.user, id), ());
            }
            MemberChange::Role {
                user,
                role,
                wrote_at,
            } => {
                if let Some(member) = conversation.members.get_mut(user) {
                    member.role = *role;
                    member.wrote_at = *wrote_at;
                }
            }
            MemberChange::Left(user) => {
                conversation.members.remove(user);
                conversation.moves.remove(user);
                self.memberships.remove(&(*user, id));
            }
        }
    }
}
