//! What each frame of a client asks of the product.

mod drafting;
mod foldering;
mod reading;
mod seeing;

use std::sync::Arc;

use chat::{
    ArrangeCommand, ChatError, Command, DismissCommand, RemindCommand, SaveCommand, SendCommand,
};
use protocol::limits::FRAME_BYTES;
use protocol::{
    Arrangement, ClientFrame, CloseCode, Codec, ConversationId, Dismissal, ErrorCode, HistoryPage,
    SavedPlace, SendId, Seq, ServerFrame, Timestamp,
};

use super::super::transport::Transport;
use super::Connection;
use super::ending::End;
use crate::clock::Moment;

/// Bytes that a page has beside its messages, in the longer encoding and with room to spare.
const AROUND_MESSAGES: usize = 256;

/// What a frame is answered with: frames, and perhaps the end of the connection after them.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) frames: Vec<ServerFrame>,
    pub(super) end: Option<End>,
}

impl Answer {
    fn frame(frame: ServerFrame) -> Self {
        Self {
            frames: vec![frame],
            end: None,
        }
    }

    fn closing(code: ErrorCode, close: CloseCode) -> Self {
        Self {
            frames: vec![ServerFrame::Error { code }],
            end: Some(End::of(close)),
        }
    }
}

impl<S: Transport> Connection<'_, S> {
    /// Answers at once, or begins a request and answers later.
    pub(super) fn take(&mut self, frame: ClientFrame) -> Option<Answer> {
        if !self.greeted && !matches!(frame, ClientFrame::Hello { .. }) {
            let (code, close) = (ErrorCode::Malformed, CloseCode::ProtocolError);
            return Some(Answer::closing(code, close));
        }
        match frame {
            ClientFrame::Hello { resume } => {
                self.greet();
                self.begin_hello(resume);
                None
            }
            ClientFrame::Send {
                send_id,
                conversation,
                intent,
                after,
                retry,
            } => match Command::try_from(intent) {
                Ok(command) => {
                    let command = SendCommand {
                        send_id,
                        conversation,
                        command,
                        after,
                        retry,
                    };
                    let now = self.me.clock.now();
                    self.me.chat.send(&self.me.actor, self.me.id, command, now);
                    None
                }
                Err(code) => Some(reject(send_id, code)),
            },
            ClientFrame::MarkRead { conversation, seq } => {
                self.begin_mark_read(conversation, seq);
                None
            }
            ClientFrame::Received { conversation, seq } => {
                self.begin_mark_received(conversation, seq);
                None
            }
            told @ (ClientFrame::Typing { .. } | ClientFrame::Active { .. }) => {
                self.told(&told);
                None
            }
            ClientFrame::Fetch {
                request,
                conversation,
                from,
                to,
            } => {
                self.begin_fetch(request, conversation, from, to);
                None
            }
            ClientFrame::Arrange {
                request,
                conversation,
                change,
            } => {
                self.begin_arrange(request, conversation, change);
                None
            }
            own @ (ClientFrame::Save { .. }
            | ClientFrame::Remind { .. }
            | ClientFrame::Dismiss { .. }
            | ClientFrame::Draft { .. }
            | ClientFrame::Folder { .. }
            | ClientFrame::SeeThread { .. }) => self.begin_own(own),
            ClientFrame::Ping { nonce } => Some(Answer::frame(ServerFrame::Pong { nonce })),
        }
    }

    /// What is not answered: that somebody types, or is at the device.
    fn told(&self, frame: &ClientFrame) {
        let (chat, actor) = (&self.me.chat, &self.me.actor);
        match *frame {
            ClientFrame::Typing {
                conversation,
                active,
            } => chat.typing(actor, conversation, active, self.me.clock.now()),
            ClientFrame::Active { active } => chat.active(actor, self.me.id, active),
            _ => {}
        }
    }

    /// From now on the connection is kept alive instead of being waited for.
    fn greet(&mut self) {
        if !self.greeted {
            self.greeted = true;
            self.alarm.set(self.next_alarm());
        }
    }

    fn begin_hello(&mut self, resume: Vec<protocol::ResumePoint>) {
        let (chat, actor) = (Arc::clone(&self.me.chat), self.me.actor);
        let (id, now) = (self.me.id, self.me.clock.now());
        self.request = Some(Box::pin(async move {
            match chat.hello(&actor, id, resume, now).await {
                Ok(()) => Answer::default(),
                Err(error) => refused_hello(&error),
            }
        }));
    }

    fn begin_arrange(&mut self, request: u32, conversation: ConversationId, change: Arrangement) {
        let command = ArrangeCommand {
            request,
            conversation,
            change,
        };
        let (chat, actor, id) = (Arc::clone(&self.me.chat), self.me.actor, self.me.id);
        let now = self.me.clock.now();
        self.request = Some(Box::pin(async move {
            match chat.arrange(&actor, id, command, now).await {
                // It stands in the queue, among what else is told of the conversation.
                Ok(()) => Answer::default(),
                Err(error) => Answer::frame(ServerFrame::Refused {
                    request,
                    code: logged(&error),
                }),
            }
        }));
    }

    /// What an account does for itself.
    fn begin_own(&mut self, frame: ClientFrame) -> Option<Answer> {
        match frame {
            ClientFrame::Save { request, place, on } => self.begin_save(request, place, on),
            ClientFrame::Remind { request, place, at } => self.begin_remind(request, place, at),
            ClientFrame::Dismiss {
                request,
                place,
                dismissal,
            } => self.begin_dismiss(request, place, dismissal),
            ClientFrame::Draft {
                request,
                conversation,
                text,
                reply_to,
            } => return self.begin_draft(request, conversation, &text, reply_to),
            folder @ ClientFrame::Folder { .. } => return self.begin_folder(folder),
            ClientFrame::SeeThread { request, thread } => self.begin_see_thread(request, thread),
            _ => {}
        }
        None
    }

    fn begin_save(&mut self, request: u32, place: SavedPlace, on: bool) {
        let (chat, actor) = (Arc::clone(&self.me.chat), self.me.actor);
        let (asked, now) = (Some((self.me.id, request)), self.me.clock.now());
        self.request = Some(Box::pin(async move {
            let command = SaveCommand { asked, place, on };
            match chat.save(&actor, command, now).await {
                // It stands in the queue, among what else is told of saved messages.
                Ok(()) => Answer::default(),
                Err(error) => Answer::frame(ServerFrame::Refused {
                    request,
                    code: logged(&error),
                }),
            }
        }));
    }

    fn begin_dismiss(&mut self, request: u32, place: SavedPlace, dismissal: Dismissal) {
        let (chat, actor) = (Arc::clone(&self.me.chat), self.me.actor);
        let (asked, now) = (Some((self.me.id, request)), self.me.clock.now());
        self.request = Some(Box::pin(async move {
            let command = DismissCommand {
                asked,
                place,
                dismissal,
            };
            match chat.dismiss(&actor, command, now).await {
                // It stands in the queue, where what is read after it is without it.
                Ok(()) => Answer::default(),
                Err(error) => Answer::frame(ServerFrame::Refused {
                    request,
                    code: logged(&error),
                }),
            }
        }));
    }

    fn begin_remind(&mut self, request: u32, place: SavedPlace, at: Option<Timestamp>) {
        let (chat, actor) = (Arc::clone(&self.me.chat), self.me.actor);
        let (asked, now) = (Some((self.me.id, request)), self.me.clock.now());
        self.request = Some(Box::pin(async move {
            let command = RemindCommand { asked, place, at };
            match chat.remind(&actor, command, now).await {
                // It stands in the queue, among what else is told of reminders.
                Ok(()) => Answer::default(),
                Err(error) => Answer::frame(ServerFrame::Refused {
                    request,
                    code: logged(&error),
                }),
            }
        }));
    }

    fn begin_fetch(&mut self, request: u32, conversation: ConversationId, from: Seq, to: Seq) {
        let (chat, actor, codec) = (Arc::clone(&self.me.chat), self.me.actor, self.codec);
        let reading = Arc::clone(self.reading);
        self.request = Some(Box::pin(async move {
            reading.wait(actor.user()).await;
            Answer::frame(match chat.history(&actor, conversation, from, to).await {
                Ok(page) => {
                    let (frame, bytes) = fitting(request, page, codec);
                    reading.pay(actor.user(), bytes as u64, Moment::now());
                    frame
                }
                Err(error) => ServerFrame::Refused {
                    request,
                    code: logged(&error),
                },
            })
        }));
    }
}

