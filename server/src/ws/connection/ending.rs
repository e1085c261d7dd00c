//! How a connection ends.

use std::future::poll_fn;
use std::io;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use protocol::CloseCode;
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode as WireCode;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use super::super::transport::{Overlong, Transport};
use crate::clock::within;

/// How long a close frame may take to be written.
const WRITE: Duration = Duration::from_secs(1);
/// How long the client has to notice before the connection is cut.
const LINGER: Duration = Duration::from_secs(2);
/// What is read and forgotten meanwhile.
const LINGER_BYTES: usize = 4 * 1024 * 1024;
/// RFC 6455: text that is not UTF-8. Sent for the library's finding, never by our own rules.
const NOT_UTF8: u16 = 1007;
/// RFC 6455: reserved for logs, never on the wire: the connection broke.
const ABNORMAL: u16 = 1006;

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// We close it, and the client's bytes can still be read as frames.
    Refused(CloseCode),
    /// The client's bytes can no longer be read as frames; the code says why.
    Garbled(u16),
    /// The client said goodbye.
    Left,
    /// The client does not read what we write.
    Stuck,
    /// The connection broke.
    Gone,
}

impl End {
    pub(super) const fn of(code: CloseCode) -> Self {
        Self::Refused(code)
    }

    /// What an error of the WebSocket library means.
    pub(super) fn broken(error: Error) -> Self {
        match error {
            Error::Capacity(CapacityError::MessageTooLong { .. }) => {
                Self::Garbled(CloseCode::TooBig.code())
            }
            Error::Io(error) if is_overlong(&error) => Self::Garbled(CloseCode::TooBig.code()),
            Error::Utf8(_) => Self::Garbled(NOT_UTF8),
            Error::Protocol(
                ProtocolError::ResetWithoutClosingHandshake
                | ProtocolError::SendAfterClosing
                | ProtocolError::ReceivedAfterClosing,
            ) => Self::Gone,
            Error::Protocol(_) | Error::Capacity(_) => {
                Self::Garbled(CloseCode::ProtocolError.code())
            }
            Error::WriteBufferFull(_) => Self::Stuck,
            _ => Self::Gone,
        }
    }

    /// The code for the count.
    pub(super) const fn code(self) -> u16 {
        match self {
            Self::Refused(code) => code.code(),
            Self::Garbled(code) => code,
            Self::Left => CloseCode::Normal.code(),
            Self::Stuck => CloseCode::TryAgainLater.code(),
            Self::Gone => ABNORMAL,
        }
    }
}

fn is_overlong(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Overlong>())
}

/// Tells the client, gives it a moment to notice, and lets the connection go.
pub(super) async fn close<S: Transport>(socket: &mut S, end: End) {
    if end == End::Gone {
        return;
    }
    if end != End::Left {
        let frame = CloseFrame {
            code: WireCode::from(end.code()),
            reason: Utf8Bytes::from_static(reason(end.code())),
        };
        let written = within(WRITE, socket.send(Message::Close(Some(frame)))).await;
        if !matches!(written, Ok(Ok(()))) {
            return;
        }
    }
    match end {
        // Reads until the client's own close frame, and answers a goodbye.
        End::Refused(_) | End::Left => {
            let _ = within(LINGER, async {
                while let Some(Ok(_)) = socket.next().await {}
            })
            .await;
        }
        End::Garbled(_) => {
            let _ = within(LINGER, discard(socket)).await;
        }
        End::Stuck | End::Gone => {}
    }
}

async fn discard<S: Transport>(socket: &mut S) {
    let mut total = 0;
    while total < LINGER_BYTES {
        match poll_fn(|cx| socket.poll_discard(cx)).await {
            Ok(0) | Err(_) => return,
            Ok(bytes) => total += bytes,
        }
    }
}

/// For people who look at the wire; clients go by the code.
const fn reason(code: u16) -> &'static str {
    match CloseCode::from_code(code) {
        Some(CloseCode::Normal) => "goodbye",
        Some(CloseCode::ProtocolError) => "not a frame of this protocol",
        Some(CloseCode::UnsupportedData) => "wrong kind of message for this subprotocol",
        Some(CloseCode::TooBig) => "too large",
        Some(CloseCode::PolicyViolation) => "too many frames",
        Some(CloseCode::Restart) => "restarting",
        Some(CloseCode::TryAgainLater) => "try again later",
        Some(CloseCode::SessionEnded) => "session ended",
        Some(CloseCode::Timeout) => "silent for too long",
        Some(CloseCode::Replaced) => "replaced by a newer connection",
        None => "",
    }
}
