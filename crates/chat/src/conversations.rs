//! Finding people, opening conversations, listing them.

use protocol::{ConversationId, ConversationSummary, Person, SearchTerm, Timestamp, UserId};

use crate::{Actor, Chat, ChatError};

impl Chat {
    /// People whose username or a word of whose name begins with the term; never the actor.
    ///
    /// # Errors
    /// `RateLimited`; `Store`.
    pub async fn search_people(
        &self,
        _actor: &Actor,
        _term: &SearchTerm,
        _now: Timestamp,
    ) -> Result<Vec<Person>, ChatError> {
        unimplemented!()
    }

    /// The direct conversation with somebody, made if there is none, also when both open it at
    /// the same moment. With oneself it is the notes conversation.
    ///
    /// # Errors
    /// `Refused(NotFound)` for an unknown person; `RateLimited`; `Store`.
    pub async fn open_direct(
        &self,
        _actor: &Actor,
        _with: UserId,
        _now: Timestamp,
    ) -> Result<ConversationSummary, ChatError> {
        unimplemented!()
    }

    /// The actor's conversations, the most recently active first, at most
    /// [`protocol::limits::CONVERSATIONS_PAGE`].
    ///
    /// # Errors
    /// `Store`.
    pub async fn conversations(
        &self,
        _actor: &Actor,
    ) -> Result<Vec<ConversationSummary>, ChatError> {
        unimplemented!()
    }

    /// One of the actor's conversations.
    ///
    /// # Errors
    /// `Refused(NotFound)` if it does not exist or the actor is not in it.
    pub async fn conversation(
        &self,
        _actor: &Actor,
        _id: ConversationId,
    ) -> Result<ConversationSummary, ChatError> {
        unimplemented!()
    }
}
