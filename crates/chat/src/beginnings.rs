//! Telling the members of a conversation that it has begun.
//!
//! A conversation may be made and its beginning remain untold: the store fails right after, or
//! says that it failed. So it is noted before it is made, and told until that has succeeded.

use std::sync::Arc;

use protocol::{ConversationId, ErrorCode, ServerFrame};

use crate::ChatError;
use crate::engine::Engine;
use crate::hub::encode;
use crate::summaries::summary;

impl Engine {
    /// A conversation is about to be made.
    pub(crate) fn begins(&self, id: ConversationId) {
        self.unannounced.lock().insert(id, false);
    }

    /// It was not made, or everybody knows it.
    pub(crate) fn has_nothing_to_announce(&self, id: ConversationId) {
        self.unannounced.lock().remove(&id);
    }

    /// It may have been made, and whoever made it does not go on.
    pub(crate) fn announce_later(&self, id: ConversationId) {
        if let Some(later) = self.unannounced.lock().get_mut(&id) {
            *later = true;
        }
    }

    /// Makes the members of a conversation peers and tells their connections, unless that was
    /// done already.
    pub(crate) async fn announce(self: &Arc<Self>, id: ConversationId) -> Result<(), ChatError> {
        if !self.unannounced.lock().contains_key(&id) {
            return Ok(());
        }
        let announced = self.announce_now(id).await;
        if announced.is_err() {
            self.announce_later(id);
        }
        announced
    }

    /// Under the lock of the conversation, so that its first message comes after.
    async fn announce_now(self: &Arc<Self>, id: ConversationId) -> Result<(), ChatError> {
        let members = self.with(id, |_, fixed| Ok(fixed.room.members.clone()));
        let people = self.persons(members.await?).await?;
        let mut lines = None;
        self.with(id, |log, fixed| {
            // Another caller may have been faster.
            if !self.unannounced.lock().contains_key(&id) {
                return Ok(());
            }
            let lines = lines.get_or_insert_with(|| self.hub.begin(&fixed.room));
            let mut frames = Vec::with_capacity(lines.len());
            for line in lines.iter() {
                let summary = Box::new(summary(log, fixed, (id, line.user), &people)?);
                frames.push(encode(line.codec, &ServerFrame::Conversation { summary }));
            }
            for (line, frame) in lines.iter().zip(frames) {
                self.hub.count_delivered(u64::from(line.notice(frame)));
            }
            self.hub.introduce(&fixed.room, lines);
            self.has_nothing_to_announce(id);
            Ok(())
        })
        .await
    }

    /// Tells what could not be told when it began. What still fails is tried again by the next
    /// tick, and keeps none of the others waiting.
    pub(crate) async fn announce_late(self: &Arc<Self>) {
        let late: Vec<_> = {
            let unannounced = self.unannounced.lock();
            let late = unannounced.iter().filter(|(_, late)| **late);
            late.map(|(id, _)| *id).collect()
        };
        for id in late {
            if let Err(ChatError::Refused(ErrorCode::NotFound)) = self.announce(id).await {
                self.has_nothing_to_announce(id);
            }
        }
    }
}
