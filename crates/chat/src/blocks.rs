//! Blocking people. Whoever is blocked does not write to whoever blocks them and does not bring
//! them into groups, and the two see nothing of each other's coming and going, typing and
//! reading. That is so both ways, and nothing says who began: what is refused is refused as if
//! it were not there or not allowed.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use protocol::limits::BLOCKED;
use protocol::{ConversationKind, ErrorCode, Person, ServerFrame, Timestamp, UserId};

use crate::conversation_state::Queued;
use crate::engine::{Engine, guarded};
use crate::hub::Others;
use crate::{Actor, Chat, ChatError};

impl Chat {
    /// Blocks somebody, or no longer, and tells all the actor's devices. What is so already is no
    /// error.
    ///
    /// # Errors
    /// `Refused(NotFound)` for an unknown person, `Refused(Forbidden)` for oneself,
    /// `Refused(TooMany)`; `RateLimited`; `Store`.
    pub async fn set_blocked(
        &self,
        actor: &Actor,
        other: UserId,
        blocks: bool,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let me = actor.user();
        if me == other {
            return Err(ErrorCode::Forbidden.into());
        }
        self.accounts.check_open(me, now)?;
        if self.engine.persons([other]).await?.is_empty() {
            return Err(ErrorCode::NotFound.into());
        }
        let engine = Arc::clone(&self.engine);
        // In a task of its own: what is stored is told also if the caller is gone by then.
        let changed = tokio::spawn(async move { engine.set_blocked(me, other, blocks).await });
        match changed.await {
            Ok(changed) => changed,
            Err(error) => {
                tracing::error!(%error, "a block ended early");
                Err(ErrorCode::Internal.into())
            }
        }
    }

    /// Whom the actor blocks, by user id.
    ///
    /// # Errors
    /// `Store`.
    pub async fn blocked(&self, actor: &Actor) -> Result<Vec<Person>, ChatError> {
        let ids = self.engine.blocked_by(actor.user()).await?;
        let mut people = self.engine.persons(ids.iter().copied()).await?;
        Ok(ids.iter().filter_map(|id| people.remove(id)).collect())
    }
}

impl Engine {
    async fn set_blocked(&self, me: UserId, other: UserId, blocks: bool) -> Result<(), ChatError> {
        // One after the other, so that the last one stored is the last one told.
        let _one = self.blocking.lock().await;
        self.check_living(me).await?;
        let mut users = self.blocked_by(me).await?;
        let at = users.binary_search(&other);
        match at {
            Err(at) if blocks => {
                if users.len() >= BLOCKED {
                    return Err(ErrorCode::TooMany.into());
                }
                users.insert(at, other);
            }
            Ok(at) if !blocks => {
                users.remove(at);
            }
            _ => return Ok(()),
        }
        let mutual = self.blocked_by(other).await?.binary_search(&me).is_ok();
        let set = self.store.blocks().set(me, other, blocks);
        if let Err(error) = self.written(me, set).await {
            // It may be stored: whoever asks for it again finds it so and changes nothing.
            self.hub.apart.doubt([me, other]);
            return Err(error);
        }
        if blocks {
            self.hub.part_ways(me, other);
        } else if !mutual {
            self.hub.meet_again(me, other);
        }
        self.hub.tell(me, &ServerFrame::Blocked { users });
        Ok(())
    }

    /// Whom somebody blocks.
    pub(crate) async fn blocked_by(&self, user: UserId) -> Result<Vec<UserId>, ChatError> {
        guarded(self.store.blocks().of(user)).await
    }

    /// From whom somebody is kept apart. Known from then on, until they go.
    pub(crate) async fn apart(&self, user: UserId) -> Result<Others, ChatError> {
        loop {
            if let Some(known) = self.hub.apart.of(user) {
                return Ok(known);
            }
            let as_of = self.hub.apart.changes();
            let mut others: HashSet<UserId> = self.blocked_by(user).await?.into_iter().collect();
            others.extend(guarded(self.store.blocks().against(user)).await?);
            let others = Arc::new(others);
            if self.hub.apart.learn(user, Arc::clone(&others), as_of) {
                return Ok(others);
            }
        }
    }

    /// From whom the authors of sends are kept apart, where it matters; `None` if that has to
    /// be read first.
    pub(crate) fn known_apart(
        &self,
        kind: ConversationKind,
        taken: &[Queued],
    ) -> Option<HashMap<UserId, Others>> {
        if kind != ConversationKind::Direct {
            return Some(HashMap::new());
        }
        let authors = taken.iter().map(|send| send.author);
        authors
            .map(|author| Some((author, self.hub.apart.of(author)?)))
            .collect()
    }
}
