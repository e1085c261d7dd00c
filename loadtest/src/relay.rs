//! The limit to compare with: a bare axum relay that speaks the protocol and nothing else. No
//! accounts, no checks, no database: a message gets a number from memory, its author an ack,
//! everybody else an event.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::Router;
use axum::extract::ws::{Message as Frame, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use axum::serve::ListenerExt;
use bytes::Bytes;
use futures_util::{FutureExt, SinkExt, StreamExt};
use protocol::limits::{CONNECTION_QUEUE, FRAME_BYTES, PAGE_DEFAULT};
use protocol::{
    ClientFrame, Codec, Content, ConversationId, DisplayName, HistoryPage, Intent, Marks, Message,
    MessageBody, Person, SendId, Seq, ServerFrame, SessionId, Timestamp, UserId, Username,
};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::failure::Outcome;

/// Buffers of one socket: what the server uses too.
const BUFFER: usize = 4 * 1024;

/// The queue of one side, and which it is.
type Side = (usize, mpsc::Sender<Bytes>);

/// Those who talk with each other.
#[derive(Default)]
struct Room {
    seq: AtomicU64,
    /// Replaced when a side comes or goes.
    sides: Mutex<Arc<Vec<Side>>>,
}

impl Room {
    fn sides(&self) -> Arc<Vec<Side>> {
        Arc::clone(&self.sides.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn set(&self, side: usize, queue: Option<mpsc::Sender<Bytes>>) {
        let mut sides = self.sides.lock().unwrap_or_else(PoisonError::into_inner);
        let others = sides.iter().filter(|(other, _)| *other != side);
        let all = others.cloned().chain(queue.map(|queue| (side, queue)));
        *sides = Arc::new(all.collect());
    }
}

/// All rooms by number.
#[derive(Default)]
struct Rooms(Mutex<HashMap<u32, Arc<Room>>>);

impl Rooms {
    fn get(&self, number: u32) -> Arc<Room> {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(rooms.entry(number).or_default())
    }
}

/// Where one side of a room connects.
pub(crate) fn path(room: u32, side: usize) -> String {
    format!("/ws/{room}/{side}")
}

/// Serves until the process ends.
pub(crate) async fn serve(listener: TcpListener) -> Outcome<()> {
    let router = Router::new()
        .route("/ws/{room}/{side}", get(upgrade))
        .with_state(Arc::new(Rooms::default()));
    let listener = listener.tap_io(|tcp| {
        // Without it an ack would wait for the next one; a socket that is gone tells later.
        drop(tcp.set_nodelay(true));
    });
    Ok(axum::serve(listener, router).await?)
}

async fn upgrade(
    State(rooms): State<Arc<Rooms>>,
    Path((room, side)): Path<(u32, usize)>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade
        .protocols([Codec::Binary.subprotocol()])
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_write_buffer_size(4 * FRAME_BYTES)
        .max_message_size(FRAME_BYTES)
        .max_frame_size(FRAME_BYTES)
        .on_upgrade(move |socket| async move {
            // An error here is the end of the connection, which is how each of them ends.
            let room = rooms.get(room);
            drop(relay(socket, &room, side).await);
            room.set(side, None);
        })
}

async fn relay(mut socket: WebSocket, room: &Room, side: usize) -> Outcome<()> {
    let (queue, mut outgoing) = mpsc::channel::<Bytes>(CONNECTION_QUEUE);
    room.set(side, Some(queue));
    loop {
        tokio::select! {
            frame = socket.next() => {
                let mut next = frame;
                // Everything that has arrived is answered in one write.
                loop {
                    match next {
                        Some(Ok(Frame::Binary(bytes))) => answer(&mut socket, room, side, &bytes).await?,
                        Some(Ok(_)) => {}
                        Some(Err(error)) => return Err(error.into()),
                        None => return Ok(()),
                    }
                    match socket.next().now_or_never() {
                        Some(more) => next = more,
                        None => break,
                    }
                }
            }
            Some(bytes) = outgoing.recv() => {
                socket.feed(Frame::Binary(bytes)).await?;
                while let Ok(bytes) = outgoing.try_recv() {
                    socket.feed(Frame::Binary(bytes)).await?;
                }
            }
        }
        socket.flush().await?;
    }
}

async fn answer(socket: &mut WebSocket, room: &Room, side: usize, bytes: &[u8]) -> Outcome<()> {
    match Codec::Binary.decode::<ClientFrame>(bytes)? {
        ClientFrame::Hello { .. } => {
            feed(socket, &welcome()?).await?;
            feed(socket, &ServerFrame::Resumed).await
        }
        ClientFrame::Send {
            send_id,
            conversation,
            intent: Intent::Text { text, .. },
            ..
        } => {
            let seq = Seq(room.seq.fetch_add(1, Ordering::Relaxed) + 1);
            let sent_at = Timestamp::default();
            feed(
                socket,
                &ServerFrame::Ack {
                    send_id,
                    conversation,
                    seq,
                    sent_at,
                },
            )
            .await?;
            let event = ServerFrame::Event {
                message: message(conversation, seq, send_id, &text)?,
            };
            let event = Bytes::from(Codec::Binary.encode(&event)?);
            for (other, queue) in room.sides().iter() {
                if *other != side {
                    // Back-pressure instead of loss: this side is read no faster than those.
                    drop(queue.send(event.clone()).await);
                }
            }
            Ok(())
        }
        ClientFrame::Fetch {
            request,
            conversation,
            from,
            to,
        } => feed(socket, &page(request, conversation, from, to)?).await,
        ClientFrame::Ping { nonce } => feed(socket, &ServerFrame::Pong { nonce }).await,
        ClientFrame::Send { .. }
        | ClientFrame::MarkRead { .. }
        | ClientFrame::Received { .. }
        | ClientFrame::Typing { .. }
        | ClientFrame::Arrange { .. }
        | ClientFrame::Save { .. }
        | ClientFrame::Remind { .. }
        | ClientFrame::Dismiss { .. }
        | ClientFrame::Active { .. }
        | ClientFrame::Draft { .. }
        | ClientFrame::Folder { .. }
        | ClientFrame::SeeThread { .. } => Ok(()),
    }
}

async fn feed(socket: &mut WebSocket, frame: &ServerFrame) -> Outcome<()> {
    let bytes = Codec::Binary.encode(frame)?;
    Ok(socket.feed(Frame::Binary(bytes.into())).await?)
}

fn message(
    conversation: ConversationId,
    seq: Seq,
    send_id: SendId,
    text: &str,
) -> Outcome<Message> {
    Ok(Message {
        conversation,
        seq,
        author: UserId::from_bytes([1; 16]),
        send_id,
        sent_at: Timestamp::default(),
        content: Content::Text(MessageBody::parse(text)?.into()),
        marks: Marks::default(),
    })
}

fn welcome() -> Outcome<ServerFrame> {
    Ok(ServerFrame::Welcome {
        me: Person {
            id: UserId::from_bytes([1; 16]),
            username: Username::parse("relay")?,
            display_name: DisplayName::parse("Relay")?,
        },
        session: SessionId::from_bytes([1; 16]),
        now: Timestamp::default(),
    })
}

/// A page as long as a real one, made from nothing: what reading costs without reading.
fn page(request: u32, conversation: ConversationId, from: Seq, to: Seq) -> Outcome<ServerFrame> {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(crate::traffic::text);
    let last = to.0.min(from.0.saturating_add(PAGE_DEFAULT - 1));
    let messages = (from.0..=last)
        .map(|seq| message(conversation, Seq(seq), SendId::from_bytes([7; 16]), text))
        .collect::<Outcome<Vec<_>>>()?;
    Ok(ServerFrame::Page {
        request,
        page: HistoryPage {
            conversation,
            messages,
            last_seq: to,
        },
    })
}
