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
    /// Bytes of the network that the message which came last took, with those of its frames
    /// and of control frames in between.
    fn message_bytes(&self) -> usize;

    /// Reads bytes and forgets them; `Ok(0)` at the end. For the time between a refusal and
    /// the client's noticing it: closing at once would throw the close frame away.
    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>>;
}

/// A WebSocket with this server's bounds.
pub(super) struct Socket<T> {
    frames: WebSocketStream<Metered<T>>,
    message_bytes: usize,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Socket<T> {
    /// Takes over a stream after the handshake, with bytes that were read too far.
    pub(super) async fn new(stream: T, read_ahead: Vec<u8>) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(WRITE_BUFFER)
            .max_write_buffer_size(MAX_WRITE_BUFFER)
            .max_message_size(Some(FRAME_BYTES))
            .max_frame_size(Some(FRAME_BYTES));
        let unread = read_ahead.len();
        let metered = Metered { stream, unread };
        let (role, config) = (Role::Server, Some(config));
        Self {
            frames: WebSocketStream::from_partially_read(metered, read_ahead, role, config).await,
            message_bytes: 0,
        }
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Stream for Socket<T> {
    type Item = Result<Message, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = Pin::new(&mut self.frames).poll_next(cx);
        if matches!(polled, Poll::Ready(Some(Ok(_)))) {
            self.message_bytes = std::mem::take(&mut self.frames.get_mut().unread);
        }
        polled
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Sink<Message> for Socket<T> {
    type Error = Error;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.frames).poll_ready(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Error> {
        Pin::new(&mut self.frames).start_send(message)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.frames).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.frames).poll_close(cx)
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Transport for Socket<T> {
    fn message_bytes(&self) -> usize {
        self.message_bytes
    }

    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut space = [0; 4096];
        let mut buffer = ReadBuf::new(&mut space);
        let stream = &mut self.frames.get_mut().stream;
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

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;
    use tokio::io::AsyncWriteExt;

    use super::*;

    /// A fragment of a client's message without contents, masked as it has to be.
    fn fragment(opcode: u8) -> [u8; 6] {
        [opcode, 0x80, 0, 0, 0, 0]
    }

    #[tokio::test]
    async fn what_a_message_took_is_counted_with_its_empty_fragments() {
        const FRAGMENTS: usize = 10_000;
        let (ours, mut theirs) = tokio::io::duplex(256 * 1024);
        let mut socket = Socket::new(ours, Vec::new()).await;
        let mut bytes = fragment(0x02).to_vec();
        for _ in 0..FRAGMENTS {
            bytes.extend(fragment(0x00));
        }
        bytes.extend(fragment(0x80));
        theirs.write_all(&bytes).await.unwrap();
        let message = socket.next().await.unwrap().unwrap();
        assert_eq!(message.len(), 0);
        assert_eq!(socket.message_bytes(), bytes.len());

        let small = [0x82, 0x81, 0, 0, 0, 0, 7];
        theirs.write_all(&small).await.unwrap();
        assert_eq!(socket.next().await.unwrap().unwrap().len(), 1);
        assert_eq!(socket.message_bytes(), small.len());
    }

    #[tokio::test]
    async fn what_came_with_the_handshake_is_counted_too() {
        let (ours, _theirs) = tokio::io::duplex(1024);
        let small = vec![0x82, 0x81, 0, 0, 0, 0, 7];
        let length = small.len();
        let mut socket = Socket::new(ours, small).await;
        assert_eq!(socket.next().await.unwrap().unwrap().len(), 1);
        assert_eq!(socket.message_bytes(), length);
    }
}
