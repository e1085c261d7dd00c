//! Reading messages outside the socket.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{ConversationId, Earlier, HistoryPage, Seq};

use super::ApiError;

/// The messages from one place to another, the newest [`protocol::limits::PAGE_MESSAGES`] of
/// them.
#[server(endpoint = "history", input = GetUrl)]
pub async fn history(
    /// Where.
    conversation: ConversationId,
    /// The first place.
    from: Seq,
    /// The last place.
    to: Seq,
) -> Result<HistoryPage, ApiError> {
    super::backend::history(conversation, from, to).await
}

/// What a message said before it was edited, the first text first.
#[server(endpoint = "edits", input = GetUrl)]
pub async fn edits(
    /// Where.
    conversation: ConversationId,
    /// Its place.
    seq: Seq,
) -> Result<Vec<Earlier>, ApiError> {
    super::backend::edits(conversation, seq).await
}
