//! Conversations, as far as they are needed to be named.

use std::collections::BTreeSet;

use chat::{Actor, Chat, ChatError};
use protocol::{ConversationId, ConversationKind, ConversationSummary, ErrorCode};

/// These conversations. One that the actor is not in any more by now is left out.
pub(super) async fn conversations(
    chat: &Chat,
    actor: &Actor,
    ids: BTreeSet<ConversationId>,
) -> Result<Vec<ConversationSummary>, ChatError> {
    let mut conversations = Vec::new();
    for id in ids {
        match chat.conversation(actor, id).await {
            Ok(summary) => conversations.push(brief(summary)),
            Err(ChatError::Refused(ErrorCode::NotFound)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(conversations)
}

/// What is needed to say what a conversation is called.
fn brief(summary: ConversationSummary) -> ConversationSummary {
    let members = match summary.kind {
        ConversationKind::Group => Vec::new(),
        ConversationKind::Direct | ConversationKind::Notes => summary.members,
    };
    ConversationSummary {
        members,
        description: None,
        pins: Vec::new(),
        last_message: None,
        ..summary
    }
}
