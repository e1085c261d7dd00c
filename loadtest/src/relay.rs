//! The limit to compare with: a bare axum relay that speaks the protocol and nothing else. No
//! accounts, no checks, no database: a message gets a number from memory, its author an ack,
//! the other side an event.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

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

/// Two sides that talk.
#[derive(Default)]
struct Pair {
    seq: AtomicU64,
    sides: [OnceLock<mpsc::Sender<Bytes>>; 2],
}

/// All pairs by number. A pair's number is never used twice in one process.
#[derive(Default)]
struct Pairs(Mutex<HashMap<u32, Arc<Pair>>>);

impl Pairs {
    fn get(&self, number: u32) -> Arc<Pair> {
        let mut pairs = match self.0.lock() {
            Ok(pairs) => pairs,
            Err(poisoned) => poisoned.into_inner(),
        };
        Arc::clone(pairs.entry(number).or_default())
    }
}

/// Where one side of a pair connects.
pub(crate) fn path(pair: u32, side: usize) -> String {
    format!("/ws/{pair}/{side}")
}

/// Serves until the process ends.
pub(crate) async fn serve(listener: TcpListener) -> Outcome<()> {
    let router = Router::new()
        .route("/ws/{pair}/{side}", get(upgrade))
        .with_state(Arc::new(Pairs::default()));
    let listener = listener.tap_io(|tcp| {
        // Without it an ack would wait for the next one; a socket that is gone tells later.
        drop(tcp.set_nodelay(true));
    });
    Ok(axum::serve(listener, router).await?)
}

async fn upgrade(
    State(pairs): State<Arc<Pairs>>,
    Path((pair, side)): Path<(u32, usize)>,
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
            drop(relay(socket, &pairs.get(pair), side % 2).await);
        })
}

async fn relay(mut socket: WebSocket, pair: &Pair, side: usize) -> Outcome<()> {
    let (queue, mut outgoing) = mpsc::channel::<Bytes>(CONNECTION_QUEUE);
    if let Some(slot) = pair.sides.get(side) {
        drop(slot.set(queue));
    }
    loop {
        tokio::select! {
            frame = socket.next() => {
                let mut next = frame;
                // Everything that has arrived is answered in one write.
                loop {
                    match next {
                        Some(Ok(Frame::Binary(bytes))) => answer(&mut socket, pair, side, &bytes).await?,
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

async fn answer(socket: &mut WebSocket, pair: &Pair, side: usize, bytes: &[u8]) -> Outcome<()> {
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
            let seq = Seq(pair.seq.fetch_add(1, Ordering::Relaxed) + 1);
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
            let other = pair.sides.get(1 - side).and_then(OnceLock::get);
            if let Some(other) = other {
                let event = ServerFrame::Event {
                    message: message(conversation, seq, send_id, &text)?,
                };
                // Back-pressure instead of loss: this side is read no faster than that one.
                drop(other.send(Codec::Binary.encode(&event)?.into()).await);
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
        | ClientFrame::Typing { .. }
        | ClientFrame::Arrange { .. } => Ok(()),
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
