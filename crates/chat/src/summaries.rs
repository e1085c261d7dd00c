//! Rows of the conversation list, as one member sees them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::{StreamExt, stream};
use protocol::limits::{CONVERSATIONS_PAGE, SUMMARY_MEMBERS};
use protocol::permission::Action;
use protocol::{ConversationId, ConversationSummary, ErrorCode, Member, Person, Seq, UserId};

use crate::ChatError;
use crate::conversation_state::{Fixed, Log};
use crate::engine::{Engine, guarded};
use crate::hub::Showing;
use crate::loading::Stop;
use crate::privacy::Viewer;
use crate::store::Details;
use crate::unread::Membership;

/// Memberships of one account that are looked at. More than a list shows, because they are
/// read by age and shown by activity.
pub(crate) const MEMBERSHIPS: usize = 2 * CONVERSATIONS_PAGE;

/// Bytes of names in a summary. With the longest message and the most reactions beside them
/// it still fits into a frame.
const NAMES_BYTES: usize = 8 * 1024;

/// Conversations that one list loads at the same time.
const AT_ONCE: usize = 16;

pub(crate) type People = HashMap<UserId, Person>;

impl Engine {
    /// The conversations somebody is in, the newest first.
    pub(crate) async fn memberships(&self, user: UserId) -> Result<Vec<ConversationId>, ChatError> {
        guarded(self.store.conversations_of(user, MEMBERSHIPS)).await
    }

    /// People by id; unknown ones are left out.
    pub(crate) async fn persons(
        &self,
        ids: impl IntoIterator<Item = UserId>,
    ) -> Result<People, ChatError> {
        guarded(self.people.get(&*self.store, ids)).await
    }

    /// Does something with each of the conversations, several at the same time. The results
    /// come in the order of the ids, without those of conversations that somebody is not in and
    /// of those that cannot be read.
    pub(crate) async fn for_each<T, F>(
        &self,
        ids: &[ConversationId],
        work: impl Fn(ConversationId) -> F,
    ) -> Result<Vec<T>, ChatError>
    where
        F: Future<Output = Result<T, ChatError>>,
    {
        let mut results = Vec::with_capacity(ids.len());
        let mut work = stream::iter(ids.to_vec()).map(work).buffered(AT_ONCE);
        while let Some(result) = work.next().await {
            match result {
                Ok(result) => results.push(result),
                Err(error) if self.passes_over(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(results)
    }

    /// Whether a list goes on without a conversation that failed with this.
    pub(crate) fn passes_over(&self, error: &ChatError) -> bool {
        if error.is_unreadable() {
            tracing::error!(%error, "a conversation is left out");
            self.counters.unreadable.fetch_add(1, Ordering::Relaxed);
        }
        error.is_unreadable() || matches!(error, ChatError::Refused(ErrorCode::NotFound))
    }

    /// Everybody whom the summaries of these conversations name. Loads the conversations.
    pub(crate) async fn people_in(
        self: &Arc<Self>,
        user: UserId,
        ids: &[ConversationId],
    ) -> Result<People, ChatError> {
        // What a member may know of another is known from here on.
        self.viewer(user).await?;
        let named = |id| {
            self.with(id, move |log, _| {
                log.permit(user, Action::Read)?;
                Ok(named_members(log, user)
                    .map(|member| member.user)
                    .collect::<Vec<_>>())
            })
        };
        let named = self.for_each(ids, named).await?;
        let named: Vec<UserId> = named.into_iter().flatten().collect();
        self.learn_hiding(&named).await?;
        self.persons(named).await
    }

    /// The summaries of these conversations, without those that somebody is not in.
    pub(crate) async fn summaries(
        self: &Arc<Self>,
        user: UserId,
        ids: &[ConversationId],
    ) -> Result<Vec<ConversationSummary>, ChatError> {
        let people = &self.people_in(user, ids).await?;
        let viewer = &self.viewer(user).await?;
        let summary = |id| {
            self.with(id, move |log, fixed| {
                self.summary(log, fixed, id, (viewer, people))
            })
        };
        self.for_each(ids, summary).await
    }

    /// What a list shows of a conversation to one of its members.
    pub(crate) fn summary(
        &self,
        log: &mut Log,
        fixed: &Fixed,
        id: ConversationId,
        (viewer, people): (&Viewer, &People),
    ) -> Result<ConversationSummary, Stop> {
        let user = viewer.user;
        let member = log.permit(user, Action::Read)?;
        let (joined_after, read_seq) = (member.joined_after, member.seen());
        let preferences = member.preferences;
        let unread = log.unread(user)?;
        let mentions = match people.get(&user) {
            Some(me) => log.mentions(user, &me.username)?,
            None => 0,
        };
        let member = log.permit(user, Action::Read)?;
        let last_message = log.shown_to(member);
        let dismissed = &member.dismissals().places;
        let is_there = |pin: &Seq| *pin > joined_after && !dismissed.contains(*pin);
        let pins = log.details.pins.iter().copied().filter(is_there).collect();
        let Details {
            title,
            description,
            settings,
            slow_mode,
            lifespan,
            request,
            ..
        } = log.details.clone();
        Ok(ConversationSummary {
            id,
            kind: fixed.kind,
            title,
            description,
            settings,
            members: self.members(log, viewer, people),
            member_count: u32::try_from(log.members.len()).unwrap_or(u32::MAX),
            pins,
            created_at: fixed.created_at,
            last_seq: log.committed,
            last_message,
            read_seq,
            unread,
            mentions,
            preferences,
            slow_mode,
            lifespan,
            request,
        })
    }

    /// The members that a summary names, as far as their names fit.
    fn members(&self, log: &Log, viewer: &Viewer, people: &People) -> Vec<Member> {
        let mut room = NAMES_BYTES;
        let named = named_members(log, viewer.user).filter_map(|member| {
            let person = people.get(&member.user)?.clone();
            let showing = self.showing_cursor(viewer, log, member.user);
            Some(shown(member, person, showing == Showing::Shown))
        });
        let fitting = named.take_while(|member| {
            let names =
                member.person.username.as_str().len() + member.person.display_name.as_str().len();
            let left = room.checked_sub(names);
            room = left.unwrap_or_default();
            left.is_some()
        });
        fitting.collect()
    }
}

/// A member as others see them.
pub(crate) fn shown(member: &Membership, person: Person, shows_reading: bool) -> Member {
    Member {
        person,
        role: member.role,
        read_seq: if shows_reading {
            member.read_seq
        } else {
            Seq::ZERO
        },
        delivered_seq: if shows_reading {
            member.delivered_seq
        } else {
            Seq::ZERO
        },
    }
}

/// Whom a summary names: whoever looks at it first, then the others by their ids.
fn named_members(log: &Log, viewer: UserId) -> impl Iterator<Item = &Membership> {
    let others = log.members.iter().filter(move |m| m.user != viewer);
    log.member(viewer)
        .into_iter()
        .chain(others)
        .take(SUMMARY_MEMBERS)
}
