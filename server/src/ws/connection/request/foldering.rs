//! Folders in which an account keeps conversations together.

use std::sync::Arc;

use chat::FolderCommand;
use protocol::{ClientFrame, ErrorCode, FolderName, ServerFrame};

use super::{Answer, Connection, Transport, logged};

impl<S: Transport> Connection<'_, S> {
    pub(super) fn begin_folder(&mut self, frame: ClientFrame) -> Option<Answer> {
        let ClientFrame::Folder {
            request,
            folder,
            name,
        } = frame
        else {
            return None;
        };
        let name = match FolderName::parse(&name) {
            Ok(name) => Some(name),
            // What is nothing but blank was meant to be a name.
            Err(_) if name.is_empty() => None,
            Err(error) => return Some(refused(request, error.into())),
        };
        let (chat, actor, id) = (Arc::clone(&self.me.chat), self.me.actor, self.me.id);
        let now = self.me.clock.now();
        self.request = Some(Box::pin(async move {
            let command = FolderCommand {
                request,
                folder,
                name,
            };
            match chat.set_folder(&actor, id, command, now).await {
                // It stands in the queue, among what else is told of folders.
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
