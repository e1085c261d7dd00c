//! Finding people, opening conversations, listing them.

use std::sync::Arc;

use protocol::limits::{CONVERSATIONS_PAGE, SEARCH_RESULTS};
use protocol::permission::Action;
use protocol::{
    Content, ConversationId, ConversationKind, ConversationSummary, ErrorCode, Marks, Message,
    Notice, Person, Request, Role, SearchTerm, SendId, Seq, Timestamp, UserId,
};

use crate::conversation_state::Log;
use crate::engine::{Engine, guarded};
use crate::envelope;
use crate::people::person;
use crate::store::{ConversationRecord, Created, Details, MemberRecord, Singleton};
use crate::{Actor, Chat, ChatError};

impl Chat {
    /// People whose username or a word of whose name begins with the term; never the actor.
    ///
    /// # Errors
    /// `RateLimited`; `Store`.
    pub async fn search_people(
        &self,
        actor: &Actor,
        term: &SearchTerm,
        now: Timestamp,
    ) -> Result<Vec<Person>, ChatError> {
        self.accounts.check_search(actor.user(), now)?;
        // One more than is shown, because the actor may be among them.
        let found = self.store.search_users(term, SEARCH_RESULTS + 1).await?;
        // Whoever blocks the actor is not there for them.
        let against = guarded(self.store.blocks().against(actor.user())).await?;
        let is_there = |user: UserId| user != actor.user() && !against.contains(&user);
        let others = found.iter().filter(|user| is_there(user.id));
        Ok(others.take(SEARCH_RESULTS).map(person).collect())
    }

    /// The direct conversation with somebody, made if there is none, also when both open it at
    /// the same moment. With oneself it is the notes conversation. Where the two share nothing it
    /// begins as a request ([`Request`]).
    ///
    /// # Errors
    /// `Refused(NotFound)` for an unknown person, and for one who blocks the actor; `RateLimited`; `Store`.
    pub async fn open_direct(
        &self,
        actor: &Actor,
        with: UserId,
        now: Timestamp,
    ) -> Result<ConversationSummary, ChatError> {
        let me = actor.user();
        self.accounts.check_open(me, now)?;
        let engine = Arc::clone(&self.engine);
        let may_ask = self.config.message_requests && me != with;
        opened(async move {
            let people = engine.persons([me, with]).await?;
            let other = people.get(&with).ok_or(ErrorCode::NotFound)?;
            if engine.blocked_by(with).await?.binary_search(&me).is_ok() {
                return Err(ErrorCode::NotFound.into());
            }
            if other.is_gone() {
                return Err(ErrorCode::AccountGone.into());
            }
            let mut new = New::direct(me, with, now);
            if may_ask && !engine.share_any(me, with).await? {
                new.details.request = Some(Request::new(me));
            }
            engine.open(me, new, now).await
        })
        .await
    }

    /// The actor's conversations, the most recently active first, at most
    /// [`protocol::limits::CONVERSATIONS_PAGE`].
    ///
    /// # Errors
    /// `Store`.
    pub async fn conversations(
        &self,
        actor: &Actor,
    ) -> Result<Vec<ConversationSummary>, ChatError> {
        let ids = self.engine.memberships(actor.user()).await?;
        let mut summaries = self.engine.summaries(actor.user(), &ids).await?;
        summaries.sort_by_key(|row| std::cmp::Reverse((row.active_at(), row.id)));
        summaries.truncate(CONVERSATIONS_PAGE);
        Ok(summaries)
    }

    /// One of the actor's conversations.
    ///
    /// # Errors
    /// `Refused(NotFound)` if it does not exist or the actor is not in it.
    pub async fn conversation(
        &self,
        actor: &Actor,
        id: ConversationId,
    ) -> Result<ConversationSummary, ChatError> {
        // A list leaves out what cannot be read; who asks for it by name is told.
        let permitted =
            |log: &mut Log, _: &_| Ok(log.permit(actor.user(), Action::Read).map(|_| ())?);
        self.engine.with(id, permitted).await?;
        let summaries = self.engine.summaries(actor.user(), &[id]).await?;
        Ok(summaries.into_iter().next().ok_or(ErrorCode::NotFound)?)
    }
}

