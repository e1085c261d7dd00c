//! A client's end of a WebSocket.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use protocol::{
    ClientFrame, Codec, Content, ConversationId, ErrorCode, Intent, Message, ResumePoint, SendId,
    Seq, ServerFrame,
};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Error;
pub(crate) use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::{send_id, soon};

/// What stands for a close frame without a code (RFC 6455, 7.1.5).
const NO_CODE: u16 = 1005;

/// An open socket.
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
    pub(crate) codec: Codec,
}

/// Why no further frame comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The server closed with this code.
    Closed(u16),
    /// The connection broke.
    Broken,
}

/// An upgrade that was refused.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Socket {
    pub(crate) async fn open(
        address: SocketAddr,
        codec: Codec,
        headers: &[(&str, &str)],
    ) -> Result<Self, Refused> {
        Self::open_at(address, "/ws", codec, headers).await
    }

    /// At an address of the tester's choice.
    pub(crate) async fn open_at(
        address: SocketAddr,
        path: &str,
        codec: Codec,
        headers: &[(&str, &str)],
    ) -> Result<Self, Refused> {
        let tcp = TcpStream::connect(address).await.unwrap();
        Self::over(tcp, path, codec, headers).await
    }

    /// Of a client whose system takes in as little as it can while nobody reads.
    pub(crate) async fn narrow(
        address: SocketAddr,
        codec: Codec,
        headers: &[(&str, &str)],
    ) -> Result<Self, Refused> {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let tcp = socket.connect(address).await.unwrap();
        Self::over(tcp, "/ws", codec, headers).await
    }

    async fn over(
        tcp: TcpStream,
        path: &str,
        codec: Codec,
        headers: &[(&str, &str)],
    ) -> Result<Self, Refused> {
        tcp.set_nodelay(true).unwrap();
        let address = tcp.peer_addr().unwrap();
        let mut request = format!("ws://{address}{path}")
            .into_client_request()
            .unwrap();
        let given = request.headers_mut();
        given.insert(
            "sec-websocket-protocol",
            HeaderValue::from_static(codec.subprotocol()),
        );
        for (name, value) in headers {
            let value = value.replace("{own}", &format!("http://{address}"));
            let name: HeaderName = name.parse().unwrap();
            given.insert(name, value.parse().unwrap());
        }
        match soon("the upgrade", client_async(request, tcp)).await {
            Ok((stream, _)) => Ok(Self { stream, codec }),
            Err(Error::Http(answer)) => Err(Refused {
                status: answer.status().as_u16(),
                body: String::from_utf8_lossy(answer.body().as_deref().unwrap_or_default())
                    .into_owned(),
            }),
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) async fn say(&mut self, frame: &ClientFrame) {
        let bytes = self.codec.encode(frame).unwrap();
        let message = match self.codec {
            Codec::Binary => Frame::Binary(bytes.into()),
            Codec::Json => Frame::Text(String::from_utf8(bytes).unwrap().into()),
        };
        self.send(message).await;
    }

    /// Sends whatever a test likes.
    pub(crate) async fn send(&mut self, message: Frame) {
        soon("room to write", self.stream.send(message))
            .await
            .unwrap();
    }

    /// The connection below, to write what no client would.
    pub(crate) fn tcp(&mut self) -> &mut TcpStream {
        self.stream.get_mut()
    }

    /// The next frame, or how the socket ended.
    pub(crate) async fn step(&mut self) -> Result<ServerFrame, Ended> {
        loop {
            let bytes = match soon("a frame", self.stream.next()).await {
                Some(Ok(Frame::Binary(bytes))) if self.codec == Codec::Binary => bytes.to_vec(),
                Some(Ok(Frame::Text(text))) if self.codec == Codec::Json => {
                    text.as_bytes().to_vec()
                }
                Some(Ok(Frame::Close(Some(close)))) => {
                    return Err(Ended::Closed(u16::from(close.code)));
                }
                Some(Ok(Frame::Close(None))) => return Err(Ended::Closed(NO_CODE)),
                Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => continue,
                Some(Ok(other)) => panic!("unexpected {other:?}"),
                Some(Err(_)) | None => return Err(Ended::Broken),
            };
            return Ok(self.codec.decode(&bytes).unwrap());
        }
    }

    pub(crate) async fn next(&mut self) -> ServerFrame {
        self.step()
            .await
            .unwrap_or_else(|ended| panic!("{ended:?} instead of a frame"))
    }

    /// Reads until a frame is what is looked for.
    pub(crate) async fn until<T>(&mut self, mut pick: impl FnMut(ServerFrame) -> Option<T>) -> T {
        loop {
            if let Some(found) = pick(self.next().await) {
                return found;
            }
        }
    }

    /// Reads until the socket ends.
    pub(crate) async fn ended(&mut self) -> Ended {
        loop {
            if let Err(ended) = self.step().await {
                return ended;
            }
        }
    }

    /// Says hello and returns everything up to and without `Resumed`.
    pub(crate) async fn hello(&mut self, resume: &[ResumePoint]) -> Vec<ServerFrame> {
        let resume = resume.to_vec();
        self.say(&ClientFrame::Hello { resume }).await;
        let mut frames = Vec::new();
        loop {
            match self.next().await {
                ServerFrame::Resumed => return frames,
                frame => frames.push(frame),
            }
        }
    }

    /// Sends a text without waiting for what comes of it.
    pub(crate) async fn write(&mut self, conversation: ConversationId, text: &str) -> SendId {
        let send_id = send_id();
        self.say(&ClientFrame::Send {
            send_id,
            conversation,
            intent: Intent::text(text),
            after: Seq::ZERO,
            retry: false,
        })
        .await;
        send_id
    }

    /// Asks for something to be written and waits for what comes of it.
    pub(crate) async fn ask(
        &mut self,
        conversation: ConversationId,
        intent: Intent,
    ) -> Result<Seq, ErrorCode> {
        let send_id = send_id();
        self.say(&ClientFrame::Send {
            send_id,
            conversation,
            intent,
            after: Seq::ZERO,
            retry: false,
        })
        .await;
        self.outcome(send_id).await
    }

    /// What came of a send.
    pub(crate) async fn outcome(&mut self, id: SendId) -> Result<Seq, ErrorCode> {
        self.until(|frame| match frame {
            ServerFrame::Ack { send_id, seq, .. } if send_id == id => Some(Ok(seq)),
            ServerFrame::Reject { send_id, code, .. } if send_id == id => Some(Err(code)),
            _ => None,
        })
        .await
    }

    /// Sends a text and waits until it is stored.
    pub(crate) async fn tell(&mut self, conversation: ConversationId, text: &str) -> Seq {
        let id = self.write(conversation, text).await;
        self.outcome(id).await.unwrap()
    }

    /// The next message that somebody wrote.
    pub(crate) async fn message(&mut self) -> Message {
        self.until(|frame| match frame {
            ServerFrame::Event { message } => Some(message),
            _ => None,
        })
        .await
    }

    /// The text of the next message.
    pub(crate) async fn text(&mut self) -> String {
        text_of(&self.message().await)
    }
}

fn text_of(message: &Message) -> String {
    match &message.content {
        Content::Text(text) => text.body.as_str().to_owned(),
        other => format!("{other:?}"),
    }
}

/// Everything that comes up to and without the message of this text: since frames come in
/// order, whatever was meant for this socket before is among it.
pub(crate) async fn frames_between(socket: &mut Socket, fence: &str) -> Vec<ServerFrame> {
    let mut frames = Vec::new();
    loop {
        match socket.next().await {
            ServerFrame::Event { message } if text_of(&message) == fence => return frames,
            frame => frames.push(frame),
        }
    }
}
