//! How far somebody has read, and what their device has.

use std::sync::Arc;

use protocol::{ConversationId, Seq, ServerFrame};

use super::{Answer, Connection, Transport, logged};

impl<S: Transport> Connection<'_, S> {
    pub(super) fn begin_mark_read(&mut self, conversation: ConversationId, seq: Seq) {
        let (chat, actor) = (Arc::clone(&self.me.chat), self.me.actor);
        let now = self.me.clock.now();
        self.request = Some(Box::pin(async move {
            match chat.mark_read(&actor, conversation, seq, now).await {
                Ok(()) => Answer::default(),
                Err(error) => Answer::frame(ServerFrame::Error {
                    code: logged(&error),
                }),
            }
        }));
    }

    pub(super) fn begin_mark_received(&mut self, conversation: ConversationId, seq: Seq) {
        let (chat, actor) = (Arc::clone(&self.me.chat), self.me.actor);
        self.request = Some(Box::pin(async move {
            match chat.mark_received(&actor, conversation, seq).await {
                Ok(()) => Answer::default(),
                Err(error) => Answer::frame(ServerFrame::Error {
                    code: logged(&error),
                }),
            }
        }));
    }
}
