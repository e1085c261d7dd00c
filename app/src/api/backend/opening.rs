//! A conversation as its page begins.

use protocol::limits::{AROUND_MESSAGES, FIRST_PAINT_MESSAGES};
use protocol::{ConversationId, Seq};

use super::{ApiError, actor, chat, refuse};
use crate::api::conversations::Opened;
use crate::components::permalink::place_in;

pub(in crate::api) async fn conversation(
    id: ConversationId,
    at: &str,
    thread: &str,
) -> Result<Opened, ApiError> {
    let (chat, actor) = (chat()?, actor()?);
    let summary = chat.conversation(&actor, id).await.map_err(refuse)?;
    let page = chat
        .newest(&actor, id, FIRST_PAINT_MESSAGES)
        .await
        .map_err(refuse)?;
    let mut around = None;
    let is_held = |seq: &Seq| page.messages.iter().any(|message| message.seq == *seq);
    if let Some(seq) = place_in(at).filter(|seq| !is_held(seq)) {
        let from = Seq(seq.0.saturating_sub(AROUND_MESSAGES).max(1));
        let to = Seq(seq.0.saturating_add(AROUND_MESSAGES));
        let there = chat.history(&actor, id, from, to).await;
        around = Some((seq, there.map_err(refuse)?));
    }
    let thread = match place_in(thread) {
        Some(root) => {
            let page = chat.thread(&actor, id, root, None).await;
            Some(page.map_err(refuse)?)
        }
        None => None,
    };
    Ok(Opened {
        summary,
        page,
        around,
        thread,
    })
}
