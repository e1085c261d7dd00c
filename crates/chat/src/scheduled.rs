//! Messages that wait for their time. They lie beside the log: nobody but their author knows of
//! them, and they take no place before they are sent (`sending.rs`).

mod sealing;
mod sending;

use std::sync::Arc;

use protocol::limits::SCHEDULED;
use protocol::{
    ConversationId, ErrorCode, Scheduled, SendId, ServerFrame, Text, Timestamp, Unsent, UserId,
    check_due,
};

use self::sealing::{empty, seal};
use crate::conversation_state::Fixed;
use crate::engine::{Engine, guarded};
use crate::store::ScheduledRecord;
use crate::{Actor, Chat, ChatError, ScheduledKey, StoreError};

/// A message that is to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleCommand {
    /// The author's id of it.
    pub id: SendId,
    /// Where to.
    pub conversation: ConversationId,
    /// What it says.
    pub text: Text,
    /// When.
    pub due: Timestamp,
}

impl Chat {
    /// Lets a message wait for its time. The same again changes nothing.
    ///
    /// # Errors
    /// `Refused`: `TimeOutOfRange`; `TooMany` wait already; `NotFound` and `Forbidden` as for
    /// a message that is sent at once. `RateLimited`; `Store`.
    pub async fn schedule(
        &self,
        actor: &Actor,
        command: ScheduleCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.accounts.check_send(actor.user(), now)?;
        let (engine, user) = (Arc::clone(&self.engine), actor.user());
        carried_out(async move { engine.schedule(user, command, now).await }).await
    }

    /// Gives a message that waits, or was not sent, another time or other words.
    ///
    /// # Errors
    /// As [`Chat::schedule`]; `Refused(NotFound)` also if it is not there any more, because it
    /// was sent or deleted.
    pub async fn reschedule(
        &self,
        actor: &Actor,
        command: ScheduleCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.accounts.check_send(actor.user(), now)?;
        let (engine, user) = (Arc::clone(&self.engine), actor.user());
        carried_out(async move { engine.reschedule(user, command, now).await }).await
    }

    /// Sends a message now that waits, or was not sent.
    ///
    /// # Errors
    /// What refuses the message; `Refused(NotFound)` also if it is not there any more. It stays
    /// where it is then. `RateLimited`; `Store`.
    pub async fn send_scheduled(
        &self,
        actor: &Actor,
        id: SendId,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.accounts.check_send(actor.user(), now)?;
        let (engine, user) = (Arc::clone(&self.engine), actor.user());
        carried_out(async move {
            let _turn = engine.scheduling.lock().await;
            let record = engine.waiting(user, id).await?;
            engine.send_one(&record, now).await
        })
        .await
    }

    /// Deletes a message that waits, or was not sent.
    ///
    /// # Errors
    /// `Refused(NotFound)` if it is not there any more; `RateLimited`; `Store`.
    pub async fn unschedule(
        &self,
        actor: &Actor,
        id: SendId,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.accounts.check_send(actor.user(), now)?;
        let (engine, user) = (Arc::clone(&self.engine), actor.user());
        carried_out(async move {
            let _turn = engine.scheduling.lock().await;
            let record = engine.waiting(user, id).await?;
            guarded(engine.store.schedule().delete(record.key())).await?;
            engine.tell_scheduled(&record);
            Ok(())
        })
        .await
    }

    /// Everything that the actor has scheduled and that was not sent, the earliest first.
    ///
    /// # Errors
    /// `Store`.
    pub async fn scheduled(&self, actor: &Actor) -> Result<Vec<Scheduled>, ChatError> {
        let engine = &self.engine;
        let mut records = guarded(engine.store.schedule().of(actor.user())).await?;
        records.sort_unstable_by_key(|record| (record.due, record.id));
        let mut list = Vec::with_capacity(records.len());
        for record in records {
            let opened = match engine.open_scheduled(&record).await {
                // Of this conversation alone; the others can be read.
                Err(
                    ChatError::Refused(_)
                    | ChatError::Security(_)
                    | ChatError::Store(StoreError::Corrupt(_)),
                ) => None,
                opened => opened?,
            };
            let (text, unsent) = match opened {
                Some((text, unsent)) => (Some(text), unsent),
                None => (None, Some(Unsent::Unreadable)),
            };
            list.push(Scheduled {
                id: record.id,
                conversation: record.conversation,
                due: record.due,
                text,
                unsent,
            });
        }
        Ok(list)
    }
}

