//! One socket with the server's end of it: what the server does with the client's frames is
//! done here as the server does it, one request at a time.

use std::collections::VecDeque;
use std::sync::Arc;

use chat::{
    Actor, ArrangeCommand, Chat, ChatError, Command, ConnectionId, DismissCommand, DraftCommand,
    FolderCommand, Outgoing, RemindCommand, SaveCommand, SeeThreadCommand, SendCommand,
};
use protocol::{
    ClientFrame, CloseCode, Codec, ConversationId, DraftBody, DraftText, ErrorCode, FolderName,
    Seq, ServerFrame, Timestamp,
};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::task::JoinHandle;

/// Frames between the two ends of a socket that is read, and of one that hardly is.
const ROOM: usize = 64;
const ROOM_SLOW: usize = 2;

/// What travels to the client.
#[derive(Debug)]
pub(crate) enum Down {
    Frame(Box<ServerFrame>),
    Close(Option<u16>),
}

impl Down {
    fn frame(frame: ServerFrame) -> Self {
        Self::Frame(Box::new(frame))
    }
}

/// The running server. Dropping it is a crash: every task ends where it waits.
pub(crate) struct Server {
    pub(crate) chat: Arc<Chat>,
    pub(crate) runtime: Runtime,
    /// The one pass over what is due.
    timers: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) const fn new(chat: Arc<Chat>, runtime: Runtime) -> Self {
        Self {
            chat,
            runtime,
            timers: None,
        }
    }

    /// The clock has gone on: what comes about once a second is done so many times, and what is
    /// due, unless it is being done.
    pub(crate) fn tick(&mut self, times: u64, now: Timestamp) {
        for _ in 0..times {
            let chat = Arc::clone(&self.chat);
            self.runtime.spawn(async move { chat.tick(now).await });
        }
        if times > 0 && self.timers.as_ref().is_none_or(JoinHandle::is_finished) {
            let chat = Arc::clone(&self.chat);
            let pass = self.runtime.spawn(async move {
                chat.run_timers(now).await;
            });
            self.timers = Some(pass);
        }
    }

    /// Lets every task that can go on do so, a number of times.
    pub(crate) fn run(&self, rounds: usize) {
        self.runtime.block_on(async {
            for _ in 0..rounds {
                tokio::task::yield_now().await;
            }
        });
    }
}

pub(crate) struct Link {
    pub(crate) id: ConnectionId,
    actor: Actor,
    codec: Codec,
    outgoing: mpsc::Receiver<Outgoing>,
    /// Sent by the client, not taken by the server.
    pub(crate) up: VecDeque<ClientFrame>,
    /// Written by the server, not received by the client.
    pub(crate) down: VecDeque<Down>,
    request: Option<JoinHandle<Vec<Down>>>,
    greeted: bool,
    /// The server has not unregistered it.
    pub(crate) registered: bool,
    pub(crate) slow: bool,
}

impl Link {
    pub(crate) fn open(
        server: &Server,
        actor: Actor,
        codec: Codec,
        now: Timestamp,
    ) -> Result<Self, ChatError> {
        let _context = server.runtime.enter();
        let connection = server.chat.connect(&actor, codec, now)?;
        Ok(Self {
            id: connection.id,
            actor,
            codec,
            outgoing: connection.outgoing,
            up: VecDeque::new(),
            down: VecDeque::new(),
            request: None,
            greeted: false,
            registered: true,
            slow: false,
        })
    }

    /// Whether nothing travels but pings, and nothing is being answered.
    pub(crate) fn is_idle(&self) -> bool {
        let ping = |frame: &ClientFrame| matches!(frame, ClientFrame::Ping { .. });
        let pong = |down: &Down| matches!(down, Down::Frame(frame) if matches!(**frame, ServerFrame::Pong { .. }));
        self.up.iter().all(ping)
            && self.down.iter().all(pong)
            && self.request.is_none()
            && self.outgoing.is_empty()
    }

    /// The server takes the client's next frame, unless it is at work on one.
    pub(crate) fn take(&mut self, server: &Server, now: Timestamp) -> Option<String> {
        self.finish(server);
        if self.request.is_some() || !self.registered {
            return None;
        }
        let frame = self.up.pop_front()?;
        let text = format!("{frame:?}");
        let _context = server.runtime.enter();
        if !self.greeted && !matches!(frame, ClientFrame::Hello { .. }) {
            self.down.push_back(Down::frame(ServerFrame::Error {
                code: ErrorCode::Malformed,
            }));
            self.end(server, CloseCode::ProtocolError, now);
        } else {
            self.begin(server, frame, now);
        }
        Some(text)
    }

