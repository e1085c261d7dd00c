//! Who may open a socket, and in which encoding.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use chat::{Actor, Outgoing};
use futures_util::FutureExt;
use http::header::{
    CONNECTION, ORIGIN, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use hyper::upgrade::{OnUpgrade, Parts, Upgraded};
use hyper_util::rt::TokioIo;
use protocol::{Codec, ErrorCode};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::admission::Admitted;
use super::connection::{Connection, Registration, Terms};
use super::transport::Socket;
use crate::auth::{self, Credential};
use crate::failure::Refusal;
use crate::listen::Peer;
use crate::middleware::{ClientAddress, host};
use crate::state::AppState;

/// Handles `GET /ws`.
pub(crate) async fn upgrade(State(state): State<AppState>, request: Request) -> Response {
    match prepare(&state, request).await {
        Ok((accepted, socket)) => {
            state.counters.sockets_opened.add_one();
            let tracker = state.sockets.clone();
            tracker.spawn(async move {
                // One socket's panic is the end of that socket: it leaves the product as it
                // unwinds, and nothing that it shares with others can be left half done.
                let running = AssertUnwindSafe(socket.run(state.clone()));
                if running.catch_unwind().await.is_err() {
                    state.counters.panics.add_one();
                }
            });
            accepted
        }
        Err(refused) => {
            state.counters.sockets_refused.add_one();
            refused.into_response()
        }
    }
}

/// A socket that is about to open.
struct Opening {
    upgrade: OnUpgrade,
    codec: Codec,
    registration: Registration,
    outgoing: mpsc::Receiver<Outgoing>,
    admitted: Option<Admitted>,
    peer: Peer,
}

async fn prepare(state: &AppState, mut request: Request) -> Result<(Response, Opening), Refused> {
    let key = handshake_key(request.headers())?;
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let peer = request.extensions_mut().remove::<Peer>();
    let address = request.extensions().get::<ClientAddress>().copied();
    let (Some(upgrade), Some(peer), Some(ClientAddress(address))) = (upgrade, peer, address) else {
        return Err(ErrorCode::Malformed.into());
    };
    let actor = authorise(state, request.headers()).await?;
    let codec = negotiate(request.headers()).ok_or(ErrorCode::UnsupportedVersion)?;
    let admitted = state
        .admission
        .admit(address)
        .map_err(|_| ErrorCode::RateLimited)?;
    let connection = state
        .chat
        .connect(&actor, codec, state.clock.now())
        .map_err(Refusal::from)?;
    let opening = Opening {
        upgrade,
        codec,
        registration: Registration {
            chat: Arc::clone(&state.chat),
            clock: state.clock.clone(),
            actor,
            id: connection.id,
        },
        outgoing: connection.outgoing,
        admitted,
        peer,
    };
    Ok((accept(&key, codec), opening))
}

impl Opening {
    async fn run(self, state: AppState) {
        // Both are held as long as the socket is open.
        let (_admitted, _place) = (self.admitted, self.peer.place);
        let Ok(upgraded) = self.upgrade.await else {
            return;
        };
        let Some((stream, read_ahead)) = into_stream(upgraded) else {
            tracing::error!("an upgraded connection is not of the listener's kind");
            return;
        };
        let terms = Terms {
            registration: self.registration,
            outgoing: self.outgoing,
            codec: self.codec,
            limits: &state.config.limits,
            counters: &state.counters,
        };
        let socket = Socket::new(stream, read_ahead).await;
        Connection::new(socket, terms).run().await;
    }
}

/// The stream itself, without the boxes that HTTP needed around it.
fn into_stream(upgraded: Upgraded) -> Option<(TcpStream, Vec<u8>)> {
    let Parts { io, read_buf, .. } = upgraded.downcast::<TokioIo<TcpStream>>().ok()?;
    Some((io.into_inner(), read_buf.to_vec()))
}

/// A cookie is sent by the browser whoever asks it to, so with one the request has to come
/// from our own pages. A bearer token is only known to whoever may use it.
async fn authorise(state: &AppState, headers: &HeaderMap) -> Result<Actor, Refusal> {
    let credential =
        auth::credential(headers, state.origin.is_secure()).ok_or(ErrorCode::Unauthenticated);
    let origin = headers
        .get(ORIGIN)
        .map(|value| value.to_str().unwrap_or(""));
    let is_own = |origin: &str| state.origin.accepts(origin, host(headers));
    let (allowed, token) = match (&credential, origin) {
        (Ok(Credential::Bearer(token)), origin) => (origin.is_none_or(is_own), *token),
        (Ok(Credential::Cookie(token)), origin) => (origin.is_some_and(is_own), *token),
        (Err(_), origin) => (origin.is_none_or(is_own), ""),
    };
    if !allowed {
        return Err(ErrorCode::ForeignOrigin.into());
    }
    credential?;
    Ok(state.chat.authenticate(token, state.clock.now()).await?)
}

/// The encoding both sides speak, our preference first.
fn negotiate(headers: &HeaderMap) -> Option<Codec> {
    let offered = |codec: &Codec| {
        headers
            .get_all(SEC_WEBSOCKET_PROTOCOL)
            .into_iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|name| name.trim() == codec.subprotocol())
    };
    Codec::ALL.into_iter().find(offered)
}

