//! Who has seen a message, and when.

use std::cmp::Reverse;

use protocol::permission::Action;
use protocol::{ConversationId, ErrorCode, Reader, Readers, Seq, UserId};

use crate::hub::Showing;
use crate::unread::Membership;
use crate::{Actor, Chat, ChatError};

impl Chat {
    /// Who of a conversation has seen a message, whoever did last first, and who has not, by
    /// their ids. Its author and the actor are neither, nor is whoever came after it was written,
    /// nor whoever does not let the actor know. An actor who hides it learns of nobody.
    ///
    /// # Errors
    /// `Refused(NotFound)` if the actor may not read it, or there is nothing to be seen; `Store`.
    pub async fn seen_by(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        seq: Seq,
    ) -> Result<Readers, ChatError> {
        let engine = &self.engine;
        let me = actor.user();
        let viewer = engine.viewer(me).await?;
        let readable = engine.with(conversation, |log, fixed| {
            let member = log.permit(me, Action::Read)?;
            let is_dismissed = member.dismissals().places.contains(seq);
            if seq <= member.joined_after || seq > log.committed || is_dismissed {
                return Err(ErrorCode::NotFound.into());
            }
            let members = if log.details.request.is_some() {
                Vec::new()
            } else {
                log.members.clone()
            };
            Ok((fixed.clone(), members))
        });
        let (fixed, members) = readable.await?;
        let users: Vec<UserId> = members.iter().map(|it| it.user).collect();
        engine.learn_hiding(&users).await?;
        let entries = engine.read_places(conversation, &fixed, &[seq]).await?;
        let message = entries
            .first()
            .map(|entry| &entry.message)
            .filter(|message| message.content.counts())
            .ok_or(ErrorCode::NotFound)?;
        let concerned = members.iter().filter(|member| {
            member.user != me
                && member.user != message.author
                && member.joined_at <= message.sent_at
                && engine.showing_reading(&viewer, member.user) == Showing::Shown
        });
        let (seen, waiting): (Vec<_>, Vec<_>) = concerned.partition(|it| it.read_seq >= seq);
        let ids = |members: &[&Membership]| -> Vec<UserId> {
            members.iter().map(|member| member.user).collect()
        };
        let mut people = engine
            .persons(ids(&seen).into_iter().chain(ids(&waiting)))
            .await?;
        let read_at = engine.read_at(conversation, &ids(&seen), seq).await?;
        let mut named = |members: &[&Membership]| {
            let members = ids(members).into_iter();
            let named = members.filter_map(|user| people.remove(&user));
            named.collect::<Vec<_>>()
        };
        let seen = named(&seen).into_iter().map(|person| Reader {
            at: read_at.get(&person.id).copied(),
            person,
        });
        let mut seen: Vec<_> = seen.collect();
        seen.sort_by_key(|reader| Reverse(reader.at));
        Ok(Readers {
            seen,
            waiting: named(&waiting),
        })
    }
}
