//! Reading messages, and what is known of them.

use protocol::{ConversationId, Earlier, ErrorCode, HistoryPage, Readers, Seq, ThreadPage};

use super::{ApiError, actor, chat, refuse};
use crate::components::permalink::place_in;

pub(in crate::api) async fn history(
    conversation: ConversationId,
    from: Seq,
    to: Seq,
) -> Result<HistoryPage, ApiError> {
    chat()?
        .history(&actor()?, conversation, from, to)
        .await
        .map_err(refuse)
}

pub(in crate::api) async fn edits(
    conversation: ConversationId,
    seq: Seq,
) -> Result<Vec<Earlier>, ApiError> {
    chat()?
        .edits(&actor()?, conversation, seq)
        .await
        .map_err(refuse)
}

pub(in crate::api) async fn seen_by(
    conversation: ConversationId,
    seq: Seq,
) -> Result<Readers, ApiError> {
    chat()?
        .seen_by(&actor()?, conversation, seq)
        .await
        .map_err(refuse)
}

pub(in crate::api) async fn thread(
    conversation: ConversationId,
    root: Seq,
    before: &str,
) -> Result<ThreadPage, ApiError> {
    let before = match before {
        "" => None,
        before => Some(place_in(before).ok_or_else(|| refuse(ErrorCode::Malformed.into()))?),
    };
    chat()?
        .thread(&actor()?, conversation, root, before)
        .await
        .map_err(refuse)
}
