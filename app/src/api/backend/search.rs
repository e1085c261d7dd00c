//! Looking for messages.

mod excerpt;

use std::collections::BTreeSet;

use chat::{Actor, Chat, ChatError};
use protocol::{
    Content, ConversationId, ConversationKind, ConversationSummary, ErrorCode, Message,
    SearchQuery, UserId,
};

use super::{ApiError, actor, chat, info, refuse};
use crate::api::search::{Found, Hit, Piece};

pub(in crate::api) async fn search(q: &str, within: &str, before: &str) -> Result<Found, ApiError> {
    let query = SearchQuery::parse(q).map_err(|error| refuse(error.into()))?;
    let (chat, actor) = (chat()?, actor()?);
    let malformed = |_| refuse(ErrorCode::Malformed.into());
    let place = match (within, &query.within) {
        ("", None) => None,
        ("", Some(name)) => Some(chat.place_named(&actor, name).await.map_err(refuse)?),
        (id, _) => Some(id.parse().map_err(malformed)?),
    };
    let from = match before {
        "" => None,
        from => Some(from.parse().map_err(malformed)?),
    };
    let page = chat
        .search(&actor, &query, place, from, info()?.now)
        .await
        .map_err(refuse)?;
    let conversations = named(&chat, &actor, &page.hits).await.map_err(refuse)?;
    let is_there = |id: ConversationId| conversations.iter().any(|it| it.id == id);
    let hits = page.hits.iter();
    let hits: Vec<Hit> = hits
        .filter(|message| is_there(message.conversation))
        .map(|message| hit(&query, message))
        .collect();
    let authors: BTreeSet<UserId> = hits.iter().map(|hit| hit.author).collect();
    let authors: Vec<UserId> = authors.into_iter().collect();
    Ok(Found {
        people: chat.persons(&actor, &authors).await.map_err(refuse)?,
        hits,
        conversations,
        next: page.next,
    })
}

/// The conversations of messages. One that the actor is not in any more by now is left out.
async fn named(
    chat: &Chat,
    actor: &Actor,
    hits: &[Message],
) -> Result<Vec<ConversationSummary>, ChatError> {
    let ids: BTreeSet<ConversationId> = hits.iter().map(|message| message.conversation).collect();
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

fn hit(query: &SearchQuery, message: &Message) -> Hit {
    Hit {
        conversation: message.conversation,
        seq: message.seq,
        author: message.author,
        sent_at: message.sent_at,
        excerpt: excerpt_of(query, &message.content),
    }
}

fn excerpt_of(query: &SearchQuery, content: &Content) -> Vec<Piece> {
    let text = match content {
        Content::Text(text) => markup::plain(text.body.as_str()),
        Content::Poll(poll) => poll.words(),
        _ => return Vec::new(),
    };
    excerpt::excerpt(&text, &chat::found_in(query, &text))
}
