//! Reminders of messages.

use std::collections::BTreeSet;

use chat::RemindCommand;
use protocol::{ConversationId, SavedPlace, UserId};

use super::saved::said;
use super::{ApiError, actor, brief, chat, info, refuse};
use crate::api::reminders::{ReminderItem, ReminderItems};

pub(in crate::api) async fn list() -> Result<ReminderItems, ApiError> {
    let (chat, actor) = (chat()?, actor()?);
    let reminders = chat.reminders(&actor).await.map_err(refuse)?;
    let readable = reminders.iter().filter(|item| item.message.is_some());
    let ids: BTreeSet<ConversationId> = readable
        .map(|item| item.reminder.place.conversation)
        .collect();
    let conversations = brief::conversations(&chat, &actor, ids)
        .await
        .map_err(refuse)?;
    let is_there = |id: ConversationId| conversations.iter().any(|it| it.id == id);
    let items = reminders.into_iter().map(|item| {
        let is_named = is_there(item.reminder.place.conversation);
        ReminderItem {
            reminder: item.reminder,
            said: said(item.message.as_ref()).filter(|_| is_named),
        }
    });
    let items: Vec<ReminderItem> = items.collect();
    let authors = items
        .iter()
        .filter_map(|item| Some(item.said.as_ref()?.author));
    let authors: BTreeSet<UserId> = authors.collect();
    let authors: Vec<UserId> = authors.into_iter().collect();
    Ok(ReminderItems {
        people: chat.persons(&actor, &authors).await.map_err(refuse)?,
        items,
        conversations,
    })
}

pub(in crate::api) async fn put_aside(place: SavedPlace) -> Result<(), ApiError> {
    let command = RemindCommand {
        asked: None,
        place,
        at: None,
    };
    let now = info()?.now;
    chat()?
        .remind(&actor()?, command, now)
        .await
        .map_err(refuse)
}
