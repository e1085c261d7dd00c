//! Looking for messages.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{ConversationId, ConversationSummary, Person, Seq, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::caller::PageClient;

/// A part of a text, in which the words are found or not.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is what was looked for.
    pub found: bool,
}

/// A message that answers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hit {
    /// Where.
    pub conversation: ConversationId,
    /// Its place.
    pub seq: Seq,
    /// Who wrote it.
    pub author: UserId,
    /// When.
    pub sent_at: Timestamp,
    /// What stands around what was found, as it is read: without markup, and nothing of
    /// spoilers.
    pub excerpt: Vec<Piece>,
}

/// What a search has found.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Found {
    /// At most [`protocol::limits::QUERY_RESULTS`], in the order of
    /// [`protocol::SearchPage::hits`].
    pub hits: Vec<Hit>,
    /// Their conversations, as far as they are needed to be named.
    pub conversations: Vec<ConversationSummary>,
    /// Their authors.
    pub people: Vec<Person>,
    /// Where it goes on; `None` if all was searched.
    pub next: Option<String>,
}

/// Messages that answer a query.
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
) -> Result<Found, ApiError> {
    super::backend::search::search(&q, &within, &before).await
}
