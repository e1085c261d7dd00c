//! Finding people.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::Person;

use super::ApiError;

/// People whose name begins with the term.
#[server(endpoint = "search_people", input = GetUrl)]
pub async fn search_people(
    /// What was typed.
    term: String,
) -> Result<Vec<Person>, ApiError> {
    super::backend::search_people(&term).await
}

/// People by their ids; those that there are not are left out.
#[server(endpoint = "persons", input = GetUrl)]
pub async fn persons(
    /// As by [`super::groups::joined`].
    ids: String,
) -> Result<Vec<Person>, ApiError> {
    super::backend::persons(&ids).await
}
