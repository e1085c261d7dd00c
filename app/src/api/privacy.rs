//! What the caller hides from others.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{Privacy, PrivacyField};

use super::ApiError;
use super::caller::PageClient;

/// Hides something, or no longer. What is so already is no error.
#[server(endpoint = "set_privacy", client = PageClient)]
pub async fn set_privacy(
    /// What.
    what: PrivacyField,
    /// Whether it is hidden from now on. A form leaves out what is not ticked.
    #[server(default)]
    hides: bool,
) -> Result<(), ApiError> {
    super::backend::privacy::set_privacy(what, hides).await
}

/// What the caller hides.
#[server(endpoint = "privacy", client = PageClient, input = GetUrl)]
pub async fn own_privacy() -> Result<Privacy, ApiError> {
    super::backend::privacy::own_privacy().await
}
