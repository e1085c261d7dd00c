//! How members arrange conversations for themselves: stored durably, then told to all
//! connections of the account. What the changes mean is decided by [`protocol::Preferences`].

use std::collections::BTreeSet;
use std::sync::Arc;

use protocol::permission::Action;
use protocol::{Arrangement, ConversationId, ErrorCode, Seq, ServerFrame, Timestamp, UserId};
use tokio::sync::{Mutex, MutexGuard};

use crate::conversation_state::Log;
use crate::engine::{Engine, guarded};
use crate::store::ArrangedRecord;
use crate::unread::Membership;
use crate::{Actor, Chat, ChatError, ConnectionId, StoreError};

/// Accounts that share a turn.
const TURNS: usize = 32;

/// What is needed while preferences are being stored.
#[derive(Default)]
pub(crate) struct Arranging {
    /// One change of an account at a time, from its reading to its telling: two devices cannot
    /// undo each other's, and what is told is what is stored. Waited for with no other lock held.
    turns: [Mutex<()>; TURNS],
    /// Whose preferences were written with an unknown outcome.
    doubtful: Doubtful,
    /// Whose dismissals likewise.
    pub(crate) undismissed: Doubtful,
    /// Accounts of which something else was written with an unknown outcome: their devices may
    /// know another than what is stored.
    untold: parking_lot::Mutex<BTreeSet<UserId>>,
    /// Accounts of whose profile likewise nobody knows.
    unknown_profiles: parking_lot::Mutex<BTreeSet<UserId>>,
}

/// Whose of what.
type Place = (ConversationId, UserId);

/// Memberships of which something was written with an unknown outcome: what is stored may be
/// another than what was told.
#[derive(Default)]
pub(crate) struct Doubtful(parking_lot::Mutex<BTreeSet<Place>>);

impl Doubtful {
    pub(crate) fn all(&self) -> Vec<Place> {
        self.0.lock().iter().copied().collect()
    }

    pub(crate) fn forget(&self, place: Place) {
        self.0.lock().remove(&place);
    }

    /// Something of it was written, with this outcome.
    pub(crate) fn note(&self, place: Place, outcome: &Result<(), ChatError>) {
        match outcome {
            // They have left meanwhile.
            Ok(()) | Err(ChatError::Store(StoreError::Missing)) => self.forget(place),
            Err(_) => {
                self.0.lock().insert(place);
            }
        }
    }
}

impl Arranging {
    pub(crate) async fn turn(&self, user: UserId) -> Option<MutexGuard<'_, ()>> {
        let [.., last] = user.to_bytes();
        let turn = self.turns.get(usize::from(last) % TURNS)?;
        Some(turn.lock().await)
    }

    /// A profile was written with an unknown outcome.
    pub(crate) fn note_profile(&self, user: UserId) {
        self.unknown_profiles.lock().insert(user);
    }

    /// Takes out those that were noted.
    pub(crate) fn noted_profiles(&self) -> BTreeSet<UserId> {
        std::mem::take(&mut *self.unknown_profiles.lock())
    }
}

/// A change that a connection asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArrangeCommand {
    /// The number of its answer.
    pub request: u32,
    /// Which conversation.
    pub conversation: ConversationId,
    /// What is to be different.
    pub change: Arrangement,
}

impl Chat {
    /// Arranges a conversation for the actor. When it is stored, every connection of theirs is
    /// told; the one that asked gets the answer in the same place of its queue.
    ///
    /// # Errors
    /// `Refused(NotFound)` if the actor is not in the conversation, `Refused(Malformed)` for an
    /// end too far away; `RateLimited`; `Store`.
    pub async fn arrange(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        command: ArrangeCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.accounts.check_arrange(actor.user(), now)?;
        let (engine, user) = (Arc::clone(&self.engine), actor.user());
        // In a task of its own: what is stored is told also if the caller is gone by then.
        let arranging =
            tokio::spawn(async move { engine.arrange(user, connection, command, now).await });
        arranging.await.unwrap_or_else(|error| {
            tracing::error!(%error, "arranging a conversation ended early");
            Err(ErrorCode::Internal.into())
        })
    }
}