fn reject(send_id: SendId, code: ErrorCode) -> Answer {
    Answer::frame(ServerFrame::Reject {
        send_id,
        code,
        retry_after_ms: None,
    })
}

fn logged(error: &ChatError) -> ErrorCode {
    if matches!(error, ChatError::Store(_) | ChatError::Security(_)) {
        tracing::error!(%error, "request of a socket failed");
    }
    error.code()
}

/// Without `Welcome` a connection is of no use, so each of these ends it.
fn refused_hello(error: &ChatError) -> Answer {
    let code = logged(error);
    let close = match code {
        ErrorCode::Unauthenticated => CloseCode::SessionEnded,
        ErrorCode::Draining => CloseCode::Restart,
        ErrorCode::Malformed | ErrorCode::TooLarge => CloseCode::ProtocolError,
        _ => CloseCode::TryAgainLater,
    };
    Answer::closing(code, close)
}

/// A page of long messages can be larger than a frame may be: its oldest are left out, and
/// the client asks for them with the next range. Returns the bytes of the messages as well.
fn fitting(request: u32, mut page: HistoryPage, codec: Codec) -> (ServerFrame, usize) {
    let mut bytes = 0;
    let mut kept = 0;
    for message in page.messages.iter().rev() {
        // Between two messages JSON has a comma.
        let size = codec.encode(message).map_or(0, |bytes| bytes.len()) + 1;
        if kept > 0 && bytes + size > FRAME_BYTES - AROUND_MESSAGES {
            break;
        }
        bytes += size;
        kept += 1;
    }
    page.messages.drain(..page.messages.len() - kept);
    (ServerFrame::Page { request, page }, bytes)
}