    fn begin(&mut self, server: &Server, frame: ClientFrame, now: Timestamp) {
        let (chat, actor, id) = (Arc::clone(&server.chat), self.actor, self.id);
        match frame {
            ClientFrame::Hello { resume } => {
                self.greeted = true;
                self.request = Some(tokio::spawn(async move {
                    let outcome = chat.hello(&actor, id, resume, now).await;
                    outcome.map_or_else(|error| refused_hello(&error), |()| Vec::new())
                }));
            }
            ClientFrame::Send {
                send_id,
                conversation,
                intent,
                after,
                retry,
            } => {
                let command = SendCommand {
                    send_id,
                    conversation,
                    command: Command::try_from(intent).unwrap(),
                    after,
                    retry,
                };
                chat.send(&actor, id, command, now);
            }
            ClientFrame::MarkRead { conversation, seq } => {
                self.ask(mark_read(chat, actor, (conversation, seq), now));
            }
            ClientFrame::Received { conversation, seq } => {
                self.ask(mark_received(chat, actor, (conversation, seq)));
            }
            ClientFrame::Typing {
                conversation,
                active,
            } => chat.typing(&actor, conversation, active, now),
            ClientFrame::Fetch {
                request,
                conversation,
                from,
                to,
            } => self.ask(fetch(chat, actor, request, (conversation, from, to))),
            ClientFrame::Arrange {
                request,
                conversation,
                change,
            } => {
                let command = ArrangeCommand {
                    request,
                    conversation,
                    change,
                };
                self.ask(arrange(chat, (actor, id), command, now));
            }
            ClientFrame::Save { request, place, on } => {
                let asked = Some((id, request));
                let command = SaveCommand { asked, place, on };
                self.ask(save(chat, actor, command, now));
            }
            it @ (ClientFrame::Remind { .. }
            | ClientFrame::Dismiss { .. }
            | ClientFrame::SeeThread { .. }) => self.ask(keep(chat, (actor, id), it, now)),
            // Nobody looks at who is there.
            ClientFrame::Active { .. } => {}
            it @ ClientFrame::Draft { .. } => self.ask(draft(chat, (actor, id), it, now)),
            it @ ClientFrame::Folder { .. } => self.ask(folder(chat, (actor, id), it, now)),
            ClientFrame::Ping { nonce } => self.pong(nonce),
        }
    }

    fn pong(&mut self, nonce: u32) {
        let pong = Down::frame(ServerFrame::Pong { nonce });
        self.down.push_back(pong);
    }

    /// Begins a request of which one at a time is answered.
    fn ask(&mut self, answer: impl Future<Output = Vec<Down>> + Send + 'static) {
        self.request = Some(tokio::spawn(answer));
    }

    /// Sends the answer of a request that has come to its end.
    fn finish(&mut self, server: &Server) {
        if !self.request.as_ref().is_some_and(JoinHandle::is_finished) {
            return;
        }
        if let Some(request) = self.request.take() {
            let answer = server.runtime.block_on(request).unwrap();
            self.down.extend(answer);
        }
    }

    /// The server writes what waits, as far as there is room on the way.
    pub(crate) fn write(&mut self, server: &Server, most: usize, now: Timestamp) {
        self.finish(server);
        if !self.registered {
            return;
        }
        let _context = server.runtime.enter();
        let room = if self.slow { ROOM_SLOW } else { ROOM };
        for _ in 0..most.min(room.saturating_sub(self.down.len())) {
            match self.outgoing.try_recv() {
                Ok(Outgoing::Frame(bytes)) => {
                    let frame = self.codec.decode(&bytes).unwrap();
                    self.down.push_back(Down::frame(frame));
                }
                Ok(Outgoing::Close(code)) => return self.end(server, code, now),
                Err(TryRecvError::Empty) => return server.chat.drained(self.id),
                Err(TryRecvError::Disconnected) => {
                    return self.end(server, CloseCode::Restart, now);
                }
            }
        }
    }

    /// The server closes the socket and tells the client.
    pub(crate) fn end(&mut self, server: &Server, code: CloseCode, now: Timestamp) {
        if self.registered {
            self.down.push_back(Down::Close(Some(code.code())));
            self.unregister(server, now);
        }
    }

    /// The server notices that the socket is gone.
    pub(crate) fn unregister(&mut self, server: &Server, now: Timestamp) {
        if std::mem::take(&mut self.registered) {
            let _context = server.runtime.enter();
            server.chat.disconnect(self.id, now);
            if let Some(request) = self.request.take() {
                request.abort();
            }
        }
    }

