//! How far an account has read conversations, and seen threads.

use std::sync::Arc;

use chat::SeeThreadCommand;
use protocol::{ConversationId, SeenThread, Seq, ServerFrame};

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

    pub(super) fn begin_see_thread(&mut self, request: u32, thread: SeenThread) {
        let (chat, actor, id) = (Arc::clone(&self.me.chat), self.me.actor, self.me.id);
        let now = self.me.clock.now();
        self.request = Some(Box::pin(async move {
            let command = SeeThreadCommand { request, thread };
            match chat.see_thread(&actor, id, command, now).await {
                // It stands in the queue, among what else is told of threads.
                Ok(()) => Answer::default(),
                Err(error) => Answer::frame(ServerFrame::Refused {
                    request,
                    code: logged(&error),
                }),
            }
        }));
    }
}
