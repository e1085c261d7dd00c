//! Whom the caller blocks.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{Person, UserId};

use super::ApiError;
use super::caller::PageClient;

/// Blocks somebody, or no longer. What is so already is no error.
#[server(endpoint = "set_blocked", client = PageClient)]
pub async fn set_blocked(
    /// Whom.
    user: UserId,
    /// Whether they are blocked from now on.
    blocks: bool,
) -> Result<(), ApiError> {
    super::backend::blocks::set_blocked(user, blocks).await
}

/// Whom the caller blocks.
#[server(endpoint = "blocked", client = PageClient, input = GetUrl)]
pub async fn blocked() -> Result<Vec<Person>, ApiError> {
    super::backend::blocks::blocked().await
}