impl Engine {
    async fn arrange(
        self: &Arc<Self>,
        user: UserId,
        connection: ConnectionId,
        command: ArrangeCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let _turn = self.arranging.turn(user).await;
        let id = command.conversation;
        let decided = self.with(id, |log, _| {
            let member = log.permit(user, Action::Read)?;
            let change = command.change.checked(log.committed, now)?;
            let before = member.preferences;
            let preferences = before.arranged(change, shown(log, member), now);
            let arranged = ArrangedRecord {
                conversation: id,
                user,
                joined_at: member.joined_at,
                preferences,
            };
            Ok((arranged, preferences != before))
        });
        let (arranged, is_new) = decided.await?;
        if is_new {
            self.save_arranged(&arranged).await?;
        }
        let answer = Some((connection, command.request));
        self.tell_arranged(&arranged, answer).await
    }

    async fn save_arranged(&self, arranged: &ArrangedRecord) -> Result<(), ChatError> {
        let saved = guarded(self.store.arrange(arranged)).await;
        let place = (arranged.conversation, arranged.user);
        self.arranging.doubtful.note(place, &saved);
        match saved {
            // They have left meanwhile.
            Err(ChatError::Store(StoreError::Missing)) => Err(ErrorCode::NotFound.into()),
            saved => saved,
        }
    }

    /// What is stored is so from now on, and every connection of the account is told, one of
    /// them as the answer to its request.
    async fn tell_arranged(
        self: &Arc<Self>,
        arranged: &ArrangedRecord,
        answer: Option<(ConnectionId, u32)>,
    ) -> Result<(), ChatError> {
        let ArrangedRecord {
            conversation,
            user,
            joined_at,
            preferences,
        } = *arranged;
        self.with(conversation, |log, _| {
            let member = log.permit(user, Action::Read)?;
            if member.joined_at != joined_at {
                return Err(ErrorCode::NotFound.into());
            }
            log.arrange(user, preferences);
            let frame = |request| ServerFrame::Arranged {
                request,
                conversation,
                preferences,
            };
            let mut delivery = self.hub.delivery();
            match answer {
                Some((asked, request)) => {
                    delivery.answer(user, &frame(None), (asked, &frame(Some(request))));
                }
                None => delivery.notices(&[user], &frame(None)),
            }
            Ok(())
        })
        .await
    }

    /// A write of what belongs to one account alone and is read from the store wherever it is
    /// asked for. Of one without a known outcome its devices are told anew what is stored, with
    /// the next tick: the wish may be another one by then, or gone with its tab.
    pub(crate) async fn written(
        &self,
        user: UserId,
        work: impl Future<Output = Result<(), StoreError>>,
    ) -> Result<(), ChatError> {
        let written = guarded(work).await;
        if written.is_err() {
            self.arranging.untold.lock().insert(user);
        }
        written
    }

    /// Has the devices of these accounts say `Hello` again, once the store does what it is asked.
    pub(crate) async fn settle_untold(&self) {
        let users = std::mem::take(&mut *self.arranging.untold.lock());
        if users.is_empty() {
            return;
        }
        if guarded(self.store.ping()).await.is_err() {
            self.arranging.untold.lock().extend(users);
            return;
        }
        for user in users {
            self.hub.resync(user);
        }
    }

    /// Makes what is stored again what was told, where a write had no known outcome. What still
    /// fails is tried again by the next tick.
    pub(crate) async fn settle_arranged(self: &Arc<Self>) {
        for (conversation, user) in self.arranging.doubtful.all() {
            let _turn = self.arranging.turn(user).await;
            let held = self.with(conversation, |log, _| {
                let member = log.permit(user, Action::Read)?;
                Ok(ArrangedRecord {
                    conversation,
                    user,
                    joined_at: member.joined_at,
                    preferences: member.preferences,
                })
            });
            let settled = match held.await {
                Ok(held) => match self.save_arranged(&held).await {
                    // It may have been read anew meanwhile.
                    Ok(()) => self.tell_arranged(&held, None).await,
                    failed => failed,
                },
                failed => failed.map(|_| ()),
            };
            match settled {
                Ok(()) => {}
                Err(ChatError::Refused(_)) => {
                    self.arranging.doubtful.forget((conversation, user));
                }
                // The store is in trouble: the next ones would wait for it too.
                Err(_) => return,
            }
        }
    }
}

/// The place of the newest entry that a list shows to a member.
fn shown(log: &Log, member: &Membership) -> Seq {
    log.preview()
        .filter(|message| message.seq > member.joined_after)
        .map_or(Seq::ZERO, |message| message.seq)
}
