//! Links by which groups are joined: making them, listing them, revoking them. Coming by one is
//! an entry of the group, see `joining.rs`.

use std::sync::Arc;

use protocol::limits::GROUP_INVITES;
use protocol::permission::Action;
use protocol::{
    ConversationId, ErrorCode, Invite, InviteId, InviteState, InviteToken, Lifetime, Timestamp,
    Uses,
};

use crate::conversation_state::{Fixed, Log};
use crate::engine::{Engine, guarded};
use crate::loading::Stop;
use crate::store::InviteRecord;
use crate::{Actor, Chat, ChatError};

/// A link that was just made. Its secret is known now and never again.
#[derive(Debug, Clone)]
pub struct Made {
    /// The link.
    pub invite: Invite,
    /// Its secret.
    pub token: InviteToken,
}

impl Chat {
    /// Makes a link by which the actor's group is joined.
    ///
    /// # Errors
    /// `Refused(NotFound)` if the actor is not in the conversation, `Refused(Forbidden)` if
    /// they may not invite people; `Refused(TooMany)` where all links that may be there lead
    /// somewhere; `RateLimited`; `Store`.
    pub async fn make_invite(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        (lifetime, uses): (Lifetime, Uses),
        now: Timestamp,
    ) -> Result<Made, ChatError> {
        self.engine.may_invite(actor, conversation).await?;
        self.accounts.check_link(actor.user(), now)?;
        let secret = security::new_invite().map_err(ChatError::security)?;
        let record = InviteRecord {
            id: InviteId::from_parts(now, rand::random()),
            hash: security::invite_hash(&secret),
            conversation,
            made_by: actor.user(),
            made_at: now,
            expires_at: lifetime.end(now),
            limit: uses.limit(),
            used: 0,
        };
        self.engine.add_link(&record, now).await?;
        let mut listed = self.engine.listed(conversation, vec![record], now).await?;
        Ok(Made {
            invite: listed.pop().ok_or(ErrorCode::Internal)?,
            token: InviteToken::parse(&secret)?,
        })
    }

    /// The links of the actor's group, the oldest first.
    ///
    /// # Errors
    /// `Refused(NotFound)` if the actor is not in the conversation, `Refused(Forbidden)` if
    /// they may not invite people; `Store`.
    pub async fn invites(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        now: Timestamp,
    ) -> Result<Vec<Invite>, ChatError> {
        self.engine.may_invite(actor, conversation).await?;
        let links = self.engine.links(conversation).await?;
        self.engine.listed(conversation, links, now).await
    }

    /// Deletes a link: nobody comes by it any more, from the moment at which this returns. One that
    /// is not there is no error.
    ///
    /// # Errors
    /// As [`Chat::invites`].
    pub async fn revoke_invite(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        id: InviteId,
    ) -> Result<(), ChatError> {
        self.engine.may_invite(actor, conversation).await?;
        let links = self.engine.links(conversation).await?;
        let link = links.iter().find(|link| link.id == id);
        let hashes: Vec<_> = link.iter().map(|link| link.hash).collect();
        // Whoever's coming is being written has found it, and comes before it goes.
        let _alone = self.engine.following_links.write().await;
        guarded(self.store.invites().delete(&hashes)).await
    }
}

impl Engine {
    async fn may_invite(
        self: &Arc<Self>,
        actor: &Actor,
        conversation: ConversationId,
    ) -> Result<(), ChatError> {
        let permit =
            |log: &mut Log, _: &_| Ok(log.permit(actor.user(), Action::Invite).map(|_| ())?);
        self.with(conversation, permit).await
    }

    async fn links(&self, conversation: ConversationId) -> Result<Vec<InviteRecord>, ChatError> {
        guarded(self.store.invites().of(conversation)).await
    }

    /// Adds a link. Those that lead nowhere make room for it.
    async fn add_link(
        self: &Arc<Self>,
        record: &InviteRecord,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        // One after the other, so that they are counted.
        let _one = self.making_links.lock().await;
        let links = self.links(record.conversation).await?;
        if links.len() >= GROUP_INVITES {
            let dead = self.dead(record.conversation, &links, now).await?;
            if dead.is_empty() {
                return Err(ErrorCode::TooMany.into());
            }
            guarded(self.store.invites().delete(&dead)).await?;
        }
        guarded(self.store.invites().insert(record)).await
    }

    /// The hashes of links that lead nowhere.
    async fn dead(
        self: &Arc<Self>,
        conversation: ConversationId,
        links: &[InviteRecord],
        now: Timestamp,
    ) -> Result<Vec<[u8; 32]>, ChatError> {
        let dead = |log: &mut Log, fixed: &Arc<Fixed>| {
            let roll = log.roll(fixed.kind);
            let dead = links.iter();
            let dead = dead.filter(|link| roll.state(link, now) != InviteState::Open);
            Ok::<_, Stop>(dead.map(|link| link.hash).collect())
        };
        self.with(conversation, dead).await
    }

    /// Links as they are shown to those who may make them.
    async fn listed(
        self: &Arc<Self>,
        conversation: ConversationId,
        links: Vec<InviteRecord>,
        now: Timestamp,
    ) -> Result<Vec<Invite>, ChatError> {
        let states = |log: &mut Log, fixed: &Arc<Fixed>| {
            let roll = log.roll(fixed.kind);
            let states = links.iter().map(|link| roll.state(link, now));
            Ok::<_, Stop>(states.collect::<Vec<_>>())
        };
        let states = self.with(conversation, states).await?;
        let people = self.persons(links.iter().map(|link| link.made_by)).await?;
        let listed = links.into_iter().zip(states).filter_map(|(link, state)| {
            Some(Invite {
                id: link.id,
                made_by: people.get(&link.made_by)?.clone(),
                made_at: link.made_at,
                expires_at: link.expires_at,
                limit: link.limit,
                used: link.used,
                state,
            })
        });
        Ok(listed.collect())
    }
}
