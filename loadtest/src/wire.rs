//! A socket of the driver: tungstenite over TCP with small buffers, so that ten thousand fit,
//! and with queueing apart from flushing, so that what is due at once leaves in one write.

use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::net::SocketAddr;

use futures_util::{Sink, SinkExt, Stream, StreamExt};
use protocol::limits::FRAME_BYTES;
use protocol::{ClientFrame, Codec, ResumePoint, ServerFrame};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::failure::{During, Failure, Outcome};

/// Read and write buffer of one socket.
const BUFFER: usize = 4 * 1024;

/// Where a socket goes and as whom.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
    /// The access token; none for the relay.
    pub(crate) token: Option<String>,
}

/// One connection.
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
}

impl Socket {
    /// Connects and upgrades; nothing is said yet.
    pub(crate) async fn open(route: &Route) -> Outcome<Self> {
        let tcp = TcpStream::connect(route.address)
            .await
            .during("connecting")?;
        tcp.set_nodelay(true)?;
        let mut request = format!("ws://{}{}", route.address, route.path).into_client_request()?;
        let headers = request.headers_mut();
        headers.insert(
            "sec-websocket-protocol",
            HeaderValue::from_static(Codec::Binary.subprotocol()),
        );
        if let Some(token) = &route.token {
            headers.insert(
                "authorization",
                HeaderValue::from_str(&format!("Bearer {token}"))?,
            );
        }
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER)
            .write_buffer_size(BUFFER)
            .max_message_size(Some(FRAME_BYTES))
            .max_frame_size(Some(FRAME_BYTES));
        let (stream, _) = client_async_with_config(request, tcp, Some(config))
            .await
            .during("the upgrade")?;
        Ok(Self { stream })
    }

    /// Connects, says hello and waits until everything missed has come. Returns the frames
    /// that came meanwhile to `seen`.
    pub(crate) async fn open_and_resume(
        route: &Route,
        resume: Vec<ResumePoint>,
        mut seen: impl FnMut(ServerFrame),
    ) -> Outcome<Self> {
        let mut socket = Self::open(route).await?;
        socket.send(&ClientFrame::Hello { resume }).await?;
        loop {
            match socket.next().await? {
                ServerFrame::Resumed => return Ok(socket),
                frame => seen(frame),
            }
        }
    }

    /// Puts a frame into the write buffer.
    pub(crate) fn queue(&mut self, frame: &ClientFrame) -> Outcome<()> {
        let bytes = Codec::Binary.encode(frame)?;
        Ok(Pin::new(&mut self.stream).start_send(Message::Binary(bytes.into()))?)
    }

    /// Writes what was queued.
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Outcome<()>> {
        Pin::new(&mut self.stream)
            .poll_flush(cx)
            .map_err(Failure::from)
    }

    /// The next frame of the server.
    pub(crate) fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Outcome<ServerFrame>> {
        loop {
            let frame = match ready!(Pin::new(&mut self.stream).poll_next(cx)) {
                Some(Ok(Message::Binary(bytes))) => Codec::Binary.decode(&bytes)?,
                Some(Ok(Message::Close(close))) => {
                    let why = close.map_or_else(String::new, |close| close.to_string());
                    return Poll::Ready(Err(Failure::new(format!("closed by the server: {why}"))));
                }
                Some(Ok(_)) => continue,
                Some(Err(error)) => return Poll::Ready(Err(error.into())),
                None => return Poll::Ready(Err(Failure::new("the connection ended"))),
            };
            return Poll::Ready(Ok(frame));
        }
    }

    /// Sends one frame and flushes.
    pub(crate) async fn send(&mut self, frame: &ClientFrame) -> Outcome<()> {
        self.queue(frame)?;
        Ok(self.stream.flush().await?)
    }

    /// Waits for the next frame.
    pub(crate) async fn next(&mut self) -> Outcome<ServerFrame> {
        core::future::poll_fn(|cx| self.poll_frame(cx)).await
    }

    /// Closes politely; a server that is gone already is no failure.
    pub(crate) async fn close(mut self) {
        if self.stream.close(None).await.is_ok() {
            while let Some(Ok(_)) = self.stream.next().await {}
        }
    }
}
