//! What members delete for themselves alone: stored durably, then told to all connections of the
//! account. Nobody else learns of it (docs/decisions/0034-deleting-for-oneself.md).
//!
//! It takes effect under the conversation's lock, as what is read does: whoever reads after the
//! answer reads without it.

use std::sync::Arc;

use protocol::permission::Action;
use protocol::{
    Content, Dismissal, ErrorCode, Message, SavedPlace, Seq, ServerFrame, Timestamp, UserId,
};

use crate::cursors::unread;
use crate::engine::{Engine, guarded};
use crate::store::DismissedRecord;
use crate::{Actor, Chat, ChatError, ConnectionId, StoreError};

/// That something is to be deleted for the actor alone, or shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DismissCommand {
    /// The connection that asks, and the number of its answer; none where it is asked for outside
    /// of the socket.
    pub asked: Option<(ConnectionId, u32)>,
    /// Which message or notice.
    pub place: SavedPlace,
    /// What is to become of it.
    pub dismissal: Dismissal,
}

impl Chat {
    /// Deletes something for the actor alone, or shows it again. When that is stored, every
    /// connection of theirs is told; the one that asked gets the answer in the same place of its
    /// queue.
    ///
    /// # Errors
    /// `Refused(NotFound)` for what is not the actor's to read, or only changes something else;
    /// `Refused(TooMany)`; `RateLimited`; `Store`.
    pub async fn dismiss(
        &self,
        actor: &Actor,
        command: DismissCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.accounts.check_arrange(actor.user(), now)?;
        let (engine, user) = (Arc::clone(&self.engine), actor.user());
        // In a task of its own: what is stored is told also if the caller is gone by then.
        let dismissing = tokio::spawn(async move { engine.dismiss(user, command).await });
        dismissing.await.unwrap_or_else(|error| {
            tracing::error!(%error, "deleting for oneself ended early");
            Err(ErrorCode::Internal.into())
        })
    }
}

impl Engine {
    async fn dismiss(
        self: &Arc<Self>,
        user: UserId,
        command: DismissCommand,
    ) -> Result<(), ChatError> {
        let DismissCommand {
            place, dismissal, ..
        } = command;
        let _turn = self.arranging.turn(user).await;
        let root = match dismissal {
            Dismissal::ThisAndBefore => None,
            Dismissal::This | Dismissal::Show => self.dismissible(user, place).await?,
        };
        let decided = self.with(place.conversation, |log, _| {
            let member = log.permit(user, Action::Read)?;
            if place.seq <= member.joined_after || place.seq > log.committed {
                return Err(ErrorCode::NotFound.into());
            }
            let mut dismissals = member.dismissals().clone();
            let is_different = dismissals.apply(place.seq, dismissal, root)?;
            let record = DismissedRecord {
                conversation: place.conversation,
                user,
                joined_at: member.joined_at,
                dismissals,
            };
            Ok((record, is_different))
        });
        let (record, is_different) = decided.await?;
        if is_different {
            self.save_dismissed(&record).await?;
        }
        self.tell_dismissed(record, command.asked).await
    }

    async fn save_dismissed(&self, record: &DismissedRecord) -> Result<(), ChatError> {
        let saved = guarded(self.store.dismiss(record)).await;
        let place = (record.conversation, record.user);
        self.arranging.undismissed.note(place, &saved);
        match saved {
            // They have left meanwhile.
            Err(ChatError::Store(StoreError::Missing)) => Err(ErrorCode::NotFound.into()),
            saved => saved,
        }
    }

    /// Makes what is stored again what was told, where a write had no known outcome: the wish may
    /// have been another one by then, or gone with its tab. What still fails is tried again by the
    /// next tick.
    pub(crate) async fn settle_dismissed(self: &Arc<Self>) {
        for (conversation, user) in self.arranging.undismissed.all() {
            let _turn = self.arranging.turn(user).await;
            let held = self.with(conversation, |log, _| {
                let member = log.permit(user, Action::Read)?;
                Ok(DismissedRecord {
                    conversation,
                    user,
                    joined_at: member.joined_at,
                    dismissals: member.dismissals().clone(),
                })
            });
            let settled = match held.await {
                Ok(held) => match self.save_dismissed(&held).await {
                    // It may have been read anew meanwhile.
                    Ok(()) => self.tell_dismissed(held, None).await,
                    failed => failed,
                },
                failed => failed.map(|_| ()),
            };
            match settled {
                Ok(()) => {}
                Err(ChatError::Refused(_)) => {
                    self.arranging.undismissed.forget((conversation, user));
                }
                // The store is in trouble: the next ones would wait for it too.
                Err(_) => return,
            }
        }
    }

