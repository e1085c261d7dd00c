//! The server: HTTP and the socket around [`chat::Chat`].
//!
//! [`run`] is given everything: the listener, the product, the configuration, and when to
//! stop. The binary makes these from the process it is; tests make them as they like.
//!
//! A request goes `listen` → `middleware` → `router` → a page or a server function of `app`,
//! or a handler here. A socket goes `ws::upgrade`, which decides who may have one, → its own
//! task in `ws::connection`. Both call the same `Chat`.

mod admission;
pub mod assets;
mod auth;
pub mod clock;
pub mod config;
mod demonstration;
mod export;
mod failure;
mod health;
mod listen;
mod metrics;
mod middleware;
mod network;
mod origin;
mod quota;
mod reports;
mod router;
mod shutdown;
mod startup;
mod state;
pub mod telemetry;
mod timers;
mod ws;

use std::future::Future;
use std::io;
use std::sync::Arc;

use chat::Chat;
use tokio::net::TcpListener;

use crate::clock::Clock;
use crate::config::Config;
use crate::state::AppState;

pub use demonstration::{SeedError, seed_demo};
pub use network::{Network, NetworkError};
pub use origin::{Origin, OriginError};
pub use reports::{ReportsError, reports};
pub use shutdown::asked_to_stop;
pub use startup::{StartError, open};

/// What the server runs on.
pub struct Deps {
    /// The product.
    pub chat: Arc<Chat>,
    /// How the server behaves.
    pub config: Config,
    /// The time.
    pub clock: Clock,
}

/// Serves until `shutdown` completes, then stops in order: nothing new is accepted, requests
/// under way are finished, what was taken is committed, every client is told to come back.
///
/// # Errors
/// If the listener's address cannot be read; later failures are one client's each.
pub async fn run(
    listener: TcpListener,
    deps: Deps,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    let state = AppState::new(deps.chat, deps.config, deps.clock);
    // Before anybody is let in: what was to go meanwhile is not read.
    if let Err(error) = state.chat.expire_overdue(state.clock.now()).await {
        tracing::error!(%error, "messages that are over go later");
    }
    let router = router::router(&state);
    tracing::info!(%address, "ready");
    shutdown::serve_until(listener, router, state, shutdown).await;
    Ok(())
}

/// Where people find the server.
#[must_use]
pub fn public_address(config: &Config, listener: &TcpListener) -> String {
    match (&config.public_url, listener.local_addr()) {
        (Some(own), _) => own.to_string(),
        (None, Ok(address)) => format!("http://{address}"),
        (None, Err(_)) => format!("http://{}", config.listen),
    }
}
