//! Links by which groups are joined.

use protocol::{
    ConversationId, ConversationSummary, ErrorCode, Invitation, Invite, InviteId, InviteToken,
    Lifetime, Uses,
};

use super::{actor, chat, go_to, info, refuse};
use crate::api::ApiError;
use crate::api::invites::MadeInvite;

pub(in crate::api) async fn make(
    conversation: ConversationId,
    terms: (Lifetime, Uses),
) -> Result<MadeInvite, ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let made = chat
        .make_invite(&actor, conversation, terms, info.now)
        .await
        .map_err(refuse)?;
    Ok(MadeInvite {
        invite: made.invite,
        token: made.token,
    })
}

pub(in crate::api) async fn list(conversation: ConversationId) -> Result<Vec<Invite>, ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    chat.invites(&actor, conversation, info.now)
        .await
        .map_err(refuse)
}

pub(in crate::api) async fn revoke(
    conversation: ConversationId,
    invite: InviteId,
) -> Result<(), ApiError> {
    let (chat, actor) = (chat()?, actor()?);
    chat.revoke_invite(&actor, conversation, invite)
        .await
        .map_err(refuse)
}

pub(in crate::api) async fn look(token: &str) -> Result<Invitation, ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let token = secret(token)?;
    chat.invitation(&actor, &token, info.address, info.now)
        .await
        .map_err(refuse)
}

pub(in crate::api) async fn join(token: &str) -> Result<ConversationSummary, ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let token = secret(token)?;
    let summary = chat
        .join(&actor, &token, info.address, info.now)
        .await
        .map_err(refuse)?;
    go_to(&format!("/c/{}", summary.id));
    Ok(summary)
}

/// What cannot be a secret is none that exists.
fn secret(token: &str) -> Result<InviteToken, ApiError> {
    InviteToken::parse(token).map_err(|_| refuse(ErrorCode::NotFound.into()))
}