/// Runs the opening of a conversation in a task of its own: what is made is announced also if
/// the caller is gone by then.
pub(crate) async fn opened(
    opening: impl Future<Output = Result<ConversationSummary, ChatError>> + Send + 'static,
) -> Result<ConversationSummary, ChatError> {
    match tokio::spawn(opening).await {
        Ok(summary) => summary,
        Err(error) => {
            tracing::error!(%error, "the opening of a conversation ended early");
            Err(ErrorCode::Internal.into())
        }
    }
}

/// A conversation to be made.
pub(crate) struct New {
    pub(crate) kind: ConversationKind,
    pub(crate) details: Details,
    /// Each once.
    pub(crate) members: Vec<MemberRecord>,
    pub(crate) singleton: Singleton,
    /// Its first entry: author, id and what it says.
    pub(crate) first: Option<(UserId, SendId, Notice)>,
}

impl New {
    /// The conversation of two people, or somebody's notes.
    fn direct(me: UserId, with: UserId, now: Timestamp) -> Self {
        let member = |user| MemberRecord::beginning(user, Role::Member, now);
        let mut members = vec![member(me), member(with)];
        members.dedup_by_key(|member| member.user);
        let (kind, singleton) = if me == with {
            (ConversationKind::Notes, Singleton::Notes(me))
        } else {
            (ConversationKind::Direct, Singleton::direct(me, with))
        };
        Self {
            kind,
            details: Details::default(),
            members,
            singleton,
            first: None,
        }
    }
}

impl Engine {
    /// The conversation as one of its members sees it, made if it is not there already.
    pub(crate) async fn open(
        self: &Arc<Self>,
        user: UserId,
        new: New,
        now: Timestamp,
    ) -> Result<ConversationSummary, ChatError> {
        let id = self.make(new, now).await?;
        self.announce(id).await?;
        let summaries = self.summaries(user, &[id]).await?;
        Ok(summaries.into_iter().next().ok_or(ErrorCode::NotFound)?)
    }

    /// Whether two people are in any conversation together.
    async fn share_any(&self, one: UserId, other: UserId) -> Result<bool, ChatError> {
        let of_one = self.memberships(one).await?;
        let of_other = self.memberships(other).await?;
        Ok(of_other.iter().any(|id| of_one.contains(id)))
    }

    /// Makes a conversation unless it is there already.
    async fn make(&self, new: New, now: Timestamp) -> Result<ConversationId, ChatError> {
        let id = ConversationId::from_parts(now, rand::random());
        let (key, wrapped_key) = self
            .keys
            .new_data_key(id.to_bytes())
            .map_err(ChatError::security)?;
        let record = ConversationRecord {
            id,
            kind: new.kind,
            details: new.details,
            wrapped_key,
            created_at: now,
        };
        let first = new.first.map(|(author, send_id, notice)| Message {
            conversation: id,
            seq: Seq(1),
            author,
            send_id,
            sent_at: now,
            content: Content::Notice(notice),
            marks: Marks::default(),
        });
        let first = first.map(|first| envelope::seal(&key, &first.into()));
        let first = first.transpose()?;
        // Before it is made: whether it was is not known after a failure.
        self.begins(id);
        let singleton = Some(new.singleton);
        let made = self
            .store
            .create_conversation(&record, &new.members, singleton, first.as_ref());
        match guarded(made).await {
            Ok(Created::New) => Ok(id),
            Ok(Created::Existing(first)) => {
                self.has_nothing_to_announce(id);
                Ok(first)
            }
            Err(error) => {
                self.announce_later(id);
                Err(error)
            }
        }
    }
}
