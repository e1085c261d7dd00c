//! What stands in composers.

use std::sync::Arc;

use chat::DraftCommand;
use protocol::{ConversationId, DraftBody, DraftText, ErrorCode, Seq, ServerFrame, TextError};

use super::{Answer, Connection, Transport, logged};

impl<S: Transport> Connection<'_, S> {
    pub(super) fn begin_draft(
        &mut self,
        request: u32,
        conversation: ConversationId,
        text: &str,
        reply_to: Option<Seq>,
    ) -> Option<Answer> {
        let draft = match DraftBody::parse(text) {
            Ok(text) => Some(DraftText { text, reply_to }),
            Err(TextError::Empty) => None,
            Err(error) => return Some(refused(request, error.into())),
        };
        let (chat, actor, id) = (Arc::clone(&self.me.chat), self.me.actor, self.me.id);
        let now = self.me.clock.now();
        self.request = Some(Box::pin(async move {
            let command = DraftCommand {
                request,
                conversation,
                draft,
            };
            match chat.draft(&actor, id, command, now).await {
                // It stands in the queue, among what else is told of drafts.
                Ok(()) => Answer::default(),
                Err(error) => refused(request, logged(&error)),
            }
        }));
        None
    }
}

fn refused(request: u32, code: ErrorCode) -> Answer {
    Answer::frame(ServerFrame::Refused { request, code })
}
