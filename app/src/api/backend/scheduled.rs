//! Messages that wait for their time.

use chat::ScheduleCommand;
use protocol::{ConversationId, ErrorCode, MessageBody, Scheduled, SendId, Seq, Text, Timestamp};

use super::{actor, chat, info, refuse};
use crate::api::ApiError;

/// A text and the place of what it answers.
type Words = (String, Option<Seq>);

pub(in crate::api) async fn list() -> Result<Vec<Scheduled>, ApiError> {
    let (chat, actor) = (chat()?, actor()?);
    chat.scheduled(&actor).await.map_err(refuse)
}

pub(in crate::api) async fn schedule(
    id: SendId,
    conversation: ConversationId,
    words: Words,
    due: Timestamp,
) -> Result<(), ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let command = command(id, conversation, words, due)?;
    chat.schedule(&actor, command, info.now)
        .await
        .map_err(refuse)
}

pub(in crate::api) async fn reschedule(
    id: SendId,
    conversation: ConversationId,
    words: Words,
    due: Timestamp,
) -> Result<(), ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let command = command(id, conversation, words, due)?;
    chat.reschedule(&actor, command, info.now)
        .await
        .map_err(refuse)
}

pub(in crate::api) async fn send(id: SendId) -> Result<(), ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    chat.send_scheduled(&actor, id, info.now)
        .await
        .map_err(refuse)
}

pub(in crate::api) async fn delete(id: SendId) -> Result<(), ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    chat.unschedule(&actor, id, info.now).await.map_err(refuse)
}

fn command(
    id: SendId,
    conversation: ConversationId,
    (text, reply_to): Words,
    due: Timestamp,
) -> Result<ScheduleCommand, ApiError> {
    let body = MessageBody::parse(&text).map_err(|error| refuse(ErrorCode::from(error).into()))?;
    Ok(ScheduleCommand {
        id,
        conversation,
        text: Text {
            reply_to,
            ..body.into()
        },
        due,
    })
}
