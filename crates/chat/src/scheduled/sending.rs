//! Messages that are due: each is sent once, under the rules that hold when it is.
//!
//! The transaction that appends the message deletes what waited (`Command::Due`), so there is
//! no moment at which both or neither is stored. What may pass is tried again; what does not
//! pass is kept, with the reason, for its author to read.

use std::sync::Arc;

use protocol::{ConversationId, ErrorCode, Timestamp, Unsent};
use tokio::sync::oneshot;

use super::sealing::{open, seal};
use crate::ChatError;
use crate::command::Command;
use crate::conversation_state::Outcome;
use crate::engine::{Engine, guarded};
use crate::store::ScheduledRecord;
use crate::timer::{BATCH, again};

/// Why it is not handed in, or what answers when it is.
type UnderWay = Result<oneshot::Receiver<Outcome>, NotSent>;

/// Why a message is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotSent {
    /// For now.
    ForNow(ErrorCode),
    /// For good.
    ForGood(ErrorCode, Unsent),
}

impl From<ErrorCode> for NotSent {
    fn from(code: ErrorCode) -> Self {
        match Unsent::of(code) {
            Some(why) => Self::ForGood(code, why),
            None => Self::ForNow(code),
        }
    }
}

impl NotSent {
    pub(super) const fn code(self) -> ErrorCode {
        match self {
            Self::ForNow(code) | Self::ForGood(code, _) => code,
        }
    }
}

impl Engine {
    /// Sends what is due, at most one batch. The turn is held to the end, so nothing of it is
    /// changed or deleted meanwhile.
    pub(crate) async fn send_due(self: &Arc<Self>, now: Timestamp) -> Result<(), ChatError> {
        let _turn = self.scheduling.lock().await;
        let mut due = guarded(self.store.schedule().due(now, BATCH)).await?;
        // In one conversation they keep the order of their times.
        due.sort_unstable_by_key(|record| (record.due, record.id));
        let mut under_way = Vec::with_capacity(due.len());
        for record in due {
            let call = self.hand_in(&record, now).await;
            under_way.push((record, call));
        }
        let mut kept = Ok(());
        for (record, call) in under_way {
            if let Err(why) = outcome(call).await {
                let stored = self.keep_unsent(&record, why, now).await;
                kept = kept.and(stored);
            }
            self.tell_scheduled(&record);
        }
        kept
    }

    /// Sends one at once. The turn is held by the caller.
    pub(super) async fn send_one(
        self: &Arc<Self>,
        record: &ScheduledRecord,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let call = self.hand_in(record, now).await;
        let sent = outcome(call).await;
        if let Err(why @ NotSent::ForGood(..)) = sent {
            self.keep_unsent(record, why, now).await?;
        }
        self.tell_scheduled(record);
        sent.map_err(|why| why.code().into())
    }

    async fn hand_in(self: &Arc<Self>, record: &ScheduledRecord, now: Timestamp) -> UnderWay {
        let text = match self.open_scheduled(record).await {
            Ok(Some((text, _))) => text,
            Ok(None) => {
                let code = ErrorCode::Internal;
                return Err(NotSent::ForGood(code, Unsent::Unreadable));
            }
            Err(error) => return Err(error.code().into()),
        };
        let command = Command::Due(text, record.wake);
        let to = (record.conversation, record.id);
        Ok(self.call(record.author, to, command, now)?)
    }

    /// It was not sent: it waits for another try, or for its author.
    async fn keep_unsent(
        self: &Arc<Self>,
        record: &ScheduledRecord,
        why: NotSent,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let store = self.store.schedule();
        // A commit of unknown outcome may have sent it after all. If it has, what waited is gone.
        if guarded(store.one(record.author, record.id))
            .await?
            .is_none()
        {
            return Ok(());
        }
        let mut kept = record.clone();
        match why {
            NotSent::ForNow(code) => {
                tell_later(code, record.conversation);
                let paced = self.paced_until(record, now).await;
                kept.wake = Some(paced.unwrap_or_else(|| again(now)));
            }
            NotSent::ForGood(_, why) => {
                kept.wake = None;
                // What cannot be opened says so by itself.
                if let Ok(Some((text, _))) = self.open_scheduled(record).await {
                    let key = self.key_of(record.conversation).await?;
                    kept = seal(&key.key, kept, &text, Some(why))?;
                }
            }
        }
        guarded(store.put(&kept, Some(record.key()))).await
    }

    /// When slow mode lets it through, if its author has to wait for that.
    async fn paced_until(
        self: &Arc<Self>,
        record: &ScheduledRecord,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let until = self.with(record.conversation, |log, fixed| {
            Ok(log.roll(fixed.kind).paced_until(record.author, now))
        });
        until.await.ok().flatten()
    }

    /// What it says and what has become of it; `None` if that cannot be read.
    pub(super) async fn open_scheduled(
        self: &Arc<Self>,
        record: &ScheduledRecord,
    ) -> Result<Option<(protocol::Text, Option<Unsent>)>, ChatError> {
        let fixed = self.key_of(record.conversation).await?;
        let opened = open(&fixed.key, record);
        if opened.is_none() {
            tracing::error!(conversation = %record.conversation, "a scheduled message cannot be opened");
        }
        Ok(opened)
    }
}

/// That it waits for its turn in slow mode is as it should be.
fn tell_later(code: ErrorCode, conversation: ConversationId) {
    if code == ErrorCode::SlowMode {
        tracing::debug!(%code, %conversation, "sent later");
    } else {
        tracing::warn!(%code, %conversation, "sent later");
    }
}

async fn outcome(call: UnderWay) -> Result<(), NotSent> {
    let outcome = call?.await.unwrap_or(Err(ErrorCode::Internal));
    outcome.map(|_| ()).map_err(NotSent::from)
}
