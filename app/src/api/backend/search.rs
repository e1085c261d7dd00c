//! Looking for messages.

mod excerpt;

use std::collections::BTreeSet;

use protocol::{Content, ConversationId, ErrorCode, Message, SearchQuery, UserId};

use super::{ApiError, actor, brief, chat, info, refuse};
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
    let ids: BTreeSet<ConversationId> = page.hits.iter().map(|it| it.conversation).collect();
    let conversations = brief::conversations(&chat, &actor, ids)
        .await
        .map_err(refuse)?;
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
