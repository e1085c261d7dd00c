//! Reading messages outside the socket.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{ConversationId, HistoryPage, Seq};

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
    super::backend::history(conversation, from, to).await
}
