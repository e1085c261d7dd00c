//! Finding people, opening conversations, listing them.

use std::sync::Arc;

use protocol::limits::{CONVERSATIONS_PAGE, SEARCH_RESULTS};
use protocol::{
    ConversationId, ConversationKind, ConversationSummary, ErrorCode, Person, Role, SearchTerm,
    Seq, Timestamp, UserId,
};

use crate::conversation_state::Log;
use crate::engine::{Engine, guarded};
use crate::people::person;
use crate::permission::Action;
use crate::store::{ConversationRecord, Created, MemberRecord, Singleton};
use crate::summaries::summary;
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
        let others = found.iter().filter(|user| user.id != actor.user());
        Ok(others.take(SEARCH_RESULTS).map(person).collect())
    }

    /// The direct conversation with somebody, made if there is none, also when both open it at
    /// the same moment. With oneself it is the notes conversation.
    ///
    /// # Errors
    /// `Refused(NotFound)` for an unknown person; `RateLimited`; `Store`.
    pub async fn open_direct(
        &self,
        actor: &Actor,
        with: UserId,
        now: Timestamp,
    ) -> Result<ConversationSummary, ChatError> {
        let me = actor.user();
        self.accounts.check_open(me, now)?;
        let engine = Arc::clone(&self.engine);
        // A task of its own: what is made is announced also if the caller is gone by then.
        let opening = tokio::spawn(async move {
            let people = engine.persons([me, with]).await?;
            if !people.contains_key(&with) {
                return Err(ErrorCode::NotFound.into());
            }
            let id = create(&engine, me, with, now).await?;
            engine.announce(id).await?;
            let seen = |log: &mut _, fixed: &Arc<_>| summary(log, fixed, (id, me), &people);
            engine.with(id, seen).await
        });
        match opening.await {
            Ok(summary) => summary,
            Err(error) => {
                tracing::error!(%error, "the opening of a conversation ended early");
                Err(ErrorCode::Internal.into())
            }
        }
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

/// Makes the conversation of two people, or somebody's notes, unless it is there already.
async fn create(
    engine: &Engine,
    me: UserId,
    with: UserId,
    now: Timestamp,
) -> Result<ConversationId, ChatError> {
    let (kind, singleton) = if me == with {
        (ConversationKind::Notes, Singleton::Notes(me))
    } else {
        (ConversationKind::Direct, Singleton::direct(me, with))
    };
    let mut members: Vec<_> = [me, with].into_iter().map(member).collect();
    members.dedup_by_key(|member| member.user);
    let id = ConversationId::from_parts(now, rand::random());
    let (_, wrapped_key) = engine
        .keys
        .new_data_key(id.to_bytes())
        .map_err(|error| ChatError::Security(error.to_string()))?;
    let record = ConversationRecord {
        id,
        kind,
        title: None,
        wrapped_key,
        created_at: now,
    };
    // Before it is made: whether it was is not known after a failure.
    engine.begins(id);
    let made = engine
        .store
        .create_conversation(&record, &members, Some(singleton));
    match guarded(made).await {
        Ok(Created::New) => Ok(id),
        Ok(Created::Existing(first)) => {
            engine.has_nothing_to_announce(id);
            Ok(first)
        }
        Err(error) => {
            engine.announce_later(id);
            Err(error)
        }
    }
}

const fn member(user: UserId) -> MemberRecord {
    MemberRecord {
        user,
        role: Role::Member,
        joined_after: Seq::ZERO,
        read_seq: Seq::ZERO,
    }
}
