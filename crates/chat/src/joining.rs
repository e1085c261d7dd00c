//! Coming to a group by a link: what a stranger sees of it, and the entry of their coming.
//!
//! A link that is unknown, expired, used up or revoked, one whose maker may not invite people
//! any more, and one of a group that has removed whoever follows it are one refusal,
//! [`ErrorCode::NotFound`]. An unknown secret costs one look for its hash; what takes longer is
//! told only to those who hold a secret that was right once.

use std::net::IpAddr;
use std::sync::Arc;

use protocol::{ConversationSummary, ErrorCode, Invitation, InviteToken, Timestamp};

use crate::command::Command;
use crate::conversation_state::{Fixed, Log};
use crate::conversations::opened;
use crate::engine::{Engine, guarded};
use crate::loading::Stop;
use crate::store::InviteRecord;
use crate::{Actor, Chat, ChatError};

/// What a group says to somebody with a link.
enum Door {
    /// They are in it already.
    Inside,
    /// They may come, or it is full.
    Outside { is_full: bool },
}

impl Chat {
    /// What a link leads to. Changes nothing.
    ///
    /// # Errors
    /// `Refused(NotFound)` if it leads nowhere, or not for the actor; `RateLimited` for too
    /// many of those; `Store`.
    pub async fn invitation(
        &self,
        actor: &Actor,
        token: &InviteToken,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Invitation, ChatError> {
        let (link, door) = self.follow(actor, token, address, now).await?;
        let shown = |log: &mut Log, _: &Arc<Fixed>| {
            let count = u32::try_from(log.members.len()).unwrap_or(u32::MAX);
            Ok::<_, Stop>((log.details.title.clone(), count))
        };
        let (title, member_count) = self.engine.with(link.conversation, shown).await?;
        let mut people = self.engine.persons([link.made_by]).await?;
        Ok(Invitation {
            conversation: link.conversation,
            title,
            member_count,
            by: people.remove(&link.made_by).ok_or(ErrorCode::NotFound)?,
            is_member: matches!(door, Door::Inside),
            is_full: matches!(door, Door::Outside { is_full: true }),
        })
    }

    /// Brings the actor into the group of a link. Whoever is in it already stays so, and the
    /// link is not used. Of two who redeem its last use at once, one comes.
    ///
    /// # Errors
    /// As [`Chat::invitation`]; `Refused(TooMany)` if the group is full; `Refused(Draining)`.
    pub async fn join(
        &self,
        actor: &Actor,
        token: &InviteToken,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<ConversationSummary, ChatError> {
        let (link, door) = self.follow(actor, token, address, now).await?;
        let (engine, user) = (Arc::clone(&self.engine), actor.user());
        let is_inside = matches!(door, Door::Inside);
        opened(async move {
            let id = link.conversation;
            if !is_inside
                && let Err(code) = engine.ask(user, id, Command::Join(link.hash), now).await
            {
                // They may have come in another tab meanwhile.
                let is_member = |log: &mut Log, _: &_| Ok::<_, Stop>(log.member(user).is_some());
                if !engine.with(id, is_member).await? {
                    return Err(code.into());
                }
            }
            let summaries = engine.summaries(user, &[id]).await?;
            Ok(summaries.into_iter().next().ok_or(ErrorCode::NotFound)?)
        })
        .await
    }

    /// Finds where a link leads for somebody.
    async fn follow(
        &self,
        actor: &Actor,
        token: &InviteToken,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<(InviteRecord, Door), ChatError> {
        let user = actor.user();
        self.accounts.check_guess(user, address, now)?;
        let found = self.engine.door(actor, token, now).await?;
        self.accounts.link_leads(user, address);
        Ok(found)
    }
}

impl Engine {
    async fn door(
        self: &Arc<Self>,
        actor: &Actor,
        token: &InviteToken,
        now: Timestamp,
    ) -> Result<(InviteRecord, Door), ChatError> {
        let user = actor.user();
        let hash = security::invite_hash(token.as_str());
        let link = guarded(self.store.invites().by_hash(&hash)).await?;
        // Whoever is in the group is let in by any link of it; the others learn nothing.
        let link = link.ok_or(ErrorCode::NotFound)?;
        let is_barred = guarded(self.store.invites().is_barred(link.conversation, user)).await?;
        let door = |log: &mut Log, fixed: &Arc<Fixed>| {
            let roll = log.roll(fixed.kind);
            if roll.member(user).is_some() {
                return Ok(Door::Inside);
            }
            match roll.joins(user, Some(&link), is_barred, now) {
                Ok(_) => Ok(Door::Outside { is_full: false }),
                Err(ErrorCode::TooMany) => Ok(Door::Outside { is_full: true }),
                Err(code) => Err(Stop::from(code)),
            }
        };
        let door = self.with(link.conversation, door).await?;
        Ok((link, door))
    }
}
