//! Saved messages.

use std::collections::BTreeSet;

use chat::SaveCommand;
use protocol::{
    Content, ConversationId, ErrorCode, Message, SavedMessage, SavedPlace, Timestamp, UserId,
};

use super::{ApiError, actor, brief, chat, info, refuse};
use crate::api::saved::{Said, SavedItem, SavedItems};

/// Letters of a message that are shown in the list.
const EXCERPT_CHARS: usize = 300;

pub(in crate::api) async fn saved(before: &str) -> Result<SavedItems, ApiError> {
    let (chat, actor) = (chat()?, actor()?);
    let before = match before {
        "" => None,
        before => Some(
            before
                .parse()
                .map_err(|_| refuse(ErrorCode::Malformed.into()))?,
        ),
    };
    let before = before.map(Timestamp::from_millis);
    let page = chat.saved(&actor, before).await.map_err(refuse)?;
    let readable = page.items.iter().filter(|item| item.message.is_some());
    let ids: BTreeSet<ConversationId> = readable.map(|item| item.conversation).collect();
    let conversations = brief::conversations(&chat, &actor, ids)
        .await
        .map_err(refuse)?;
    let is_there = |id: ConversationId| conversations.iter().any(|it| it.id == id);
    let items = page.items.iter();
    // One that the caller is not in any more by now is not named.
    let items: Vec<SavedItem> = items
        .map(|item| SavedItem {
            place: place(item),
            said: said(item.message.as_ref()).filter(|_| is_there(item.conversation)),
        })
        .collect();
    let authors = items
        .iter()
        .filter_map(|item| Some(item.said.as_ref()?.author));
    let authors: BTreeSet<UserId> = authors.collect();
    let authors: Vec<UserId> = authors.into_iter().collect();
    Ok(SavedItems {
        people: chat.persons(&actor, &authors).await.map_err(refuse)?,
        items,
        conversations,
        next: page.next.map(|next| next.millis().to_string()),
    })
}

pub(in crate::api) async fn unsave(place: SavedPlace) -> Result<(), ApiError> {
    let command = SaveCommand {
        asked: None,
        place,
        on: false,
    };
    let now = info()?.now;
    chat()?.save(&actor()?, command, now).await.map_err(refuse)
}

const fn place(item: &SavedMessage) -> SavedPlace {
    SavedPlace {
        conversation: item.conversation,
        seq: item.seq,
    }
}

/// What a row says of a message, if it can be read.
pub(super) fn said(message: Option<&Message>) -> Option<Said> {
    let message = message?;
    let text = match &message.content {
        Content::Text(text) => Some(markup::plain(text.body.as_str())),
        Content::Deleted => None,
        _ => return None,
    };
    Some(Said {
        author: message.author,
        sent_at: message.sent_at,
        text: text.map(|text| text.chars().take(EXCERPT_CHARS).collect()),
    })
}
