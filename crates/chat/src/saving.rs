//! Messages that people save to look at again: stored durably, then told to all connections of
//! the account. Nobody else learns of it (docs/decisions/0024-saved-messages.md).

use std::sync::Arc;

use protocol::limits::{SAVED_MESSAGES, SAVED_PAGE};
use protocol::{
    Content, ErrorCode, Message, SavedMessage, SavedPage, SavedPlace, ServerFrame, Timestamp,
    UserId,
};

use crate::engine::{Engine, guarded};
use crate::store::SavedRecord;
use crate::{Actor, Chat, ChatError, ConnectionId};

/// That a message is to be saved, or no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaveCommand {
    /// The connection that asks, and the number of its answer; none where it is asked for outside
    /// of the socket.
    pub asked: Option<(ConnectionId, u32)>,
    /// Which message.
    pub place: SavedPlace,
    /// Whether it is to be saved.
    pub on: bool,
}

impl Chat {
    /// Saves a message for the actor, or no longer. When that is stored, every connection of
    /// theirs is told; the one that asked gets the answer in the same place of its queue.
    ///
    /// # Errors
    /// `Refused(NotFound)` for what is no message, or not the actor's to read;
    /// `Refused(TooMany)`; `RateLimited`; `Store`.
    pub async fn save(
        &self,
        actor: &Actor,
        command: SaveCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.accounts.check_arrange(actor.user(), now)?;
        let (engine, user) = (Arc::clone(&self.engine), actor.user());
        // In a task of its own: what is stored is told also if the caller is gone by then.
        let saving = tokio::spawn(async move { engine.save(user, command, now).await });
        saving.await.unwrap_or_else(|error| {
            tracing::error!(%error, "saving a message ended early");
            Err(ErrorCode::Internal.into())
        })
    }

    /// What the actor has saved, the one saved last first, as the messages are now. `before`
    /// goes on where an earlier page ended.
    ///
    /// # Errors
    /// `RateLimited`; `Store`.
    pub async fn saved(
        &self,
        actor: &Actor,
        before: Option<Timestamp>,
    ) -> Result<SavedPage, ChatError> {
        let engine = &self.engine;
        let all = guarded(engine.store.saved().of(actor.user())).await?;
        let is_left = |saved: &&SavedRecord| before.is_none_or(|before| saved.saved_at < before);
        let mut left = all.iter().filter(is_left);
        let (mut items, mut last) = (Vec::new(), None);
        // However much was dismissed, a page is empty only where nothing follows.
        while items.len() < SAVED_PAGE
            && let Some(saved) = left.next()
        {
            last = Some(saved.saved_at);
            if engine.is_dismissed(actor.user(), saved.place).await? {
                continue;
            }
            items.push(SavedMessage {
                conversation: saved.place.conversation,
                seq: saved.place.seq,
                saved_at: saved.saved_at,
                message: engine.readable(actor.user(), saved.place).await?,
            });
        }
        Ok(SavedPage {
            items,
            next: last.filter(|_| left.next().is_some()),
        })
    }
}

impl Engine {
    async fn save(
        self: &Arc<Self>,
        user: UserId,
        command: SaveCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        if command.on {
            let message = self.readable(user, command.place).await?;
            let is_one = |content: &Content| matches!(content, Content::Text(_));
            if !message.is_some_and(|message| is_one(&message.content)) {
                return Err(ErrorCode::NotFound.into());
            }
        }
        let saved = self.save_in_turn(user, command, now).await;
        let is_full = matches!(saved, Err(ChatError::Refused(ErrorCode::TooMany)));
        if is_full && self.make_room(user).await? {
            return self.save_in_turn(user, command, now).await;
        }
        saved
    }

    async fn save_in_turn(
        &self,
        user: UserId,
        command: SaveCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let SaveCommand { asked, place, on } = command;
        let _turn = self.own_turn(user).await?;
        let all = guarded(self.store.saved().of(user)).await?;
        let change = decide(&all, (user, place), on, now)?;
        let store = self.store.saved();
        match &change {
            Some(Step::Save(saved)) => self.written(user, store.save(saved)).await?,
            Some(Step::Forget) => self.written(user, store.forget(user, place)).await?,
            None => {}
        }
        let frame = |request| ServerFrame::Saved { request, place, on };
        let mut delivery = self.hub.delivery();
        match asked {
            Some((connection, request)) => {
                let answer = (connection, &frame(Some(request)));
                delivery.answer(user, &frame(None), answer);
            }
            None => delivery.notices(&[user], &frame(None)),
        }
        Ok(())
    }

