//! The devices that are signed in.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{SessionId, Timestamp};
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::caller::PageClient;

/// A signed-in device as its owner sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeviceSession {
    /// The session.
    pub id: SessionId,
    /// What the device calls itself.
    pub device: String,
    /// When it was signed in.
    pub created_at: Timestamp,
    /// When it was last refreshed.
    pub refreshed_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// The caller's devices, newest first.
#[server(endpoint = "sessions", client = PageClient, input = GetUrl)]
pub async fn sessions() -> Result<Vec<DeviceSession>, ApiError> {
    super::backend::sessions().await
}

/// Signs a device of the caller out.
#[server(endpoint = "end_session", client = PageClient)]
pub async fn end_session(
    /// Which.
    session: SessionId,
) -> Result<(), ApiError> {
    super::backend::end_session(session).await
}

/// Signs all devices of the caller out but the one that asks.
#[server(endpoint = "end_other_sessions", client = PageClient)]
pub async fn end_other_sessions() -> Result<(), ApiError> {
    super::backend::end_other_sessions().await
}