    /// The root of the thread that a message is an answer in, if it is something that can be
    /// dismissed.
    async fn dismissible(
        self: &Arc<Self>,
        user: UserId,
        place: SavedPlace,
    ) -> Result<Option<Seq>, ChatError> {
        let message = self.readable_entry(user, place).await?;
        match message {
            Some(message) if !matches!(message.content, Content::Change(_)) => Ok(message.under()),
            _ => Err(ErrorCode::NotFound.into()),
        }
    }

    /// What is stored is so from now on, and every connection of the account is told, one of
    /// them as the answer to its request; and what is unread now.
    async fn tell_dismissed(
        self: &Arc<Self>,
        record: DismissedRecord,
        asked: Option<(ConnectionId, u32)>,
    ) -> Result<(), ChatError> {
        let DismissedRecord {
            conversation, user, ..
        } = record;
        let me = self.persons([user]).await?.remove(&user);
        let me = me.ok_or(ErrorCode::NotFound)?;
        let dismissals = Arc::new(record.dismissals);
        let mut is_back = false;
        self.with(conversation, |log, _| {
            let member = log.permit(user, Action::Read)?;
            if member.joined_at != record.joined_at {
                return Err(ErrorCode::NotFound.into());
            }
            let is_gone = |pin: &&Seq| member.dismissals().places.contains(**pin);
            let gone = log.details.pins.iter().filter(is_gone);
            is_back |= gone.copied().any(|pin| !dismissals.places.contains(pin));
            log.dismiss(user, &dismissals);
            let read = unread(log, conversation, &me)?;
            let frame = |request| ServerFrame::Dismissed {
                request,
                conversation,
                dismissed: dismissals.places.clone(),
            };
            let mut delivery = self.hub.delivery();
            match asked {
                Some((connection, request)) => {
                    let answer = (connection, &frame(Some(request)));
                    delivery.answer(user, &frame(None), answer);
                }
                None => delivery.notices(&[user], &frame(None)),
            }
            delivery.notices(&[user], &read);
            drop(delivery);
            if is_back {
                // What was described meanwhile is without that pin.
                self.restated(conversation, &[]);
            }
            Ok(())
        })
        .await
    }

    /// What stands at a place, if somebody may read it, dismissed or not.
    pub(crate) async fn readable_entry(
        self: &Arc<Self>,
        user: UserId,
        place: SavedPlace,
    ) -> Result<Option<Message>, ChatError> {
        let SavedPlace { conversation, seq } = place;
        let permitted = self.with(conversation, |log, fixed| {
            let member = log.permit(user, Action::Read)?;
            if seq <= member.joined_after || seq > log.committed {
                return Err(ErrorCode::NotFound.into());
            }
            Ok(Arc::clone(fixed))
        });
        let fixed = match permitted.await {
            Ok(fixed) => fixed,
            Err(error) if self.passes_over(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let entries = self.read_places(conversation, &fixed, &[seq]).await?;
        Ok(entries.into_iter().next().map(|entry| entry.message))
    }

    /// Whether somebody has dismissed a place of a conversation that they are in.
    pub(crate) async fn is_dismissed(
        self: &Arc<Self>,
        user: UserId,
        place: SavedPlace,
    ) -> Result<bool, ChatError> {
        let dismissed = self.with(place.conversation, |log, _| {
            let member = log.permit(user, Action::Read)?;
            Ok(member.dismissals().places.contains(place.seq))
        });
        match dismissed.await {
            Ok(dismissed) => Ok(dismissed),
            Err(error) if self.passes_over(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
