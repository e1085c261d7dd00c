//! How far an account has seen threads.

use std::sync::Arc;

use chat::SeeThreadCommand;
use protocol::{SeenThread, ServerFrame};

use super::{Answer, Connection, Transport, logged};

impl<S: Transport> Connection<'_, S> {
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
