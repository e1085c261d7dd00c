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
    /// Makes the members of a conversation peers and tells their connections, unless that was
    /// done already. Under the lock of the conversation, so that its first message comes after.
    pub(crate) async fn announce(self: &Arc<Self>, id: ConversationId) -> Result<(), ChatError> {
        if !self.unannounced.lock().contains(&id) {
            return Ok(());
        }
        let members = self.with(id, |_, fixed| Ok(fixed.room.members.clone()));
        let people = self.persons(members.await?).await?;
        let mut lines = None;
        self.with(id, |log, fixed| {
            // Another caller may have been faster; the lock of the conversation decides.
            if !self.unannounced.lock().contains(&id) {
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
            self.unannounced.lock().remove(&id);
            Ok(())
        })
        .await
    }

    /// Tells what could not be told when it began. Stops when the store still fails.
    pub(crate) async fn announce_late(self: &Arc<Self>) {
        let ids: Vec<_> = self.unannounced.lock().iter().copied().collect();
        for id in ids {
            match self.announce(id).await {
                Ok(()) => {}
                Err(ChatError::Refused(ErrorCode::NotFound)) => {
                    self.unannounced.lock().remove(&id);
                }
                Err(_) => return,
            }
        }
    }
}
