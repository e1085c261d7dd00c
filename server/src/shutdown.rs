//! When to stop, and how.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::Router;
use futures_util::FutureExt;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::clock::{Moment, every, within};
use crate::listen;
use crate::state::AppState;
use crate::timers;

/// How often the product is given the time.
const TICK: Duration = Duration::from_secs(1);
/// Share of the time for stopping that requests under way may take.
const REQUESTS_SHARE: u32 = 4;

/// Completes when the process is asked to stop: SIGTERM or SIGINT. They are listened for from
/// the call on, not from the first time that somebody waits: until then they end the process.
pub fn asked_to_stop() -> impl Future<Output = ()> + Send {
    let signals = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    );
    async move {
        match signals {
            (Ok(mut terminate), Ok(mut interrupt)) => {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
            }
            (Err(error), _) | (_, Err(error)) => {
                tracing::error!(%error, "cannot wait for signals");
            }
        }
    }
}

pub(crate) async fn serve_until(
    listener: TcpListener,
    router: Router,
    state: AppState,
    shutdown: impl Future<Output = ()> + Send,
) {
    let stop = CancellationToken::new();
    let serving = tokio::spawn(listen::serve(listener, router, state.clone(), stop.clone()));
    let ticking = tokio::spawn(tick(state.clone()));
    let timing = tokio::spawn(timers::work(state.clone()));
    shutdown.await;

    let started = Moment::now();
    let limit = state.config.limits.drain_timeout;
    tracing::info!(sockets = state.sockets.len(), "stopping");
    stop.cancel();
    // Requests first: they may still need the database that draining closes. Sockets go on
    // meanwhile and are told by the product when it drains.
    if within(limit / REQUESTS_SHARE, serving).await.is_err() {
        tracing::warn!("requests under way were cut off");
    }
    ticking.abort();
    timing.abort();
    let left = |limit: Duration| limit.saturating_sub(Moment::now().since(started));
    if within(left(limit), state.chat.drain(state.clock.now()))
        .await
        .is_err()
    {
        tracing::error!("draining took too long");
    }
    state.sockets.close();
    if within(left(limit), state.sockets.wait()).await.is_err() {
        tracing::warn!(sockets = state.sockets.len(), "sockets were cut off");
    }
    tracing::info!("stopped");
}

async fn tick(state: AppState) {
    let mut ticks = every(TICK);
    loop {
        ticks.tick().await;
        let now = Moment::now();
        state.requests.forget_idle(now);
        state.reading.forget_idle(now);
        // One tick that fails must not be the last.
        let tick = AssertUnwindSafe(state.chat.tick(state.clock.now()));
        if tick.catch_unwind().await.is_err() {
            state.counters.panics.add_one();
        }
    }
}