/// Why a request is no WebSocket handshake (RFC 6455, 4.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NoHandshake {
    NotAnUpgrade,
    OtherVersion,
    NoKey,
}

/// Why a socket was not opened.
#[derive(Debug)]
enum Refused {
    Handshake(NoHandshake),
    Rule(Refusal),
}

impl From<NoHandshake> for Refused {
    fn from(error: NoHandshake) -> Self {
        Self::Handshake(error)
    }
}

impl<T: Into<Refusal>> From<T> for Refused {
    fn from(error: T) -> Self {
        Self::Rule(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (code, upgrade) = (ErrorCode::Malformed, StatusCode::UPGRADE_REQUIRED);
        match self {
            Self::Rule(refusal) => refusal.into_response(),
            Self::Handshake(NoHandshake::NotAnUpgrade) => {
                let headers = [(CONNECTION, "upgrade"), (UPGRADE, "websocket")];
                (headers, Refusal::with_status(code, upgrade)).into_response()
            }
            Self::Handshake(NoHandshake::OtherVersion) => {
                let headers = [(SEC_WEBSOCKET_VERSION, "13")];
                (headers, Refusal::with_status(code, upgrade)).into_response()
            }
            Self::Handshake(NoHandshake::NoKey) => Refusal::from(code).into_response(),
        }
    }
}

fn handshake_key(headers: &HeaderMap) -> Result<HeaderValue, NoHandshake> {
    let lists = |name, token: &str| {
        headers
            .get_all(name)
            .into_iter()
            .filter_map(|value: &HeaderValue| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|item| item.trim().eq_ignore_ascii_case(token))
    };
    if !lists(CONNECTION, "upgrade") || !lists(UPGRADE, "websocket") {
        return Err(NoHandshake::NotAnUpgrade);
    }
    if !lists(SEC_WEBSOCKET_VERSION, "13") {
        return Err(NoHandshake::OtherVersion);
    }
    headers
        .get(SEC_WEBSOCKET_KEY)
        .cloned()
        .ok_or(NoHandshake::NoKey)
}

fn accept(key: &HeaderValue, codec: Codec) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(
        SEC_WEBSOCKET_PROTOCOL,
        HeaderValue::from_static(codec.subprotocol()),
    );
    // Base 64 is always a header value.
    if let Ok(value) = HeaderValue::from_str(&derive_accept_key(key.as_bytes())) {
        headers.insert(SEC_WEBSOCKET_ACCEPT, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_compact_encoding_is_preferred() {
        let offer = |value| negotiate(&headers(&[("sec-websocket-protocol", value)]));
        assert_eq!(
            offer("baatcheet.v1+json, baatcheet.v1"),
            Some(Codec::Binary)
        );
        assert_eq!(offer("baatcheet.v1+json"), Some(Codec::Json));
        assert_eq!(offer("baatcheet.v2, chat"), None);
        assert_eq!(negotiate(&HeaderMap::new()), None);
        let twice = [
            ("sec-websocket-protocol", "chat"),
            ("sec-websocket-protocol", "baatcheet.v1"),
        ];
        assert_eq!(negotiate(&headers(&twice)), Some(Codec::Binary));
    }

    #[test]
    fn the_answer_is_the_one_of_the_standard() {
        // RFC 6455, 1.3.
        let key = HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ==");
        let response = accept(&key, Codec::Json);
        let accept = response.headers().get(SEC_WEBSOCKET_ACCEPT).unwrap();
        assert_eq!(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn what_is_no_handshake_is_said() {
        let full = [
            ("connection", "keep-alive, Upgrade"),
            ("upgrade", "WebSocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        assert!(handshake_key(&headers(&full)).is_ok());
        for (left_out, why) in [
            (0, NoHandshake::NotAnUpgrade),
            (1, NoHandshake::NotAnUpgrade),
            (2, NoHandshake::OtherVersion),
            (3, NoHandshake::NoKey),
        ] {
            let mut part = full.to_vec();
            part.remove(left_out);
            assert_eq!(handshake_key(&headers(&part)), Err(why));
        }
    }
}
