//! What an actor writes to and reads from: a WebSocket over any bytes.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{Sink, Stream};
use protocol::limits::FRAME_BYTES;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

/// Bytes read at once. A text of usual length fits in many times over, and ten thousand idle
/// sockets hold 20 MB of such buffers instead of 1.3 GB with the library's default.
const READ_BUFFER: usize = 2 * 1024;
/// Bytes of small frames put together into one write.
const WRITE_BUFFER: usize = 4 * 1024;
/// What may wait for a client that does not read, after which writing waits too.
const MAX_WRITE_BUFFER: usize = WRITE_BUFFER + 2 * FRAME_BYTES;
/// Bytes that may come before a message is complete: the largest message, in pieces of
/// sensible size. A million empty fragments are no message but do cost time.
const BYTES_PER_MESSAGE: usize = 2 * FRAME_BYTES;

/// A socket as the actor sees it; tests have one without a network.
pub(super) trait Transport:
    Stream<Item = Result<Message, Error>> + Sink<Message, Error = Error> + Unpin
{
    /// Reads bytes and forgets them; `Ok(0)` at the end. For the time between a refusal and
    /// the client's noticing it: closing at once would throw the close frame away.
    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>>;
}

/// A WebSocket with this server's bounds.
pub(super) struct Socket<T>(WebSocketStream<Metered<T>>);

impl<T: AsyncRead + AsyncWrite + Unpin> Socket<T> {
    /// Takes over a stream after the handshake, with bytes that were read too far.
    pub(super) async fn new(stream: T, read_ahead: Vec<u8>) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(WRITE_BUFFER)
            .max_write_buffer_size(MAX_WRITE_BUFFER)
            .max_message_size(Some(FRAME_BYTES))
            .max_frame_size(Some(FRAME_BYTES));
        let metered = Metered { stream, unread: 0 };
        let role = Role::Server;
        Self(WebSocketStream::from_partially_read(metered, read_ahead, role, Some(config)).await)
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Stream for Socket<T> {
    type Item = Result<Message, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = Pin::new(&mut self.0).poll_next(cx);
        if matches!(polled, Poll::Ready(Some(Ok(_)))) {
            self.0.get_mut().unread = 0;
        }
        polled
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Sink<Message> for Socket<T> {
    type Error = Error;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.0).poll_ready(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Error> {
        Pin::new(&mut self.0).start_send(message)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.0).poll_close(cx)
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Transport for Socket<T> {
    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut space = [0; 4096];
        let mut buffer = ReadBuf::new(&mut space);
        let stream = &mut self.0.get_mut().stream;
        std::task::ready!(Pin::new(stream).poll_read(cx, &mut buffer))?;
        Poll::Ready(Ok(buffer.filled().len()))
    }
}

/// A stream that counts what was read since the last complete message.
struct Metered<T> {
    stream: T,
    unread: usize,
}

/// More came than one message may have.
#[derive(Debug, thiserror::Error)]
#[error("too many bytes for one message")]
pub(super) struct Overlong;

impl<T: AsyncRead + Unpin> AsyncRead for Metered<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.unread > BYTES_PER_MESSAGE {
            return Poll::Ready(Err(io::Error::other(Overlong)));
        }
        let before = buffer.filled().len();
        std::task::ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        self.unread += buffer.filled().len() - before;
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Metered<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
