//! Links by which groups are joined.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{
    ConversationId, ConversationSummary, Invitation, Invite, InviteId, InviteToken, Lifetime, Uses,
};
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::caller::PageClient;

/// A link that was just made: its secret is in this answer and in no later one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MadeInvite {
    /// The link.
    pub invite: Invite,
    /// Its secret.
    pub token: InviteToken,
}

/// Makes a link by which a group of the caller is joined.
#[server(endpoint = "make_invite", client = PageClient)]
pub async fn make_invite(
    /// Which group.
    conversation: ConversationId,
    /// How long it holds.
    lifetime: Lifetime,
    /// How many may come by it.
    uses: Uses,
) -> Result<MadeInvite, ApiError> {
    super::backend::invites::make(conversation, (lifetime, uses)).await
}

/// The links of a group of the caller, the oldest first.
#[server(endpoint = "invites", client = PageClient, input = GetUrl)]
pub async fn list_invites(
    /// Which group.
    conversation: ConversationId,
) -> Result<Vec<Invite>, ApiError> {
    super::backend::invites::list(conversation).await
}

/// Ends a link.
#[server(endpoint = "revoke_invite", client = PageClient)]
pub async fn revoke_invite(
    /// Of which group.
    conversation: ConversationId,
    /// Which.
    invite: InviteId,
) -> Result<(), ApiError> {
    super::backend::invites::revoke(conversation, invite).await
}

/// What a link leads to.
#[server(endpoint = "invitation", client = PageClient, input = GetUrl)]
pub async fn load_invitation(
    /// Its secret.
    token: String,
) -> Result<Invitation, ApiError> {
    super::backend::invites::look(&token).await
}

/// Brings the caller into the group of a link. A plain form is redirected to its page.
#[server(endpoint = "join", client = PageClient)]
pub async fn join(
    /// Its secret.
    token: String,
) -> Result<ConversationSummary, ApiError> {
    super::backend::invites::join(&token).await
}
