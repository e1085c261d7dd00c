//! Messages that wait on the server for their time.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{ConversationId, Scheduled, SendId, Seq, Timestamp};

use super::ApiError;
use super::caller::PageClient;

/// Everything that the caller has scheduled and that was not sent, the earliest first.
#[server(endpoint = "scheduled", client = PageClient, input = GetUrl)]
pub async fn list_scheduled() -> Result<Vec<Scheduled>, ApiError> {
    super::backend::scheduled::list().await
}

/// Lets a message wait for its time. The same again changes nothing.
#[server(endpoint = "schedule", client = PageClient)]
pub async fn schedule(
    /// The caller's id of it, kept through every attempt.
    id: SendId,
    /// Where to.
    conversation: ConversationId,
    /// What it says.
    text: String,
    /// The place of the message that it answers.
    #[server(default)]
    reply_to: Option<Seq>,
    /// When.
    due: Timestamp,
) -> Result<(), ApiError> {
    super::backend::scheduled::schedule(id, conversation, (text, reply_to), due).await
}

/// Gives a message that waits, or was not sent, another time or other words.
#[server(endpoint = "reschedule", client = PageClient)]
pub async fn reschedule(
    /// Which.
    id: SendId,
    /// Where to.
    conversation: ConversationId,
    /// What it says from now on.
    text: String,
    /// The place of the message that it answers.
    #[server(default)]
    reply_to: Option<Seq>,
    /// When.
    due: Timestamp,
) -> Result<(), ApiError> {
    super::backend::scheduled::reschedule(id, conversation, (text, reply_to), due).await
}

/// Sends a message now that waits, or was not sent.
#[server(endpoint = "send_scheduled", client = PageClient)]
pub async fn send_scheduled(
    /// Which.
    id: SendId,
) -> Result<(), ApiError> {
    super::backend::scheduled::send(id).await
}

/// Deletes a message that waits, or was not sent.
#[server(endpoint = "unschedule", client = PageClient)]
pub async fn unschedule(
    /// Which.
    id: SendId,
) -> Result<(), ApiError> {
    super::backend::scheduled::delete(id).await
}
