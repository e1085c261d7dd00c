//! The list, and opening conversations.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{ConversationId, ConversationSummary, HistoryPage, Person, Seq, ThreadPage, UserId};
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::caller::PageClient;

/// Conversations that the server puts into the first HTML; the socket brings the rest.
pub const FIRST_PAINT_CONVERSATIONS: usize = 40;

/// What every page of somebody who is signed in begins with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Start {
    /// Who is signed in.
    pub me: Person,
    /// The newest rows of the list.
    pub conversations: Vec<ConversationSummary>,
}

/// A conversation with its newest messages.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Opened {
    /// Its row of the list.
    pub summary: ConversationSummary,
    /// The newest messages.
    pub page: HistoryPage,
    /// The place that was asked for, and what stands around it.
    #[serde(default)]
    pub around: Option<(Seq, HistoryPage)>,
    /// The newest answers of the thread that was asked for.
    #[serde(default)]
    pub thread: Option<ThreadPage>,
}

/// Who is signed in, and the beginning of their list.
#[server(endpoint = "start", client = PageClient, input = GetUrl)]
pub async fn load_start() -> Result<Start, ApiError> {
    super::backend::start().await
}

/// The caller's conversations, the most recently active first.
#[server(endpoint = "list_conversations", client = PageClient, input = GetUrl)]
pub async fn list_conversations() -> Result<Vec<ConversationSummary>, ApiError> {
    super::backend::list_conversations().await
}

/// A conversation with its newest messages, those around a place, and a thread.
#[server(endpoint = "conversation", client = PageClient, input = GetUrl)]
pub async fn conversation(
    /// Which.
    id: ConversationId,
    /// A place that is to be shown, as in the address of a message; empty for none.
    #[server(default)]
    at: String,
    /// The root of a thread that is to be shown too; empty for none.
    #[server(default)]
    thread: String,
) -> Result<Opened, ApiError> {
    super::backend::opening::conversation(id, &at, &thread).await
}

/// The direct conversation with somebody, made if there is none; with oneself the notes. A
/// plain form is redirected to its page.
#[server(endpoint = "open_direct", client = PageClient)]
pub async fn open_direct(
    /// With whom.
    with: UserId,
) -> Result<ConversationSummary, ApiError> {
    super::backend::open_direct(with).await
}
