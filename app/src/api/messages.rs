//! Reading messages outside the socket.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{ConversationId, Earlier, HistoryPage, Readers, Seq, ThreadPage};

use super::ApiError;
use super::caller::PageClient;

/// The messages from one place to another, the newest [`protocol::limits::PAGE_MESSAGES`] of
/// them.
#[server(endpoint = "history", client = PageClient, input = GetUrl)]
pub async fn history(
    /// Where.
    conversation: ConversationId,
    /// The first place.
    from: Seq,
    /// The last place.
    to: Seq,
) -> Result<HistoryPage, ApiError> {
    super::backend::messages::history(conversation, from, to).await
}

/// What a message said before it was edited, the first text first.
#[server(endpoint = "edits", client = PageClient, input = GetUrl)]
pub async fn edits(
    /// Where.
    conversation: ConversationId,
    /// Its place.
    seq: Seq,
) -> Result<Vec<Earlier>, ApiError> {
    super::backend::messages::edits(conversation, seq).await
}

/// Who has seen a message, and who has not.
#[server(endpoint = "seen_by", client = PageClient, input = GetUrl)]
pub async fn seen_by(
    /// Where.
    conversation: ConversationId,
    /// Its place.
    seq: Seq,
) -> Result<Readers, ApiError> {
    super::backend::messages::seen_by(conversation, seq).await
}

/// The newest answers in a thread, with its root.
#[server(endpoint = "thread", client = PageClient, input = GetUrl)]
pub async fn thread(
    /// Where.
    conversation: ConversationId,
    /// The place of the root.
    root: Seq,
    /// The place that they stand before; empty for the newest of all.
    #[server(default)]
    before: String,
) -> Result<ThreadPage, ApiError> {
    super::backend::messages::thread(conversation, root, &before).await
}