#[cfg(test)]
mod tests {
    use protocol::{Content, Marks, Message, MessageBody, Timestamp, UserId};

    use super::*;

    fn page(messages: u64, text: &str) -> HistoryPage {
        let conversation = ConversationId::from_bytes([1; 16]);
        let message = |seq| Message {
            conversation,
            seq: Seq(seq),
            author: UserId::from_bytes([2; 16]),
            send_id: SendId::from_bytes([3; 16]),
            sent_at: Timestamp::from_millis(seq),
            content: Content::Text(MessageBody::parse(text).unwrap().into()),
            marks: Marks::default(),
        };
        HistoryPage {
            conversation,
            messages: (1..=messages).map(message).collect(),
            last_seq: Seq(messages),
        }
    }

    #[test]
    fn a_page_of_long_messages_keeps_its_newest() {
        for codec in Codec::ALL {
            let whole = page(100, &"x".repeat(3_000));
            let (frame, bytes) = fitting(7, whole.clone(), codec);
            let encoded = codec.encode(&frame).unwrap().len();
            assert!(encoded <= FRAME_BYTES);
            assert!(bytes.abs_diff(encoded) <= AROUND_MESSAGES);
            let ServerFrame::Page { request, page } = frame else {
                unreachable!("a page is answered")
            };
            assert_eq!(request, 7);
            assert_eq!(page.messages.last().unwrap().seq, Seq(100));
            // One more would not have had room.
            let more = &whole.messages[100 - page.messages.len() - 1..];
            assert!(codec.encode(&more).unwrap().len() > FRAME_BYTES - AROUND_MESSAGES);
        }
    }

    #[test]
    fn what_is_around_the_messages_has_room() {
        for codec in Codec::ALL {
            let empty = HistoryPage {
                last_seq: Seq(u64::MAX),
                ..page(0, "")
            };
            let (frame, bytes) = fitting(u32::MAX, empty, codec);
            assert_eq!(bytes, 0);
            assert!(codec.encode(&frame).unwrap().len() < AROUND_MESSAGES);
        }
    }

    #[test]
    fn a_page_of_short_messages_is_whole() {
        let whole = page(100, "short");
        let (ServerFrame::Page { page, .. }, _) = fitting(1, whole.clone(), Codec::Binary) else {
            unreachable!("a page is answered")
        };
        assert_eq!(page, whole);
    }

    #[test]
    fn a_hello_that_fails_ends_the_connection_with_a_code_that_says_what_to_do() {
        for (error, close) in [
            (ErrorCode::Unauthenticated, CloseCode::SessionEnded),
            (ErrorCode::Draining, CloseCode::Restart),
            (ErrorCode::Malformed, CloseCode::ProtocolError),
            (ErrorCode::StorageUnavailable, CloseCode::TryAgainLater),
        ] {
            let answer = refused_hello(&ChatError::Refused(error));
            assert_eq!(answer.end, Some(End::of(close)));
            assert_eq!(answer.frames, [ServerFrame::Error { code: error }]);
        }
    }
}