impl Engine {
    async fn schedule(
        self: &Arc<Self>,
        user: UserId,
        command: ScheduleCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let record = self.sealed(user, command, now).await?;
        let _turn = self.scheduling.lock().await;
        self.check_living(user).await?;
        let own = guarded(self.store.schedule().of(user)).await?;
        let same = own.iter().find(|it| it.id == record.id);
        match same {
            // Its first answer was lost.
            Some(same) if same.conversation == record.conversation => {}
            Some(_) => return Err(ErrorCode::Malformed.into()),
            None if own.len() >= SCHEDULED => return Err(ErrorCode::TooMany.into()),
            None => {}
        }
        let was = same.map(ScheduledRecord::key);
        self.put_scheduled(&record, was).await
    }

    async fn reschedule(
        self: &Arc<Self>,
        user: UserId,
        command: ScheduleCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let record = self.sealed(user, command, now).await?;
        let _turn = self.scheduling.lock().await;
        self.check_living(user).await?;
        let was = self.waiting(user, record.id).await?;
        if was.conversation != record.conversation {
            return Err(ErrorCode::NotFound.into());
        }
        self.put_scheduled(&record, Some(was.key())).await
    }

    /// What is to be stored of a message, if it may be sent as things are now.
    async fn sealed(
        self: &Arc<Self>,
        user: UserId,
        command: ScheduleCommand,
        now: Timestamp,
    ) -> Result<ScheduledRecord, ChatError> {
        let due = check_due(command.due, now)?;
        let fixed = self
            .with(command.conversation, |log, fixed| {
                // When it is due that is asked again.
                let next = log.committed.next();
                log.roll(fixed.kind)
                    .permit_text(user, &command.text, next)?;
                Ok(Arc::clone(fixed))
            })
            .await?;
        let record = ScheduledRecord {
            author: user,
            id: command.id,
            conversation: command.conversation,
            due,
            wake: Some(due),
            sealed: empty(),
        };
        seal(&fixed.key, record, &command.text, None)
    }

    async fn put_scheduled(
        &self,
        record: &ScheduledRecord,
        was: Option<ScheduledKey>,
    ) -> Result<(), ChatError> {
        guarded(self.store.schedule().put(record, was)).await?;
        if let Some(wake) = record.wake {
            self.timer.comes(wake);
        }
        self.tell_scheduled(record);
        Ok(())
    }

    async fn waiting(&self, user: UserId, id: SendId) -> Result<ScheduledRecord, ChatError> {
        let found = guarded(self.store.schedule().one(user, id)).await?;
        Ok(found.ok_or(ErrorCode::NotFound)?)
    }

    /// The key of a conversation, whoever is in it.
    async fn key_of(self: &Arc<Self>, id: ConversationId) -> Result<Arc<Fixed>, ChatError> {
        self.with(id, |_, fixed| Ok(Arc::clone(fixed))).await
    }

    /// Tells the author's connections that their list is another.
    fn tell_scheduled(&self, record: &ScheduledRecord) {
        let conversation = record.conversation;
        let frame = ServerFrame::Scheduled { conversation };
        self.hub.tell(record.author, &frame);
    }
}

/// Carries out a change in a task of its own: what is stored is told, and woken for, also if the
/// caller is gone by then.
async fn carried_out(
    change: impl Future<Output = Result<(), ChatError>> + Send + 'static,
) -> Result<(), ChatError> {
    tokio::spawn(change).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a change of what is scheduled ended early");
        Err(ErrorCode::Internal.into())
    })
}
