//! Looking for messages.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::SearchPage;

use super::ApiError;
use super::caller::PageClient;

/// Messages that answer a query, at most [`protocol::limits::QUERY_RESULTS`].
#[server(endpoint = "search", client = PageClient, input = GetUrl)]
pub async fn search(
    /// What was typed, see [`protocol::SearchQuery`].
    q: String,
    /// The id of the one conversation to be searched; empty for all.
    #[server(default)]
    #[server(rename = "in")]
    within: String,
    /// Where the page before ended, its `next`; empty for the first page.
    #[server(default)]
    before: String,
) -> Result<SearchPage, ApiError> {
    super::backend::search::search(&q, &within, &before).await
}
