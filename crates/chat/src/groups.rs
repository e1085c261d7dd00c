//! Making groups, and who is in them. What happens to a group afterwards are entries of it, see
//! `roll.rs`.

use std::sync::Arc;

use protocol::limits::{ADD_MEMBERS, SUMMARY_MEMBERS};
use protocol::permission::Action;
use protocol::{
    ConversationId, ConversationKind, ConversationSummary, DisplayName, ErrorCode, Member, Notice,
    Person, Role, SendId, Seq, Timestamp, UserId,
};

use crate::conversations::{New, opened};
use crate::hub::Showing;
use crate::store::{Details, MemberRecord, Singleton};
use crate::summaries::shown;
use crate::{Actor, Chat, ChatError};

/// People that one request asks for.
const PERSONS: usize = 100;

impl Chat {
    /// Makes a group of the actor, who owns it, and others; those who do not exist, or are kept
    /// apart from the actor by a block, are passed over. The same `send_id` again returns the same group.
    ///
    /// # Errors
    /// `Refused(TooMany)` for too many people; `RateLimited`; `Store`.
    pub async fn create_group(
        &self,
        actor: &Actor,
        send_id: SendId,
        title: DisplayName,
        mut users: Vec<UserId>,
        now: Timestamp,
    ) -> Result<ConversationSummary, ChatError> {
        if users.len() > ADD_MEMBERS {
            return Err(ErrorCode::TooMany.into());
        }
        let me = actor.user();
        self.accounts.check_open(me, now)?;
        users.retain(|user| *user != me);
        users.sort_unstable();
        users.dedup();
        let engine = Arc::clone(&self.engine);
        opened(async move {
            let people = engine.persons(users.iter().copied()).await?;
            let apart = engine.apart(me).await?;
            let can_be = |user: &UserId| people.get(user).is_some_and(|person| !person.is_gone());
            users.retain(|user| can_be(user) && !apart.contains(user));
            let owner = MemberRecord {
                // The first entry is theirs.
                read_seq: Seq(1),
                ..MemberRecord::beginning(me, Role::Owner, now)
            };
            let others = users
                .into_iter()
                .map(|user| MemberRecord::beginning(user, Role::Member, now));
            let new = New {
                kind: ConversationKind::Group,
                details: Details {
                    title: Some(title.clone()),
                    ..Details::default()
                },
                members: std::iter::once(owner).chain(others).collect(),
                singleton: Singleton::Group(me, send_id),
                first: Some((me, send_id, Notice::Created { title })),
            };
            engine.open(me, new, now).await
        })
        .await
    }

    /// Members of a conversation of the actor by user id, those after `after`, at most 100.
    ///
    /// # Errors
    /// `Refused(NotFound)` if the actor is not in it.
    pub async fn group_members(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        after: Option<UserId>,
    ) -> Result<Vec<Member>, ChatError> {
        let engine = &self.engine;
        let viewer = engine.viewer(actor.user()).await?;
        let found = engine.with(conversation, |log, _| {
            log.permit(actor.user(), Action::Read)?;
            let others = log.members.iter().filter(|m| Some(m.user) > after);
            let page: Vec<_> = others.take(SUMMARY_MEMBERS).cloned().collect();
            Ok((page, log.shows_reading()))
        });
        let (page, shows_reading) = found.await?;
        let ids: Vec<UserId> = page.iter().map(|member| member.user).collect();
        if shows_reading {
            engine.learn_hiding(&ids).await?;
        }
        let mut people = engine.persons(ids).await?;
        let members = page.iter().filter_map(|member| {
            let person = people.remove(&member.user)?;
            let showing = engine.showing_reading(&viewer, member.user);
            Some(shown(
                member,
                person,
                shows_reading && showing == Showing::Shown,
            ))
        });
        Ok(members.collect())
    }

    /// People by their ids, at most 100; unknown ones are left out.
    ///
    /// # Errors
    /// `Refused(TooMany)`; `Store`.
    pub async fn persons(&self, _: &Actor, ids: &[UserId]) -> Result<Vec<Person>, ChatError> {
        if ids.len() > PERSONS {
            return Err(ErrorCode::TooMany.into());
        }
        let mut people = self.engine.persons(ids.iter().copied()).await?;
        Ok(ids.iter().filter_map(|id| people.remove(id)).collect())
    }
}
