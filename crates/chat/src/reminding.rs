//! Reminders of messages: stored durably, then told to all connections of the account; and told
//! again, once, when their time has come (docs/decisions/0029-reminders.md).

use std::sync::Arc;

use protocol::limits::REMINDERS;
use protocol::permission::Action;
use protocol::{
    Content, ErrorCode, RemindedMessage, Reminder, SavedPlace, ServerFrame, Timestamp, UserId,
    check_reminder,
};

use crate::engine::{Engine, guarded};
use crate::store::ReminderRecord;
use crate::timer::BATCH;
use crate::{Actor, Chat, ChatError, ConnectionId};

/// That somebody wants to be reminded of a message, or no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemindCommand {
    /// The connection that asks, and the number of its answer; none where it is asked for outside
    /// of the socket.
    pub asked: Option<(ConnectionId, u32)>,
    /// Of which message.
    pub place: SavedPlace,
    /// When; `None` puts the reminder aside.
    pub at: Option<Timestamp>,
}

impl Chat {
    /// Sets a reminder for the actor, gives it another time, or puts it aside. When that is
    /// stored, every connection of theirs is told; the one that asked gets the answer in the same
    /// place of its queue.
    ///
    /// # Errors
    /// `Refused(NotFound)` for what is no message, or not the actor's to read;
    /// `Refused(TimeOutOfRange)`; `Refused(TooMany)`; `RateLimited`; `Store`.
    pub async fn remind(
        &self,
        actor: &Actor,
        command: RemindCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.accounts.check_arrange(actor.user(), now)?;
        let (engine, user) = (Arc::clone(&self.engine), actor.user());
        // In a task of its own: what is stored is told also if the caller is gone by then.
        let reminding = tokio::spawn(async move { engine.remind(user, command, now).await });
        reminding.await.unwrap_or_else(|error| {
            tracing::error!(%error, "setting a reminder ended early");
            Err(ErrorCode::Internal.into())
        })
    }

    /// The actor's reminders, the earliest first, with the messages as they are now.
    ///
    /// # Errors
    /// `Store`.
    pub async fn reminders(&self, actor: &Actor) -> Result<Vec<RemindedMessage>, ChatError> {
        let (engine, user) = (&self.engine, actor.user());
        let mut list = Vec::new();
        for ReminderRecord { reminder, .. } in engine.reminders(user).await? {
            let message = engine.readable(user, reminder.place).await?;
            list.push(RemindedMessage { reminder, message });
        }
        Ok(list)
    }
}

