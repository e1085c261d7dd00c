//! Saved messages.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{ConversationId, ConversationSummary, Person, SavedPlace, Seq, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::caller::PageClient;

/// A message that can be read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Said {
    /// Who wrote it.
    pub author: UserId,
    /// When.
    pub sent_at: Timestamp,
    /// How it begins, without markup and without what it hides; `None` if it was deleted.
    pub text: Option<String>,
}

/// A saved message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SavedItem {
    /// Where it is.
    pub place: SavedPlace,
    /// What is said; `None` if it cannot be read any more.
    pub said: Option<Said>,
}

/// A page of saved messages.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SavedItems {
    /// At most [`protocol::limits::SAVED_PAGE`], the one saved last first.
    pub items: Vec<SavedItem>,
    /// Their conversations, as far as they are needed to be named.
    pub conversations: Vec<ConversationSummary>,
    /// Their authors.
    pub people: Vec<Person>,
    /// Where it goes on; `None` at the end.
    pub next: Option<String>,
}

/// What the caller has saved.
#[server(endpoint = "saved", client = PageClient, input = GetUrl)]
pub async fn saved(
    /// Where the page before ended, its `next`; empty for the first page.
    #[server(default)]
    before: String,
) -> Result<SavedItems, ApiError> {
    super::backend::saved::saved(&before).await
}

/// A message is not saved any more, for browsers without script. With script the socket says so,
/// see [`crate::live::Live::save`].
#[server(endpoint = "unsave")]
pub async fn unsave(
    /// In which conversation.
    conversation: ConversationId,
    /// Its place.
    seq: Seq,
) -> Result<(), ApiError> {
    super::backend::saved::unsave(SavedPlace { conversation, seq }).await
}