    /// The server is gone with its end of the socket, and what it wrote last is lost.
    pub(crate) fn break_off(&mut self, kept: usize, told: bool) {
        self.registered = false;
        self.request = None;
        self.up.clear();
        self.down.truncate(kept);
        if told {
            self.down.push_back(Down::Close(None));
        }
    }
}

fn refused_hello(error: &ChatError) -> Vec<Down> {
    vec![
        Down::frame(ServerFrame::Error { code: error.code() }),
        Down::Close(Some(CloseCode::TryAgainLater.code())),
    ]
}

async fn arrange(
    chat: Arc<Chat>,
    (actor, id): (Actor, ConnectionId),
    command: ArrangeCommand,
    now: Timestamp,
) -> Vec<Down> {
    match chat.arrange(&actor, id, command, now).await {
        Ok(()) => Vec::new(),
        Err(error) => vec![refused(command.request, &error)],
    }
}

async fn folder(
    chat: Arc<Chat>,
    (actor, id): (Actor, ConnectionId),
    frame: ClientFrame,
    now: Timestamp,
) -> Vec<Down> {
    let ClientFrame::Folder {
        request,
        folder,
        name,
    } = frame
    else {
        return Vec::new();
    };
    let command = FolderCommand {
        request,
        folder,
        name: FolderName::parse(&name).ok(),
    };
    match chat.set_folder(&actor, id, command, now).await {
        Ok(()) => Vec::new(),
        Err(error) => vec![refused(request, &error)],
    }
}

async fn draft(
    chat: Arc<Chat>,
    (actor, id): (Actor, ConnectionId),
    frame: ClientFrame,
    now: Timestamp,
) -> Vec<Down> {
    let ClientFrame::Draft {
        request,
        conversation,
        text,
        reply_to,
    } = frame
    else {
        return Vec::new();
    };
    let text = DraftBody::parse(&text).ok();
    let command = DraftCommand {
        request,
        conversation,
        draft: text.map(|text| DraftText { text, reply_to }),
    };
    match chat.draft(&actor, id, command, now).await {
        Ok(()) => Vec::new(),
        Err(error) => vec![refused(request, &error)],
    }
}

async fn mark_read(
    chat: Arc<Chat>,
    actor: Actor,
    (conversation, seq): (ConversationId, Seq),
    now: Timestamp,
) -> Vec<Down> {
    let outcome = chat.mark_read(&actor, conversation, seq, now).await;
    let told = |code| Down::frame(ServerFrame::Error { code });
    outcome.map_or_else(|error| vec![told(error.code())], |()| Vec::new())
}

async fn mark_received(
    chat: Arc<Chat>,
    actor: Actor,
    (conversation, seq): (ConversationId, Seq),
) -> Vec<Down> {
    let outcome = chat.mark_received(&actor, conversation, seq).await;
    let told = |code| Down::frame(ServerFrame::Error { code });
    outcome.map_or_else(|error| vec![told(error.code())], |()| Vec::new())
}

async fn fetch(
    chat: Arc<Chat>,
    actor: Actor,
    request: u32,
    (conversation, from, to): (ConversationId, Seq, Seq),
) -> Vec<Down> {
    vec![match chat.history(&actor, conversation, from, to).await {
        Ok(page) => Down::frame(ServerFrame::Page { request, page }),
        Err(error) => refused(request, &error),
    }]
}

async fn save(chat: Arc<Chat>, actor: Actor, command: SaveCommand, now: Timestamp) -> Vec<Down> {
    match (chat.save(&actor, command, now).await, command.asked) {
        (Err(error), Some((_, request))) => vec![refused(request, &error)],
        _ => Vec::new(),
    }
}

async fn keep(
    chat: Arc<Chat>,
    (actor, id): (Actor, ConnectionId),
    frame: ClientFrame,
    now: Timestamp,
) -> Vec<Down> {
    let (request, outcome) = match frame {
        ClientFrame::Remind { request, place, at } => {
            let asked = Some((id, request));
            let command = RemindCommand { asked, place, at };
            (request, chat.remind(&actor, command, now).await)
        }
        ClientFrame::Dismiss {
            request,
            place,
            dismissal,
        } => {
            let asked = Some((id, request));
            let command = DismissCommand {
                asked,
                place,
                dismissal,
            };
            (request, chat.dismiss(&actor, command, now).await)
        }
        ClientFrame::SeeThread { request, thread } => {
            let command = SeeThreadCommand { request, thread };
            (request, chat.see_thread(&actor, id, command, now).await)
        }
        _ => return Vec::new(),
    };
    match outcome {
        Ok(()) => Vec::new(),
        Err(error) => vec![refused(request, &error)],
    }
}

fn refused(request: u32, error: &ChatError) -> Down {
    let code = error.code();
    Down::frame(ServerFrame::Refused { request, code })
}