    /// Gives up what was saved first of what is dismissed: it is in no list, so its owner cannot.
    /// Until there is no other room it is kept, and is there if the message is shown again.
    /// Whether there was any.
    async fn make_room(self: &Arc<Self>, user: UserId) -> Result<bool, ChatError> {
        let all = guarded(self.store.saved().of(user)).await?;
        for SavedRecord { place, .. } in all.into_iter().rev() {
            // Without the turn: others who share it do not wait for all that is loaded here.
            if !self.is_dismissed(user, place).await? {
                continue;
            }
            let _turn = self.arranging.turn(user).await;
            // It may be shown again by now.
            if self.is_dismissed(user, place).await? {
                guarded(self.store.saved().forget(user, place)).await?;
                let (request, on) = (None, false);
                self.hub
                    .tell(user, &ServerFrame::Saved { request, place, on });
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What an account has saved and not dismissed since, the one saved last first.
    pub(crate) async fn saved_in_sight(
        self: &Arc<Self>,
        user: UserId,
    ) -> Result<Vec<SavedRecord>, ChatError> {
        let mut in_sight = Vec::new();
        for saved in guarded(self.store.saved().of(user)).await? {
            if !self.is_dismissed(user, saved.place).await? {
                in_sight.push(saved);
            }
        }
        Ok(in_sight)
    }

    /// What stands at a place, if somebody may read it and has not dismissed it, and it is a
    /// message, deleted or not.
    pub(crate) async fn readable(
        self: &Arc<Self>,
        user: UserId,
        place: SavedPlace,
    ) -> Result<Option<Message>, ChatError> {
        let message = match self.is_dismissed(user, place).await? {
            true => None,
            false => self.readable_entry(user, place).await?,
        };
        Ok(message.filter(|message| {
            let content = &message.content;
            content.counts() || matches!(content, Content::Deleted | Content::Unavailable)
        }))
    }
}

/// What is to be written.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Save(SavedRecord),
    Forget,
}

/// Decides what a change writes, given all that is saved, the last first. Each is saved at a
/// time of its own, so that pages end exactly.
fn decide(
    all: &[SavedRecord],
    (user, place): (UserId, SavedPlace),
    on: bool,
    now: Timestamp,
) -> Result<Option<Step>, ErrorCode> {
    let is_saved = all.iter().any(|saved| saved.place == place);
    if is_saved == on {
        return Ok(None);
    }
    if !on {
        return Ok(Some(Step::Forget));
    }
    if all.len() >= SAVED_MESSAGES {
        return Err(ErrorCode::TooMany);
    }
    let after = all.first().map(|last| last.saved_at.plus_millis(1));
    Ok(Some(Step::Save(SavedRecord {
        user,
        place,
        saved_at: after.map_or(now, |after| after.max(now)),
    })))
}

#[cfg(test)]
mod tests {
    use protocol::{ConversationId, Seq};

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
    const ME: UserId = UserId::from_bytes([1; 16]);

    fn place(seq: u64) -> SavedPlace {
        SavedPlace {
            conversation: ConversationId::from_bytes([7; 16]),
            seq: Seq(seq),
        }
    }

    fn saved(seq: u64, saved_at: Timestamp) -> SavedRecord {
        SavedRecord {
            user: ME,
            place: place(seq),
            saved_at,
        }
    }

    #[test]
    fn what_is_as_it_should_be_is_not_written_again() {
        let all = [saved(1, NOW)];
        let at = |seq, on| decide(&all, (ME, place(seq)), on, NOW);
        assert_eq!(at(1, true), Ok(None));
        assert_eq!(at(2, false), Ok(None));
        assert_eq!(at(1, false), Ok(Some(Step::Forget)));
    }

    #[test]
    fn each_is_saved_at_a_time_of_its_own_whatever_the_clock_says() {
        let one = |all: &[SavedRecord]| decide(all, (ME, place(9)), true, NOW);
        let step = |at| Ok(Some(Step::Save(saved(9, at))));
        assert_eq!(one(&[]), step(NOW));
        let past = Timestamp::from_millis(NOW.millis() - 5);
        assert_eq!(one(&[saved(1, past)]), step(NOW));
        assert_eq!(one(&[saved(1, NOW)]), step(NOW.plus_millis(1)));
        let future = NOW.plus_millis(7);
        assert_eq!(one(&[saved(1, future)]), step(NOW.plus_millis(8)));
    }

    #[test]
    fn there_is_room_for_so_many() {
        let all: Vec<_> = (0..SAVED_MESSAGES as u64).map(|n| saved(n, NOW)).collect();
        let one = |all: &[SavedRecord], seq| decide(all, (ME, place(seq)), true, NOW);
        assert_eq!(one(&all, 90_000), Err(ErrorCode::TooMany));
        assert_eq!(one(&all, 3), Ok(None), "it is saved already");
        assert!(one(&all[1..], 90_000).is_ok_and(|step| step.is_some()));
    }
}