impl Engine {
    async fn remind(
        self: &Arc<Self>,
        user: UserId,
        command: RemindCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let RemindCommand { asked, place, at } = command;
        let _turn = self.own_turn(user).await?;
        let own = self.reminders_in_turn(user).await?;
        let change = decide(&own, (user, place), at, now)?;
        if let Some(Step::Put { was, .. }) = &change {
            self.may_be_reminded(user, place, was.is_some()).await?;
        }
        let reminder = match &change {
            Some(Step::Put { record, was }) => {
                let put = self.store.reminders().put(record, was.as_ref());
                self.written(user, put).await?;
                self.timer.comes(record.reminder.at);
                Some(record.reminder)
            }
            Some(Step::Delete(record)) => {
                let deleted = self.store.reminders().delete(record);
                self.written(user, deleted).await?;
                None
            }
            None => of_place(&own, place).map(|record| record.reminder),
        };
        let frame = |request| ServerFrame::Reminder {
            request,
            place,
            reminder,
        };
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

    /// Whether there is something to be reminded of. A reminder of a message that was deleted
    /// since can get another time.
    async fn may_be_reminded(
        self: &Arc<Self>,
        user: UserId,
        place: SavedPlace,
        again: bool,
    ) -> Result<(), ChatError> {
        let message = self.readable(user, place).await?;
        let is_one = |content: &Content| again || matches!(content, Content::Text(_));
        match message {
            Some(message) if is_one(&message.content) => Ok(()),
            _ => Err(ErrorCode::NotFound.into()),
        }
    }

    /// The reminders of an account, the earliest first.
    pub(crate) async fn reminders(
        self: &Arc<Self>,
        user: UserId,
    ) -> Result<Vec<ReminderRecord>, ChatError> {
        let _turn = self.arranging.turn(user).await;
        self.reminders_in_turn(user).await
    }

    /// The same, where the account's turn is held. Those of what the account may not read any
    /// more are dropped on the way.
    pub(crate) async fn reminders_in_turn(
        self: &Arc<Self>,
        user: UserId,
    ) -> Result<Vec<ReminderRecord>, ChatError> {
        let all = guarded(self.store.reminders().of(user)).await?;
        let mut kept = Vec::with_capacity(all.len());
        for record in all {
            let place = record.reminder.place;
            if self.is_shut(user, place).await? {
                let deleted = self.store.reminders().delete(&record);
                self.written(user, deleted).await?;
                // What is dismissed may be shown again, and the devices would know of it still.
                let frame = ServerFrame::Reminder {
                    request: None,
                    place,
                    reminder: None,
                };
                self.hub.tell(user, &frame);
            } else {
                kept.push(record);
            }
        }
        Ok(kept)
    }

    /// Whether what stands at a place is not the account's to read.
    async fn is_shut(self: &Arc<Self>, user: UserId, place: SavedPlace) -> Result<bool, ChatError> {
        let permitted = self.with(place.conversation, |log, _| {
            let member = log.permit(user, Action::Read)?;
            let is_dismissed = member.dismissals().places.contains(place.seq);
            Ok(place.seq > member.joined_after && !is_dismissed)
        });
        match permitted.await {
            Ok(permitted) => Ok(!permitted),
            Err(ChatError::Refused(ErrorCode::NotFound)) => Ok(true),
            // That it cannot be read today is no reason to forget it.
            Err(error) if self.passes_over(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Tells those whose time has come, at most one batch.
    pub(crate) async fn ring_due(self: &Arc<Self>, now: Timestamp) -> Result<(), ChatError> {
        for record in guarded(self.store.reminders().due(now, BATCH)).await? {
            self.ring(&record, now).await?;
        }
        Ok(())
    }

    /// Tells one: first it is stored that it was told, so that it is not told again.
    async fn ring(
        self: &Arc<Self>,
        found: &ReminderRecord,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let (user, place) = (found.user, found.reminder.place);
        let _turn = self.arranging.turn(user).await;
        // It may be another than when it was found.
        let Some(was) = guarded(self.store.reminders().one(user, place)).await? else {
            return Ok(());
        };
        let Some(reminder) = rung(was.reminder, now) else {
            return Ok(());
        };
        let reminder = if self.is_shut(user, place).await? {
            let deleted = self.store.reminders().delete(&was);
            self.written(user, deleted).await?;
            None
        } else {
            let record = ReminderRecord { user, reminder };
            let put = self.store.reminders().put(&record, Some(&was));
            self.written(user, put).await?;
            Some(reminder)
        };
        let frame = ServerFrame::Reminder {
            request: None,
            place,
            reminder,
        };
        self.hub.tell(user, &frame);
        Ok(())
    }
}

/// What a reminder is once it was told, if that is to be now.
fn rung(reminder: Reminder, now: Timestamp) -> Option<Reminder> {
    let is_time = !reminder.due && reminder.at <= now;
    is_time.then_some(Reminder {
        due: true,
        ..reminder
    })
}

/// What is to be written.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Put {
        record: ReminderRecord,
        was: Option<ReminderRecord>,
    },
    Delete(ReminderRecord),
}

fn of_place(own: &[ReminderRecord], place: SavedPlace) -> Option<ReminderRecord> {
    let mut own = own.iter();
    own.find(|record| record.reminder.place == place).copied()
}

/// Decides what a change writes, given all reminders of the account. The time that it has
/// already is a repetition, also where it was told since.
fn decide(
    own: &[ReminderRecord],
    (user, place): (UserId, SavedPlace),
    at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Option<Step>, ErrorCode> {
    let was = of_place(own, place);
    let Some(at) = at else {
        return Ok(was.map(Step::Delete));
    };
    if was.is_some_and(|was| was.reminder.at == at) {
        return Ok(None);
    }
    if was.is_none() && own.len() >= REMINDERS {
        return Err(ErrorCode::TooMany);
    }
    let reminder = Reminder {
        place,
        at: check_reminder(at, now)?,
        due: false,
    };
    let record = ReminderRecord { user, reminder };
    Ok(Some(Step::Put { record, was }))
}

#[cfg(test)]
mod tests {
    use protocol::limits::SCHEDULE_MS;
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

    fn waits(seq: u64, at: Timestamp) -> ReminderRecord {
        ReminderRecord {
            user: ME,
            reminder: Reminder {
                place: place(seq),
                at,
                due: false,
            },
        }
    }

    fn told(seq: u64, at: Timestamp) -> ReminderRecord {
        let mut record = waits(seq, at);
        record.reminder.due = true;
        record
    }

    fn step(
        own: &[ReminderRecord],
        seq: u64,
        at: Option<Timestamp>,
    ) -> Result<Option<Step>, ErrorCode> {
        decide(own, (ME, place(seq)), at, NOW)
    }

    #[test]
    fn of_a_message_there_is_one_reminder_and_it_has_one_time() {
        let later = NOW.plus_millis(9);
        let put = |record, was| Ok(Some(Step::Put { record, was }));
        assert_eq!(step(&[], 1, Some(later)), put(waits(1, later), None));
        let own = [waits(1, NOW)];
        let expected = put(waits(1, later), Some(own[0]));
        assert_eq!(step(&own, 1, Some(later)), expected);
        assert_eq!(step(&own, 1, None), Ok(Some(Step::Delete(own[0]))));
        assert_eq!(step(&own, 2, None), Ok(None));
    }

    #[test]
    fn a_repetition_changes_nothing_also_when_it_was_told_since() {
        for own in [waits(1, NOW), told(1, NOW)] {
            assert_eq!(step(&[own], 1, Some(NOW)), Ok(None));
        }
        // Another time makes it wait again.
        let later = NOW.plus_millis(9);
        let record = waits(1, later);
        let was = Some(told(1, NOW));
        let again = step(&[told(1, NOW)], 1, Some(later));
        assert_eq!(again, Ok(Some(Step::Put { record, was })));
    }

    #[test]
    fn there_is_room_for_so_many_and_for_times_within_a_year() {
        let own: Vec<_> = (0..REMINDERS as u64).map(|n| waits(n, NOW)).collect();
        let later = Some(NOW.plus_millis(9));
        assert_eq!(step(&own, 90_000, later), Err(ErrorCode::TooMany));
        assert!(step(&own, 3, later).is_ok(), "it has a place already");
        assert!(step(&own[1..], 90_000, later).is_ok());
        let far = Some(NOW.plus_millis(SCHEDULE_MS + 1));
        assert_eq!(step(&[], 1, far), Err(ErrorCode::TimeOutOfRange));
    }

    #[test]
    fn it_is_told_at_its_time_and_not_again() {
        let at = |at: Timestamp| waits(1, at).reminder;
        assert_eq!(rung(at(NOW), NOW), Some(told(1, NOW).reminder));
        assert_eq!(rung(at(NOW.plus_millis(1)), NOW), None);
        assert_eq!(rung(told(1, NOW).reminder, NOW), None);
    }
}
