//! Accepts connections and speaks HTTP/1.1 on them.
//!
//! `axum::serve` installs no timer, without which hyper's limit on slow request heads does
//! nothing, so the loop is our own.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::admission::{Admission, Admitted, Full};
use crate::clock::{pause, within};
use crate::network::{Network, is_trusted};
use crate::state::AppState;

/// What hyper may buffer of one request's head.
const HEAD_BYTES: usize = 32 * 1024;
/// Header fields of one request.
const HEADERS: usize = 64;
/// How long a connection that does not become a socket may be used.
const CONNECTION_LIFE: Duration = Duration::from_secs(600);
/// How long its last answer may take: a client that never reads it would hold it for ever.
const LAST_ANSWER: Duration = Duration::from_secs(60);
/// First and longest wait after accepting failed.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(10), Duration::from_secs(1));

/// The connection that a request came by.
#[derive(Clone)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    /// Held until the last clone is gone.
    pub(crate) place: Arc<Place>,
}

/// A place among the connections, and among those of its address.
pub(crate) struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_address: Option<Admitted>,
}

/// Accepts until `stop`, then lets requests under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    state: AppState,
    stop: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(state.config.limits.connections));
    let connections = TaskTracker::new();
    let mut back_off = BACK_OFF.0;
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, address, permit)) => {
                back_off = BACK_OFF.0;
                state.counters.accepted.add_one();
                let trusted = &state.config.trusted_proxies;
                let Ok(held) = admit(&state.connections_held, trusted, address.ip()) else {
                    state.counters.connections_refused.add_one();
                    continue;
                };
                let place = Arc::new(Place {
                    _of_all: permit,
                    _of_address: held,
                });
                let peer = Peer { address, place };
                let header_timeout = state.config.limits.header_timeout;
                let handling = handle(stream, peer, router.clone(), header_timeout, stop.clone());
                connections.spawn(handling);
            }
            Err(error) if is_the_clients_fault(&error) => {}
            Err(error) => {
                // Out of file descriptors or memory: trying again at once would only spin.
                state.counters.accept_failures.add_one();
                tracing::warn!(%error, "cannot accept connections");
                pause(back_off).await;
                back_off = (back_off * 2).min(BACK_OFF.1);
            }
        }
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places)
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, address) = listener.accept().await?;
    // Frames are small and answered at once; waiting to fill a packet would only delay them.
    stream.set_nodelay(true)?;
    Ok((stream, address, place))
}

/// Proxies hold the connections of all their visitors, so theirs are not counted.
fn admit(held: &Admission, trusted: &[Network], peer: IpAddr) -> Result<Option<Admitted>, Full> {
    if is_trusted(peer, trusted) {
        return Ok(None);
    }
    held.admit(peer)
}

/// The connection was gone before it was accepted.
fn is_the_clients_fault(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::InvalidInput
    )
}

async fn handle(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    header_timeout: Duration,
    stop: CancellationToken,
) {
    let asked = Arc::new(AtomicBool::new(false));
    let has_asked = Arc::clone(&asked);
    let service = service_fn(move |request: Request<Incoming>| {
        has_asked.store(true, Ordering::Relaxed);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer.clone());
        answer(router.clone(), request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let life = async {
        tokio::pin!(connection);
        tokio::select! {
            outcome = connection.as_mut() => return outcome,
            // Browsers open connections ahead of need; such a one would be waited for.
            () = stop.cancelled() => if !asked.load(Ordering::Relaxed) {
                return Ok(());
            },
            () = pause(CONNECTION_LIFE) => {}
        }
        connection.as_mut().graceful_shutdown();
        connection.await
    };
    // Errors here are a client's broken request or broken network: theirs to notice.
    match within(CONNECTION_LIFE + LAST_ANSWER, life).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "connection ended early"),
        Err(_) => tracing::debug!("connection lived too long"),
    }
}

async fn answer(router: Router, request: Request<Body>) -> Result<Response<Body>, Infallible> {
    router.oneshot(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_so_many_connections_and_a_proxy_all_it_needs() {
        let held = Admission::new(2);
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let from = |address: &str| admit(&held, &trusted, address.parse().unwrap());
        let client = [from("203.0.113.1").unwrap(), from("203.0.113.1").unwrap()];
        assert!(from("203.0.113.1").is_err());
        // The same address on a listener for both families.
        assert!(from("::ffff:203.0.113.1").is_err());
        for address in ["10.0.0.1", "::ffff:10.0.0.1", "127.0.0.1"] {
            let many: Vec<_> = (0..3).map(|_| from(address).unwrap()).collect();
            assert!(many.iter().all(Option::is_none));
        }
        assert!(from("203.0.113.2").is_ok());
        drop(client);
        assert!(from("203.0.113.1").is_ok());
    }
}
