//! What all handlers share.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::{Arc, Once};

use axum::extract::FromRef;
use chat::Chat;
use leptos::config::LeptosOptions;
use protocol::UserId;
use tokio_util::task::TaskTracker;

use crate::admission::Admission;
use crate::clock::Clock;
use crate::config::Config;
use crate::health::Readiness;
use crate::metrics::Counters;
use crate::origin::OwnOrigin;
use crate::quota::{Quota, READING, REQUESTS};

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) chat: Arc<Chat>,
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) origin: OwnOrigin,
    pub(crate) counters: Counters,
    /// TCP connections by address; proxies have as many as they like.
    pub(crate) connections_held: Admission,
    /// WebSockets by address.
    pub(crate) sockets_held: Admission,
    /// What client addresses may ask for, whoever they are.
    pub(crate) requests: Quota<IpAddr>,
    /// What accounts may read.
    pub(crate) reading: Arc<Quota<UserId>>,
    /// Somebody else's `X-Forwarded-For` was not believed, and the log says so.
    pub(crate) disbelieved: Once,
    /// Whether the store answers, as it was found last.
    pub(crate) readiness: Readiness,
    /// The tasks of open sockets.
    pub(crate) sockets: TaskTracker,
    pub(crate) leptos: LeptosOptions,
}

impl AppState {
    pub(crate) fn new(chat: Arc<Chat>, config: Config, clock: Clock) -> Self {
        let leptos = crate::assets::leptos_options(&config);
        Self(Arc::new(Shared {
            chat,
            origin: config.own_origin(),
            counters: Counters::default(),
            connections_held: Admission::new(config.limits.connections_per_address),
            sockets_held: Admission::new(config.limits.sockets_per_address),
            requests: Quota::new(REQUESTS, config.limits.rate_limits),
            reading: Arc::new(Quota::new(READING, config.limits.rate_limits)),
            disbelieved: Once::new(),
            readiness: Readiness::default(),
            sockets: TaskTracker::new(),
            leptos,
            clock,
            config,
        }))
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
