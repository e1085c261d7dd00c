//! Finding people.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::Person;

use super::ApiError;
use super::caller::PageClient;

/// People whose name begins with the term.
#[server(endpoint = "search_people", client = PageClient, input = GetUrl)]
pub async fn search_people(
    /// What was typed.
    term: String,
) -> Result<Vec<Person>, ApiError> {
    super::backend::search_people(&term).await
}
